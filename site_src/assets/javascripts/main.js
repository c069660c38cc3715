// The entry. It loads only the modules that are needed: search when its box gets the focus, the others if the page has a place for
// them.

import { mountCopyButtons } from "./copy.js";
import { mountColours } from "./colours.js";
import { COMPARISON, DIGEST, PACKAGE, SEARCH, WHY, load } from "./modules.js";

mountColours(document.querySelector(".ri-header > div"));
const article = document.querySelector("article");
mountCopyButtons(article);

// Queries are not words of a language, so browsers should not correct them.
const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
for (const input of document.querySelectorAll(".ri-search input, .ri-form :is(input, textarea)")) {
  for (const [name, value] of Object.entries(plain)) input.setAttribute(name, value);
}

const box = document.querySelector(".ri-search input");
box.addEventListener("focus", () => load(SEARCH).then((module) => module.mountSearchBox(box)), { once: true });
document.addEventListener("keydown", (event) => {
  if (!["/", "s", "f"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});
if (document.activeElement === box) box.dispatchEvent(new Event("focus"));

const places = {
  "article:not(.ri-prose), [data-ri-asof], [data-ri-digest], [data-ri-package], [data-ri-compare], [data-ri-why], [data-ri-notfound]": () => import("./relative.js"),
  "article table, [data-ri-asof], [data-ri-digest], [data-ri-package], [data-ri-compare], [data-ri-why]": () => import("./widetables.js"),
  "main > a": () => import("./lastlook.js"),
  "code.d": () => import("./digestlinks.js"),
  ".ri-tag h2#platforms + table a": () => import("./myplatform.js"),
  ".ri-history > table": () => import("./historyfilter.js"),
  ":is(.ri-image, .ri-home) > :is(table, .ri-more)": () => import("./filter.js"),
  ":is(.ri-tag, .ri-image) > h1": () => import("./datebox.js"),
  ".ri-package > ul": () => import("./earlierversions.js"),
  ".ri-platform > ul + p": () => import("./fromtag.js"),
  ".md-version": () => import("./editions.js"),
  "[data-ri-asof]": () => import("./asof.js"),
  "[data-ri-digest]": () => load(DIGEST),
  "[data-ri-package]": () => load(PACKAGE),
  "[data-ri-notfound]": () => import("./notfound.js"),
  "code.language-diff": () => import("./diffcolours.js"),
  "[data-ri-compare]": () => load(COMPARISON),
  "[data-ri-why]": () => load(WHY),
  ":is(.ri-tag, .ri-history) h2[id$='changes'] ~ table": () => import("./historytable.js"),
};
for (const [selector, asked] of Object.entries(places)) {
  if (document.querySelector(selector)) asked().then((module) => module.mount(article));
}
