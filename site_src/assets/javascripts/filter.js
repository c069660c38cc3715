// A box above each long list on the page of an image and on the home page, which shows only the rows that match the typed text.

import { h } from "./dom.js";
import { count } from "./text.js";

const FROM = 12; // rows; shorter lists are read faster than filtered

export function mount() {
  for (const table of document.querySelectorAll(".ri-image > table, .ri-home > #all-images ~ table")) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length >= FROM && table.previousElementSibling) addBox(table, rows);
  }
}

function addBox(table, rows) {
  const heading = table.previousElementSibling.closest("h2") ?? previousHeading(table);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const said = h("span", { role: "status" });
  const input = h("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${heading?.textContent ?? "rows"}` });
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = texts.map((text) => words.every((word) => text.includes(word)));
    rows.forEach((row, at) => (row.hidden = !found[at]));
    said.textContent = words.length ? `${count(found.filter(Boolean).length, "row")} of ${rows.length.toLocaleString("en")}` : "";
  });
  table.before(h("p", { class: "ri-filter" }, input, said));
}

function previousHeading(element) {
  for (let before = element; before; before = before.previousElementSibling) if (before.matches("h2")) return before;
  return null;
}
