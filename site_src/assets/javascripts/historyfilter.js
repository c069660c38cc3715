// Filters the releases on the page of a history by reason or platform, with the data of the page's JSON. The address contains the
// choice, so that it can be shared, and so that the browser's Back button returns to it.

import { h } from "./dom.js";
import { myPlatform } from "./myplatform.js";
import { fetchJson } from "./site.js";
import { count, visible } from "./text.js";

const MIN_ROWS = 8; // rows

export async function mount() {
  const table = [...document.querySelectorAll(".ri-history > table")].at(-1);
  const rows = [...table.tBodies[0].rows].filter((row) => row.id.startsWith("r-"));
  if (rows.length < MIN_ROWS) return;
  const twin = document.querySelector("link[rel=alternate][type='application/json']").href;
  const history = await fetchJson(twin);
  if (history.releases.length === rows.length) addBoxes(table, rows, history);
}

function addBoxes(table, rows, { states, changes, releases: found, reason_names: reasonNames = {}, platform_names: platformNames = {} }) {
  const releases = found.map((release) => asShown(release, changes[states - 1 - release.states[0]]));
  const status = h("span", { role: "status" });
  const boxes = {
    reason: select("Reason", new Set(releases.flatMap((release) => release.reasons)), reasonNames),
    platform: select("Platform", new Set(releases.flatMap((release) => release.platforms)), platformNames),
  };
  const { reason, platform } = boxes;
  const apply = () => {
    const found = releases.map(
      ({ reasons, platforms }) =>
        (!reason.value || reasons.includes(reason.value)) &&
        // A release without platforms concerns all of them.
        (!platform.value || !platforms.length || platforms.includes(platform.value)),
    );
    rows.forEach((row, at) => {
      row.hidden = !found[at];
      for (let below = row.nextElementSibling; below && !below.id && !below.matches(".m"); below = below.nextElementSibling) {
        below.classList.toggle("ri-hidden", !found[at]);
      }
    });
    for (const month of table.querySelectorAll(".m")) month.hidden = rowsOf(month).every((row) => row.hidden);
    status.textContent = reason.value || platform.value ? `${count(found.filter(Boolean).length, "release")} of ${rows.length.toLocaleString("en")}` : "";
  };
  const read = () => {
    const asked = new URLSearchParams(location.search);
    reason.value = asked.get("reason") ?? "";
    platform.value = asked.get("platform") ?? myPlatform();
    // A value that is not in the list selects nothing.
    for (const box of Object.values(boxes)) if (box.selectedIndex < 0) box.value = "";
    apply();
  };
  for (const [name, box] of Object.entries(boxes)) {
    box.addEventListener("change", () => {
      const url = new URL(location.href);
      if (box.value || name === "platform") url.searchParams.set(name, box.value);
      else url.searchParams.delete(name);
      history.pushState(null, "", url);
      apply();
    });
  }
  addEventListener("popstate", read);
  table.before(h("p", { class: "ri-filter" }, reason, platform.options.length > 2 ? platform : null, status));
  read();
}

// The rows of a month, up to the next.
function rowsOf(month) {
  const found = [];
  for (let row = month.nextElementSibling; row && !row.matches(".m"); row = row.nextElementSibling) if (row.id) found.push(row);
  return found;
}

// A release with one state leaves out what the row of that state contains.
function asShown({ reasons, arrived }, change) {
  return { reasons: reasons ?? change.reasons, platforms: arrived ? Object.keys(arrived) : (change?.platforms ?? []) };
}

function select(name, values, names) {
  const options = [...values].sort().map((value) => h("option", { value }, visible(names[value] ?? value)));
  return h("select", { "aria-label": name }, h("option", { value: "" }, `${name}: all`), options);
}
