// Adds to each release on the page of a tag or a history, and to each state below it, a button that shows its change in place, and a
// link to the comparison with the current state.

import { h } from "./dom.js";
import { DIFFERENCE, load } from "./modules.js";
import { comparePage, failureText, inSite } from "./site.js";

export function mount() {
  const list = document.querySelector(":is(.ri-tag, .ri-history) h2[id$='changes'] ~ table");
  const name = document.querySelector("h1").textContent.replace(/^History of /, "");
  const address = historyAddress();
  if (!list || !address) return;
  // The two dozen files that show changes are loaded only when a reader points at the table.
  for (const event of ["pointerover", "focusin"]) list.addEventListener(event, () => load(DIFFERENCE).catch(() => {}), { once: true });
  const rows = [...list.tBodies[0].rows].filter((row) => !row.matches(".s, .m"));
  const states = [...list.querySelectorAll(".s tbody > tr")];
  const now = currentDigest([...rows, ...states]);
  for (const head of list.querySelectorAll("thead")) head.rows[0].append(h("th", { scope: "col" }, "Change"));
  for (const cell of list.querySelectorAll(".s > td, .m > th")) cell.colSpan += 1;
  for (const row of rows) addControls(row, { first: openingOf(row), newest: { digest: digestOf(row) }, name, address, now });
  for (const row of states) addControls(row, { ...only(stateOf(row)), name, address, now });
  const row = rowAsked([...rows, ...states]);
  if (row) openRow(row);
  else if (/^#(?:at|r)-[0-9a-f]/.test(location.hash) && !document.getElementById(location.hash.slice(1))) goOn(list, address);
}

// The row of the change at the time in the address, as in links from packages: `#at-2017-11-04T19:49:27Z`.
function rowAsked(rows) {
  const asked = /^#at-(\d{4}-\d\d-\d\dT\d\d:\d\d)/.exec(location.hash)?.[1].replace("T", " ");
  return asked && rows.find((row) => whenOf(row) === asked);
}

function openRow(row) {
  row.closest("details")?.setAttribute("open", "");
  row.querySelector("button.ri-show")?.click();
  row.scrollIntoView();
}

// Looks for a change or a release on the page with older ones: the history of a tag, or the next part of a very long history.
function goOn(list, address) {
  const isTag = document.querySelector("article.ri-tag");
  const next = isTag ? inSite(address) : list.nextElementSibling?.querySelector(":scope > a");
  if (next) location.replace(new URL(location.hash, next.href));
}

// The address of the tag's history.
function historyAddress() {
  const twin = document.querySelector("link[rel=alternate][type='application/json']")?.getAttribute("href");
  const address = decodeURI(/(?:^|\/)api\/v1\/(repos\/.+)\.json$/.exec(twin ?? "")?.[1] ?? "");
  if (!address || document.querySelector("article.ri-tag")) return address && `${address}/history/`;
  return `${address.replace(/\/\d+$/, "")}/`;
}

// The digest that the tag points at: the page of a tag names it, and a history has it in its newest row. An older part of a very
// long history does not have it.
function currentDigest(rows) {
  if (/\/history\/\d+\/$/.test(location.pathname)) return null;
  const named = [...document.querySelectorAll("article.ri-tag pre code")].map((code) => /@(\w+:[0-9a-f]+)\s*$/.exec(code.textContent)?.[1]);
  // A row of several states has the time of the first and the digest of the last, which a row below it has as well.
  const newest = rows.filter(digestOf).sort((left, right) => (whenOf(left) < whenOf(right) ? 1 : -1))[0];
  return named.find(Boolean) ?? (newest && digestOf(newest));
}

function whenOf(row) {
  return row.cells[0].textContent.trim();
}

function digestOf(row) {
  return row.querySelector(":scope > td > a > code.d, :scope > td > code.d")?.textContent;
}

function only(state) {
  return { first: state, newest: state };
}

function stateOf(row) {
  return { when: whenOf(row), digest: digestOf(row) };
}

// The first state of a release: the name of its row begins with the first digits of the digest.
function openingOf(row) {
  const digits = /^r-([0-9a-f]+)/.exec(row.id)?.[1];
  return digits ? { when: whenOf(row), digits } : stateOf(row);
}

// Adds the button and the link to a row. `first`, `newest`: the arguments of `changeBetween`; `now`: the current digest.
export function addControls(row, { first, newest, name, address, now }) {
  const cell = row.insertCell();
  if (!newest.digest) return;
  const when = whenOf(row);
  const button = h("button", { type: "button", class: "ri-show", "aria-expanded": "false", "aria-label": `Show the change of ${when}` }, "Show");
  let shown = null;
  button.addEventListener("click", () => {
    shown ??= addChange(row, { first, newest }, address, name);
    shown.hidden = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!shown.hidden));
    button.textContent = shown.hidden ? "Show" : "Hide";
  });
  cell.append(button);
  // The newest is the current state.
  if (newest.digest === now) return;
  const question = comparePage(`${name}@${newest.digest}`, name);
  cell.append(" ", h("a", { class: "ri-show", href: question, "aria-label": `Compare ${when} with now` }, "To now"));
}

// The words of a release without the bases at their end.
function summaryOf(cell) {
  const label = cell.querySelector(":scope > strong:first-child")?.textContent ?? "";
  const rest = cell.textContent.slice(label.length).split(" · base ")[0].trim();
  if (!rest) return label;
  if (label.includes("platform")) return `${label}${/^\d/.test(label) ? ";" : ":"} ${rest}`;
  if (label === "base" && /^(\S+ )?moved/.test(rest)) return `${label} image ${rest}`;
  if (label === "rebuilt" && rest.startsWith("with ")) return `${label} ${rest}`;
  if (label === "rebuilt" && rest.startsWith("same ")) return `${label}, ${rest}`;
  if (label === "metadata" && rest.startsWith("same ")) return `only ${label}: ${rest}`;
  return label === "back" ? `${label}, ${rest}` : rest;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function addChange(row, { first, newest }, address, name) {
  const cell = h("td", { colspan: row.cells.length, class: "ri-change" }, "Loading…");
  const added = h("tr", {}, cell);
  const summary = summaryOf(row.cells[1]);
  row.after(added);
  load(DIFFERENCE)
    .then(async ({ line, packagesOf, renderChange, changeBetween }) => {
      const { row, last, change } = await changeBetween(address, first, newest);
      const packages = packagesOf(change);
      const question = last && comparePage(`${name}@${last.digest}`, `${name}@${row.digest}`);
      cell.replaceChildren(
        h("p", {}, h("strong", {}, line((first === newest && row.summary) || summary))),
        ...renderChange(change),
        question ? h("p", {}, packages.includes("unknown") ? `${sentence(packages)} ` : "", h("a", { href: question }, "This comparison on its own page")) : "",
      );
    })
    .catch((error) => cell.replaceChildren(failureText(error, "The change")));
  return added;
}
