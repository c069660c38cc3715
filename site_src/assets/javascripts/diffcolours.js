// Colours the differences on a page. Without scripts, only their signs mark them.

import { h } from "./dom.js";

export function mount() {
  for (const code of document.querySelectorAll("code.language-diff")) {
    const lines = code.textContent.replace(/\n$/, "").split("\n");
    code.replaceChildren(...lines.flatMap((line) => [colour(line), "\n"]));
  }
}

export function colour(line) {
  if (line.startsWith("+ ")) return h("ins", {}, line);
  return line.startsWith("- ") ? h("del", {}, line) : line;
}
