// Digests in the text of a page lead to what the site knows of them. The page for that needs scripts, so the links do too.

import { h } from "./dom.js";
import { digestPage } from "./site.js";

export function mount() {
  for (const code of document.querySelectorAll("article code.d")) {
    if (code.closest("a")) continue;
    const link = h("a", { href: digestPage(code.textContent) });
    code.replaceWith(link);
    link.append(code);
  }
}
