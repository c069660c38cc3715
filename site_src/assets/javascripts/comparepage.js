// The page /compare/?from=…&to=…: compares any two states, in the browser.

import { Problem, parseAsked } from "./references.js";
import { headlineOf, renderChange } from "./changes.js";
import { ComboBox } from "./combobox.js";
import { mountCopyButtons } from "./copy.js";
import { compareStates } from "./differ/differ.js";
import { tagAddress as addressOf } from "./digests.js";
import { h } from "./dom.js";
import { showExamples } from "./examples.js";
import { loadNames } from "./names.js";
import { loadPackages } from "./packagelists.js";
import { platformFates } from "./platformfates.js";
import { findTarget } from "./targets.js";
import { suggestSides } from "./sides.js";
import { comparePage, failureText, inSite } from "./site.js";
import { loadState } from "./states.js";
import { minute, visible } from "./text.js";
import { digestLink } from "./values.js";

const SIDES = { from: "From", to: "To" };
const MAX_TAGS = 8;

export function mount() {
  const form = document.querySelector(".ri-compare");
  const place = document.querySelector("[data-ri-compare]");
  const query = new URLSearchParams(location.search);
  for (const name of Object.keys(SIDES)) mountBox(form, form.elements[name], query.get(name)?.trim() ?? "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(comparePage(form.elements.from.value.trim(), form.elements.to.value.trim()));
  });
  const swap = h("button", { type: "button" }, "Swap");
  swap.addEventListener("click", () => location.assign(comparePage(form.elements.to.value.trim(), form.elements.from.value.trim())));
  form.querySelector("button").after(swap);
  loadNames().catch(() => {}); // before the first key
  if (query.get("from") && query.get("to")) answer(form, place);
  else showExamples(place, ({ name, day }) => [[comparePage(`${name}@${day}`, name), "what changed in ", h("code", {}, name), ` since ${day}`]]);
}

function mountBox(form, input, value) {
  if (value) input.value = value; // without a value, the reader may have begun to type
  const box = new ComboBox(input, {
    id: `ri-${input.name}`,
    label: "Suggestions",
    suggest: suggestSides,
    choose: ({ title }) => {
      input.value = title;
      if (title.endsWith(":")) box.update();
      else box.close();
    },
    enter: () => form.requestSubmit(),
  });
  if (document.activeElement === input) box.update();
}

async function answer(form, place) {
  const asked = { from: form.elements.from.value, to: form.elements.to.value };
  document.title = `${visible(asked.from)} → ${visible(asked.to)} · ${document.title}`;
  const status = h("div", { role: "status" }, h("p", {}, "Looking it up…"));
  place.replaceChildren(status);
  try {
    const sides = await Promise.all(Object.keys(SIDES).map((name) => resolve(name, asked[name])));
    const problems = sides.filter(({ problem }) => problem);
    for (const { name } of problems) form.elements[name].setAttribute("aria-invalid", "true");
    const parts = problems.length ? problems.map((side) => renderProblem(side, asked)) : await renderComparison(sides);
    status.replaceChildren(...parts);
    mountCopyButtons(status);
  } catch (error) {
    status.replaceChildren(h("p", {}, failureText(error)));
  }
}

// {name, found} or {name, problem}.
async function resolve(name, text) {
  try {
    return { name, found: await findTarget(parseAsked(text)) };
  } catch (problem) {
    if (problem instanceof Problem) return { name, problem };
    throw problem;
  }
}

function renderProblem({ name, problem: { message, hint, instead } }, asked) {
  const target = instead && comparePage(...Object.keys(SIDES).map((side) => (side === name ? instead : asked[side])));
  return h(
    "p",
    { class: "ri-problem" },
    h("strong", {}, `${SIDES[name]}: `),
    visible(message),
    hint || instead ? `. ${sentence(visible(hint || "Did you mean:"))}` : ".",
    instead ? [" ", h("a", { href: target }, h("code", {}, visible(instead)))] : null,
  );
}

function sentence(text) {
  return text[0].toUpperCase() + text.slice(1);
}

async function renderComparison(sides) {
  const states = await Promise.all(sides.map(({ found }) => loadState(found.imageAddress, found.number)));
  await loadPackages(...states);
  const change = compareStates(...states);
  const [from, to] = sides.map(({ found }) => found);
  const fates = await platformFates({ from, to }, change);
  return [
    h("div", { class: "ri-sides" }, sides.map(renderSide)),
    h("h2", {}, "What changed"),
    h("p", {}, h("strong", {}, headlineOf(change, fates))),
    ...renderChange(change, fates),
  ];
}

function renderSide({ name, found }) {
  const { image, tag, digest } = found;
  const pin = `${image}${tag ? `:${tag}` : ""}@${digest}`;
  return h(
    "section",
    {},
    h("h2", {}, `${SIDES[name]} `, h("code", {}, tag ? `${image}:${tag}` : image)),
    h("p", {}, digestLink(digest)),
    tag ? ofTag(found) : ofDigest(found),
    h("pre", {}, h("code", {}, pin)),
  );
}

function ofTag({ since, until, tagAddress }) {
  return h(
    "p",
    {},
    until ? `From ${minute(since)} until ${minute(until)}` : `Since ${minute(since)}`,
    ": ",
    h("a", { href: inSite(tagAddress) }, "the tag"),
    ", ",
    h("a", { href: inSite(`${tagAddress}history/`) }, "its history"),
  );
}

// The tags that have or had the digest, newest first.
function ofDigest({ image, where }) {
  const tags = where.flatMap(({ tags, from, until, addresses }) => tags.map((tag) => ({ tag, from, until, addresses })));
  const more = tags.length - MAX_TAGS + where.reduce((sum, use) => sum + use.more, 0);
  const items = tags.slice(0, MAX_TAGS).map(({ tag, from, until, addresses }) => {
    const link = h("a", { href: inSite(addressOf(image, tag, addresses)) }, h("code", {}, `${image}:${tag}`));
    return h("li", {}, link, until ? ` from ${minute(from)} until ${minute(until)}` : ` since ${minute(from)}`);
  });
  return h("ul", {}, items, more > 0 ? h("li", {}, `and ${more.toLocaleString("en")} more`) : null);
}
