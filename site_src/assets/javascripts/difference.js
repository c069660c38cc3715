// The modules that show the change of a history's row; loaded when a reader is about to ask for it.

export { packagesOf, renderChange } from "./changes.js";
export { changeBetween } from "./histories.js";
export { line } from "./values.js";
