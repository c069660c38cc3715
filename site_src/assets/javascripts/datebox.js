// On the page of a tag or an image: a box for a day, which leads to what it was then. It comes last, and stands beside the
// title where there is room, so that nothing moves when it comes.

import { h } from "./dom.js";
import { inSite } from "./site.js";

export function mount() {
  const heading = document.querySelector("article h1");
  const input = h("input", { name: "on", type: "date", required: true, "aria-label": "The day, in UTC" });
  const form = h(
    "form",
    { class: "ri-filter ri-asof", action: inSite("as-of/") },
    h("label", {}, "As of ", input),
    h("input", { type: "hidden", name: "of", value: heading.textContent.trim() }),
    h("button", { type: "submit", class: "ri-show" }, "Show"),
  );
  heading.parentElement.append(form);
}
