// On the page of a tag or an image: a box for a day, which leads to what it was then. Where there is room it
// stands beside the title, else it comes last: nothing moves when it comes, and keys reach it where the eye does.

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
  if (matchMedia("(min-width: 45em)").matches) heading.after(form);
  else heading.parentElement.append(form);
}
