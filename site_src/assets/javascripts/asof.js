// The page /as-of/?of=…&on=…: what a tag, or every tag of an image, pointed at on a day.

import { parseAsOf } from "./references.js";
import { mountCopyButtons } from "./copy.js";
import { h, table } from "./dom.js";
import { showExamples } from "./examples.js";
import { imageNamed, loadNames, tagAddress } from "./names.js";
import { comparePage, digestPage, failureText, inSite, root } from "./site.js";
import { digestAt, loadTagStates } from "./tagstates.js";
import { count, minute, visible } from "./text.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WORDS = { "-1": "the registry had no such tag", "-2": "no longer followed", "-3": "its page could not be read" };

export function mount() {
  const form = document.querySelector(".ri-form");
  const place = document.querySelector("[data-ri-asof]");
  const query = new URLSearchParams(location.search);
  const [of, on] = ["of", "on"].map((name) => query.get(name)?.trim() ?? "");
  if (of) form.elements.of.value = of; // without a query, the reader may have begun to type
  if (endOf(on) !== null) form.elements.on.value = on; // a date box accepts nothing else
  if (!of || !on) {
    showExamples(place, ({ image, name, day }) => [name, image].map((asked) => [asOfPage(asked, day), h("code", {}, asked), ` on ${day}`]));
    return;
  }
  document.title = `${visible(of)} as of ${visible(on)} · ${document.title}`;
  const status = h("div", { role: "status" }, h("p", {}, "Looking it up…"));
  place.replaceChildren(status);
  answerTo(of, on)
    .then((parts) => {
      status.replaceChildren(...parts);
      mountCopyButtons(status);
    })
    .catch((error) => status.replaceChildren(h("p", {}, failureText(error))));
}

function asOfPage(of, on) {
  const url = new URL("as-of/", root);
  url.search = new URLSearchParams({ of, on });
  return url;
}

async function answerTo(of, on) {
  const end = endOf(on);
  if (end === null) return problem("“", visible(on), "” is not a date; write it as 2017-06-01.");
  const names = await loadNames();
  const [name, tag] = split(of);
  const image = imageNamed(names, name);
  if (!image) return problem("The archive has no image ", h("code", {}, visible(name)), ".");
  const states = await loadTagStates(image.address);
  const found = new Map(Object.entries(states.tags).map(([tag, steps]) => [tag, stateAt(steps, end)]));
  if (tag === null) return ofImage(names, image, states, found, on);
  if (!found.has(tag)) return problem("The archive has no tag ", h("code", {}, visible(`${image.name}:${tag}`)), ".");
  return ofTag(names, image, tag, states, found.get(tag), on);
}

// The end of a day, in seconds since 1970; null if the text is not a day of the calendar.
function endOf(day) {
  try {
    return DAY.test(day) ? Date.parse(parseAsOf(day)) / 1000 : null;
  } catch {
    return null;
  }
}

function problem(...words) {
  return [h("p", {}, words)];
}

// Splits `python:3.6` into image and tag. The colon of a port is followed by a slash.
function split(of) {
  const [, name, tag] = /^(.+?)(?::([^:/]+))?$/s.exec(of);
  return [name, tag ?? null];
}

// The last state that had begun by then: {since, place}, or null if the tag was not known yet.
export function stateAt(steps, end) {
  let found = null;
  let since = 0;
  for (const [seconds, place] of steps) {
    since += seconds;
    if (since > end) break;
    found = { since: new Date(since * 1000).toISOString(), place };
  }
  return found;
}

function ofTag(names, image, tag, states, found, on) {
  const name = `${image.name}:${tag}`;
  const link = h("a", { href: inSite(tagAddress(names, image, tag)) }, h("code", {}, name));
  if (!found) return problem(link, ` was not known on ${on}.`);
  if (found.place < 0) return problem(link, ` had no image on ${on}: ${WORDS[found.place]}, since ${minute(found.since)}.`);
  const digest = digestAt(states, found.place);
  return [
    h("p", {}, link, ` pointed at `, h("a", { href: digestPage(digest) }, h("code", { class: "d" }, digest)), ` on ${on}, since ${minute(found.since)}.`),
    h("pre", {}, h("code", {}, `${name}@${digest}`)),
    h("pre", {}, h("code", {}, `docker pull ${name}@${digest}`)),
    h("p", {}, h("a", { href: comparePage(`${name}@${on}`, name) }, "What changed since")),
  ];
}

function ofImage(names, image, states, found, on) {
  const order = [...image.tags, ...image.gone];
  const there = order.map((tag) => [tag, found.get(tag)]).filter(([, state]) => state && state.place >= 0);
  if (!there.length) return problem("No tag of ", h("code", {}, image.name), ` had an image on ${on}.`);
  const pins = there.map(([tag, { place }]) => `${image.name}:${tag}@${digestAt(states, place)}`);
  const rows = there.map(([tag, { since, place }]) => [
    h("a", { href: inSite(tagAddress(names, image, tag)) }, h("code", {}, tag)),
    minute(since),
    h("a", { href: digestPage(digestAt(states, place)) }, h("code", { class: "d" }, digestAt(states, place))),
  ]);
  const file = URL.createObjectURL(new Blob([`${pins.join("\n")}\n`], { type: "text/plain" }));
  const name = `${image.name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}-${on}.txt`;
  return [
    h("h2", {}, `${count(there.length, "tag")} of `, h("code", {}, image.name), ` on ${on}`),
    h("p", {}, h("a", { href: file, download: name }, "Download the list"), ", or copy it: one line per tag, ", h("code", {}, "name:tag@digest"), "."),
    h("div", { class: "ri-pins" }, h("pre", {}, h("code", { tabindex: "0" }, pins.join("\n")))),
    table(["Tag", "Since", "Digest"], rows),
  ];
}
