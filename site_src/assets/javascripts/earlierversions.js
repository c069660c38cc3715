// Makes the versions that no tag has now links to the look-up. It needs scripts, so scripts make the links.

import { h } from "./dom.js";
import { packagePage } from "./packages.js";

export function mount(article) {
  const everyVersion = article.querySelector("a[href*='/package/?q=']");
  const source = new URL(everyVersion.href).searchParams.get("q");
  for (const item of article.querySelectorAll("ul > li")) {
    const days = item.textContent.lastIndexOf(" (");
    const version = item.textContent.slice(0, days);
    item.replaceChildren(h("a", { href: packagePage(`${source}@${version}`) }, version), item.textContent.slice(days));
  }
}
