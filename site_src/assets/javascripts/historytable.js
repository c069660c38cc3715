// The list of changes on the page of a tag and of its history: each row gets a button that shows its change in place, and a
// link to the comparison with the current state.

import { h } from "./dom.js";
import { DIFFERENCE, load } from "./modules.js";
import { comparePage } from "./site.js";

export function mount() {
  const list = document.querySelector(":is(.ri-tag, .ri-history) > h2[id$='changes'] ~ table");
  const name = document.querySelector("h1").textContent.replace(/^History of /, "");
  const address = historyAddress();
  if (!list || !address) return;
  list.tHead.rows[0].append(h("th", { scope: "col" }, "Difference"));
  // Only a reader who points at the table loads the two dozen files that show changes.
  for (const event of ["pointerover", "focusin"]) list.addEventListener(event, () => load(DIFFERENCE).catch(() => {}), { once: true });
  for (const [at, row] of [...list.tBodies[0].rows].entries()) addControls(row, at, name, address);
}

// The address of the history, or of its part, on this page.
function historyAddress() {
  const twin = document.querySelector("link[rel=alternate][type='application/json']")?.getAttribute("href");
  const address = /(?:^|\/)api\/v1\/(repos\/.+)\.json$/.exec(twin ?? "")?.[1];
  if (!address) return null;
  return decodeURI(document.querySelector("article.ri-tag") ? `${address}/history/` : `${address}/`);
}

function addControls(row, at, name, address) {
  const isNewest = at === 0 && address.endsWith("/history/"); // and not an older part of it
  const digest = row.querySelector("code.d")?.textContent;
  const cell = row.insertCell();
  if (!digest) return;
  const when = row.cells[0].textContent.trim();
  const button = h("button", { type: "button", class: "ri-show", "aria-expanded": "false", "aria-label": `Show the change of ${when}` }, "Show");
  let shown = null;
  button.addEventListener("click", () => {
    shown ??= addChange(row, address, at, name);
    shown.hidden = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!shown.hidden));
    button.textContent = shown.hidden ? "Show" : "Hide";
  });
  cell.append(button);
  // The newest is the current state.
  if (isNewest) return;
  const toNow = h("a", { class: "ri-show", href: comparePage(`${name}@${digest}`, name), "aria-label": `Compare ${when} with now` }, "To now");
  cell.append(" ", toNow);
}

function addChange(row, address, at, name) {
  const cell = h("td", { colspan: row.cells.length, class: "ri-change" }, "Loading…");
  const added = h("tr", {}, cell);
  row.after(added);
  load(DIFFERENCE)
    .then(async ({ line, renderChange, rowChange }) => {
      const { row, last, change } = await rowChange(address, at);
      const question = last && comparePage(`${name}@${last.digest}`, `${name}@${row.digest}`);
      cell.replaceChildren(
        h("p", {}, h("strong", {}, line(row.summary))),
        ...renderChange(change),
        question ? h("p", {}, h("a", { href: question }, "This difference on a page of its own")) : "",
      );
    })
    .catch(() => cell.replaceChildren("The change could not be loaded. Is the network there?"));
  return added;
}
