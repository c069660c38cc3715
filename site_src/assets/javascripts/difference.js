// All that shows what a row of a history changed; loaded when somebody is about to ask for it.

export { renderChange } from "./changes.js";
export { rowChange } from "./histories.js";
export { line } from "./values.js";
