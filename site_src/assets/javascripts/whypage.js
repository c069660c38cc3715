// The page /why/?since=…&until=…: the releases of the images that a pasted file names. The file stays in the browser: the page only
// requests the histories of those images that this site has.

import { changesOf } from "./build_changes.js";
import { mountCopyButtons } from "./copy.js";
import { parseImages } from "./dockerfiles/files.js";
import { h, table } from "./dom.js";
import { showExamples } from "./examples.js";
import { addControls } from "./historytable.js";
import { Problem, parseAsOf } from "./references.js";
import { progressText, whereText } from "./release_text.js";
import { comparePage, failureText, inSite, root } from "./site.js";
import { count, minute, visible } from "./text.js";

const MAX_IMAGES = 100; // that are shown
const MAX_RELEASES = 50; // of an image
const MAX_BASES = 3; // of a release
const MAX_LINE = 300; // characters of a line that is shown

export function mount() {
  const form = document.querySelector(".ri-why");
  const place = document.querySelector("[data-ri-why]");
  const { since, until } = form.elements;
  const file = form.querySelector("textarea"); // it has no name, so that no form sends it
  const query = new URLSearchParams(location.search);
  for (const box of [since, until]) if (query.get(box.name)) box.value = query.get(box.name); // without a query, the reader may have begun to type
  const image = query.get("image")?.trim() ?? "";
  if (image && !file.value) file.value = `FROM ${image}\n`;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Only the days of the form go into the address.
    const days = new URLSearchParams([since, until].flatMap(({ name, value }) => (value ? [[name, value]] : [])));
    history.replaceState(null, "", `?${days}`);
    answer(place, file.value, since.value, until.value);
  });
  form.querySelector("button").disabled = false; // without this script, a form would forget the file
  if (image && since.value) answer(place, file.value, since.value, until.value);
  else showExamples(place, ({ name, day }) => [[whyPage(name, day), "a build ", h("code", {}, `FROM ${name}`), ` since ${day}`]]);
}

function whyPage(image, since) {
  const url = new URL("why/", root);
  url.search = new URLSearchParams({ image, since });
  return url;
}

async function answer(place, text, ...days) {
  const status = h("div", { role: "status" }, h("p", {}, "Looking it up…"));
  place.replaceChildren(status);
  try {
    const [since, until] = days.map((day) => (day ? parseAsOf(day) : null));
    if (until && until < since) throw new Problem("the last day is before the first");
    const images = parseImages(text);
    const found = await Promise.all(images.map((image) => changesOf(image, since, until)));
    status.replaceChildren(...render(found, text, { since, until }));
    mountCopyButtons(status);
  } catch (problem) {
    const words = problem instanceof Problem ? [h("strong", {}, "Not read: "), visible(problem.message), "."] : [failureText(problem)];
    status.replaceChildren(h("p", { class: "ri-problem" }, words));
  }
}

function render(images, text, period) {
  const changed = images.filter((image) => image.releases.length && !image.isPinned).length;
  const days = `after ${minute(period.since)}${period.until ? ` and until ${minute(period.until)}` : ""}`;
  const more = images.length - MAX_IMAGES;
  return [
    h("p", {}, h("strong", {}, `${changed} of ${count(images.length, "image")} changed ${days}.`)),
    ...images.slice(0, MAX_IMAGES).map((image) => renderImage(image, text, period)),
    more > 0 ? h("p", {}, `And ${count(more, "more image")}: paste a part of the file to see them.`) : "",
  ];
}

function renderImage(image, text, period) {
  const { line, written, reference, releases, isPinned, before } = image;
  return h(
    "section",
    {},
    h("h2", {}, h("code", {}, shown(reference || written))),
    h("p", {}, `Line ${line.toLocaleString("en")}. `, verdict(image, period)),
    ...(releases.length ? renderReleases(image) : []),
    ...(releases.length && before && !isPinned ? renderPin(image, text) : []),
  );
}

function verdict({ problem, isPinned, isLeftOut, releases, name }, { since }) {
  if (problem) return `Nothing is known of this image: ${visible(problem)}.`;
  if (isPinned) return `It is pinned: the build gets the same image whenever the tag moves.${releases.length ? " The releases of the tag since then:" : ""}`;
  if (isLeftOut && releases.length) return ["The site leaves the history of ", h("code", {}, name), " out, to stay within the limits of its host. Its images since then, without reasons:"];
  return releases.length ? ["The releases of ", h("code", {}, name), " since then:"] : `It did not change after ${minute(since)}.`;
}

function renderReleases({ name, history, before, after, now, releases }) {
  const some = releases.slice(0, MAX_RELEASES);
  const list = table(["Since", "What changed"], some.map((release) => [minute(release.since), wordsOf(release)]));
  const rows = [...list.tBodies[0].rows];
  list.tHead.rows[0].append(h("th", { scope: "col" }, "Change"));
  some.forEach(({ first, newest, states }, at) => addControls(rows[at], { first: states.length > 1 ? first : newest, newest, name, address: history, now }));
  const more = releases.length - some.length;
  return [
    list,
    h(
      "p",
      {},
      more ? `And ${count(more, "more release")}. ` : "",
      h("a", { href: inSite(history) }, "The whole history"),
      before && after && before !== after ? [", and ", h("a", { href: comparePage(before, after) }, "all that changed in that time")] : "",
    ),
  ];
}

function wordsOf(release) {
  const bases = release.bases.slice(0, MAX_BASES).map((base) => baseText(base, release.names));
  const parts = [visible(release.summary), ...bases, visible(progressText(release))].filter((part) => part.length);
  return parts.flatMap((part, at) => [at ? " · " : "", part].flat());
}

// A base that moved; its name leads to its own release.
function baseText({ image, tag, time, platforms = [], address }, names) {
  const name = visible(`${image}:${tag}, ${time}`);
  const where = whereText(platforms, names);
  return ["base ", address ? h("a", { href: inSite(address) }, name) : name, where && ` ${visible(where)}`];
}

// The line to write; if the pin cannot be written into the file, the pin alone.
function renderPin(image, text) {
  const line = image.span ? pinnedLine(image, text) : "";
  const isShown = line && line.length <= MAX_LINE;
  return [
    h("p", {}, "To build as before, ", isShown ? "write this line:" : "use this image:"),
    h("pre", {}, h("code", {}, isShown ? visible(line) : image.before)),
  ];
}

function pinnedLine({ reference, span: [start, end], before }, text) {
  const name = reference.split("@")[0].replace(/:[^:/]*$/, "");
  const pin = `${name}${before.slice(before.search(/:[^:]*@/))}`;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end);
  return `${text.slice(from, start)}${pin}${text.slice(end, to < 0 ? text.length : to)}`.trim();
}

function shown(text) {
  const words = visible(text);
  return words.length > MAX_LINE ? `${words.slice(0, MAX_LINE)}…` : words;
}
