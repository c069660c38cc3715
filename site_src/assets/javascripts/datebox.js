// A date box on the page of a tag or an image, which leads to its state on that day. It is beside the title if there is room,
// otherwise at the end: so nothing moves when it appears, and the keyboard reaches it in visual order.

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
