// The page /digest/?q=…: everything that the archive knows about a digest, or all names that match.

import { h, table } from "./dom.js";
import { showExamples } from "./examples.js";
import { INDEXED, describePlace, findDigest, tagAddress as addressOf } from "./digests.js";
import { mountLookup } from "./lookup.js";
import { goneNote, loadNames, matchAddress, searchNames, similarNames, titleOf } from "./names.js";
import { parseQuery } from "./queries.js";
import { digestPage, failureText, inSite } from "./site.js";
import { count, minute, visible } from "./text.js";
import { usesOfVersion } from "./versions.js";

const EXAMPLE_LENGTH = 19; // characters: the first 12 digits of a digest
const MAX_NAMES = 300;
const MAX_OPEN = 1; // sections that are open at once; each costs a request

export function mount() {
  const place = document.querySelector("[data-ri-digest]");
  mountLookup(place, answerTo);
  if (new URLSearchParams(location.search).get("q")?.trim()) return;
  showExamples(place, ({ name, digest, version }) =>
    [name, version, digest].filter(Boolean).map((asked) => [digestPage(asked), h("code", {}, asked.slice(0, EXAMPLE_LENGTH))]),
  );
}

async function answerTo(query) {
  const { hex, isSure } = parseQuery(query);
  const digest = hex ? await aboutDigest(hex) : [];
  if (digest.length) return digest;
  const names = isSure ? [] : [...(await aboutVersion(query)), ...(await aboutNames(query))];
  if (names.length) return names;
  return hex ? unknown(query) : noName(query);
}

function unknown(query) {
  return [
    h("h2", {}, "Not in this archive"),
    h("p", {}, "No index, manifest, Image ID or layer in this archive has the digest ", h("code", {}, visible(query)), "."),
    h("p", {}, "It may belong to an image, a platform or a time that the archive does not cover. Docker also shows digests that exist only on one machine, and in no registry."),
  ];
}

async function noName(query) {
  const names = await loadNames();
  const similar = similarNames(names, query).flatMap((match, at) => [
    at ? " or " : " ",
    h("a", { href: matchAddress(names, match) }, h("code", {}, titleOf(match))),
  ]);
  return [
    h("h2", {}, "Nothing found"),
    ...(similar.length ? [h("p", {}, "Did you mean", similar, "?")] : []),
    h("p", {}, "No image and no tag has a name like ", h("code", {}, visible(query)), ", and a digest has at least 7 hex digits."),
  ];
}

async function aboutDigest(hex) {
  const places = await findDigest(hex);
  const sections = [];
  for (const [at, place] of places.entries()) {
    if (sections.length >= MAX_OPEN) {
      sections.push(...later(places.slice(at), hex));
      break;
    }
    const known = await describePlace(place, hex);
    if (known) sections.push(section(place, known));
  }
  return sections;
}

// Sections for the other places; each is loaded when it is opened.
function later(places, hex) {
  const items = places.map((place) => {
    const details = h("details", {}, h("summary", {}, h("code", {}, place.image)));
    details.addEventListener("toggle", () => open(details, place, hex), { once: true });
    return details;
  });
  return [h("h2", {}, `Also in ${count(places.length, "other place")}`), ...items];
}

async function open(details, place, hex) {
  try {
    const known = await describePlace(place, hex);
    details.append(known ? section(place, known) : h("p", {}, `Only the first ${INDEXED} digits are the same here.`));
  } catch (error) {
    details.append(h("p", {}, failureText(error)));
  }
}

function section(place, { found, object, where }) {
  const { image } = place;
  const rows = where.map((use) => [tagLinks(image, use), use.platform || "all platforms", minute(use.from), use.until === null ? "now" : minute(use.until)]);
  // Screen readers should not announce the content, which is long.
  const contents = h("div", { "aria-live": "off" }, h("p", {}, "Loading its content…"));
  import("./contents.js")
    .then((module) => module.contentsOf(place, object))
    .then((parts) => contents.replaceChildren(...parts))
    .catch((error) => contents.replaceChildren(h("p", {}, failureText(error, "Its content"))));
  return h(
    "section",
    {},
    found.map(({ kind, digest }) => h("h2", {}, `${kind} of `, h("code", {}, image), h("span", { class: "ri-digest" }, h("code", {}, digest)))),
    table(["Tags", "Platform", "From", "Until"], rows),
    contents,
  );
}

function tagLinks(image, { tags, more, addresses }) {
  const links = tags.map((tag) => {
    const href = inSite(addressOf(image, tag, addresses));
    return h("a", { href }, h("code", {}, `${image}:${tag}`));
  });
  return h("div", { class: "ri-tags" }, links, more ? h("span", {}, `and ${more.toLocaleString("en")} more`) : null);
}

// The tags that are or were a version; each leads to the release that brought it.
async function aboutVersion(query) {
  const uses = await usesOfVersion(await loadNames(), query);
  const rows = uses.map(({ version, variable, image, tags, ever, since, until, address }) => [
    h("a", { href: inSite(address) }, h("code", {}, `${image}:${tags[0]}`)),
    ever > 1 ? [...tags.slice(1), ever > tags.length ? `and ${ever - tags.length} more` : ""].filter(Boolean).join(", ") : "",
    `${visible(variable)} ${visible(version)}`,
    minute(since),
    until === null ? "now" : minute(until),
  ]);
  return rows.length ? [h("h2", {}, "Tags that are, or were, this version"), table(["Tag", "With it", "Version", "From", "Until"], rows)] : [];
}

async function aboutNames(query) {
  const names = await loadNames();
  const { total, matches } = searchNames(names, query, MAX_NAMES);
  if (!total) return [];
  const rows = matches.map(({ image, tag, gone }) => [
    h("a", { href: matchAddress(names, { image, tag }) }, h("code", {}, titleOf({ image, tag }))),
    tag === null ? `image, ${count(image.tags.length, "tag")}` : gone ? goneNote(image, tag) : "current",
  ]);
  const shown = total > matches.length ? `The first ${matches.length} of ${total.toLocaleString("en")} matches` : count(total, "match", "matches");
  return [h("h2", {}, shown), table(["Name", "Now"], rows)];
}
