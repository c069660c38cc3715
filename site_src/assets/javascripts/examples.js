// Examples to click on the pages of look-ups. They are about a tag of this archive, which the JSON of the home page names.

import { h } from "./dom.js";
import { fetchJson } from "./site.js";

// Puts a line of links at the beginning of a page. `linksOf(example)` returns the address and the words of each link.
export async function showExamples(place, linksOf) {
  const { example } = await fetchJson("api/v1/index.json").catch(() => ({}));
  if (!example) return;
  const links = linksOf({ ...example, name: `${example.image}:${example.tag}` });
  const parts = links.flatMap(([href, ...words]) => [" · ", h("a", { href }, words)]).slice(1);
  place.prepend(h("p", { class: "ri-examples" }, "For example: ", parts));
}
