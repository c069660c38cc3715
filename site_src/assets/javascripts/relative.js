// Adds to every time how long ago it was: as text in sentences, as a title elsewhere.

import { h } from "./dom.js";

const TIME = /\b(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d)(?: UTC)?)?(?![\w-])/;
const NOT_IN = "pre, code, time, svg, h1, h2, h3, button, select, label";
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const format = new Intl.RelativeTimeFormat("en");

// `8 years ago`, or null if the text is not a time. For a day, its last moment counts.
export function ago(day, clock, now = Date.now()) {
  const seconds = (Date.parse(`${day}T${clock ?? "23:59"}Z`) - now) / 1000;
  if (Number.isNaN(seconds)) return null;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
  if (!clock && !["year", "month", "day"].includes(unit)) return "today";
  return unit ? format.format(Math.trunc(seconds / length), unit) : "just now";
}

function mark(place) {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.currentNode; text; text = texts.nextNode()) {
    if (text.nodeType === Node.TEXT_NODE && TIME.test(text.data) && !text.parentElement?.closest(NOT_IN)) found.push(text);
  }
  for (const text of found) markIn(text);
}

function markIn(text) {
  const { 0: whole, 1: day, 2: clock, index } = TIME.exec(text.data) ?? [""];
  const words = whole && ago(day, clock);
  if (!words) return;
  const written = text.splitText(index);
  const rest = written.splitText(whole.length);
  const time = h("time", { datetime: clock ? `${day}T${clock}Z` : day, title: words });
  written.replaceWith(time);
  time.append(written);
  // Days need no text, and tables and lists have no room for it.
  if (clock && time.closest("p") && !time.closest("li")) (time.closest("strong") ?? time).after(h("span", { class: "ri-ago" }, ` (${words})`));
  markIn(rest);
}

export function mount(place) {
  mark(place);
  // Marks later content as well: opened changes, answers. The added text contains no time, so this ends.
  new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach(mark))).observe(place, { childList: true, subtree: true });
}
