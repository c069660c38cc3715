// A page that looks up the query of its form, /…/?q=…, and shows the answer in place of its introduction.

import { h } from "./dom.js";
import { failureText } from "./site.js";
import { visible } from "./text.js";

// `answerTo(query)` resolves to the parts of the answer.
export function mountLookup(place, answerTo) {
  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  if (!query) return;
  document.querySelector(".ri-form input").value = query;
  document.title = `${visible(query)} · ${document.title}`;
  const answer = h("div", { role: "status" }, h("p", {}, "Looking it up…"));
  place.replaceChildren(answer);
  answerTo(query)
    .then((parts) => answer.replaceChildren(...parts))
    .catch((error) => answer.replaceChildren(h("p", {}, failureText(error, "The index"))));
}
