// Filters the rows of a history page by reason or platform. The page's JSON twin has the data of each row.

import { h } from "./dom.js";
import { fetchJson } from "./site.js";
import { count, visible } from "./text.js";

const FROM = 8; // rows

export async function mount() {
  const table = [...document.querySelectorAll(".ri-history > table")].at(-1);
  const rows = [...table.tBodies[0].rows];
  if (rows.length < FROM) return;
  const twin = document.querySelector("link[rel=alternate][type='application/json']").href;
  const history = await fetchJson(twin);
  if (history.changes.length === rows.length) addBoxes(table, rows, history);
}

function addBoxes(table, rows, { changes, reason_names: reasonNames = {}, platform_names: platformNames = {} }) {
  const said = h("span", { role: "status" });
  const reason = select("Reason", new Set(changes.flatMap((change) => change.reasons)), reasonNames);
  const platform = select("Platform", new Set(changes.flatMap((change) => change.platforms ?? [])), platformNames);
  const apply = () => {
    const found = changes.map(
      (change) =>
        (!reason.value || change.reasons.includes(reason.value)) &&
        // A change without platforms applies to all of them.
        (!platform.value || !change.platforms || change.platforms.includes(platform.value)),
    );
    rows.forEach((row, at) => {
      row.hidden = !found[at];
      const opened = row.nextElementSibling;
      if (opened?.querySelector(":scope > .ri-change")) opened.classList.toggle("ri-hidden", !found[at]);
    });
    said.textContent = reason.value || platform.value ? `${count(found.filter(Boolean).length, "change")} of ${rows.length.toLocaleString("en")}` : "";
  };
  for (const box of [reason, platform]) box.addEventListener("change", apply);
  table.before(h("p", { class: "ri-filter" }, reason, platform.options.length > 2 ? platform : null, said));
}

function select(name, values, names) {
  const options = [...values].sort().map((value) => h("option", { value }, visible(names[value] ?? value)));
  return h("select", { "aria-label": name }, h("option", { value: "" }, `${name}: all`), options);
}
