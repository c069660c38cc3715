// Makes digests in the text of a page links to the digest page. That page needs scripts, so scripts make the links.

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
