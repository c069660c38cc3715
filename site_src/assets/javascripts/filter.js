// A box above each long list on the page of an image and on the home page, which shows only the rows that match the typed text.
// The address contains the text, `?tags=slim`, so that a filtered list can be shared.

import { h } from "./dom.js";
import { count } from "./text.js";

const MIN_ROWS = 12; // a shorter list needs no filter

export function mount() {
  for (const heading of document.querySelectorAll(".ri-image > h2, .ri-home > #all-images")) {
    const parts = partsOf(heading);
    const rows = parts.flatMap((part) => [...part.querySelectorAll("tbody > tr")]);
    if (rows.length >= MIN_ROWS) addBox(heading, parts, rows);
  }
}

// The tables of a section, and its folds.
function partsOf(heading) {
  const found = [];
  for (let next = heading.nextElementSibling; next && !next.matches("h2"); next = next.nextElementSibling) {
    if (next.matches("table, details.ri-more")) found.push(next);
  }
  return found;
}

function addBox(heading, parts, rows) {
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const status = h("span", { role: "status" });
  const input = h("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${heading.textContent}` });
  const folds = parts.filter((part) => part.matches("details"));
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = texts.map((text) => words.every((word) => text.includes(word)));
    rows.forEach((row, at) => (row.hidden = !found[at]));
    for (const fold of folds) fold.open = words.length > 0;
    status.textContent = words.length ? `${count(found.filter(Boolean).length, "row")} of ${rows.length.toLocaleString("en")}` : "";
  };
  input.addEventListener("input", () => {
    apply();
    keep(heading.id, input.value.trim());
  });
  parts[0].before(h("p", { class: "ri-filter" }, input, status));
  input.value = new URLSearchParams(location.search).get(heading.id) ?? "";
  if (input.value) apply();
}

function keep(name, value) {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}
