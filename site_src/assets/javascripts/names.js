// Search by name, over all images and tags.

import { nearest, parseQuery } from "./queries.js";
import { fetchJson, inSite } from "./site.js";

let loading = null;

// The index of all images with their present and gone tags. It is loaded once.
export function loadNames() {
  loading ??= fetchJson("api/v1/names.json").then(prepare);
  loading.catch(() => (loading = null)); // a later try may succeed
  return loading;
}

function prepare({ images, exceptions, version_digits: versionDigits = 0 }) {
  const byName = new Map();
  for (const { name, address, tags, gone, missing = "", unreadable = "" } of images) {
    byName.set(name, { name, address, tags: split(tags), gone: split(gone), missing: split(missing), unreadable: split(unreadable) });
  }
  return { images: [...byName.values()], byName, exceptions, versionDigits };
}

function split(names) {
  return names ? names.split(" ") : [];
}

// What happened to a tag that is gone.
export function goneNote({ missing, unreadable }, tag) {
  if (missing.includes(tag)) return "not in the registry";
  return unreadable.includes(tag) ? "could not be read" : "no longer followed";
}

const HUB = /^(?:(?:index\.|registry-1\.)?docker\.io|registry\.hub\.docker\.com)\//;

// The image of a full or familiar name. Docker Hub has several names, and its official images are in `library/`.
export function imageNamed(names, name) {
  const path = name.replace(HUB, "");
  return names.byName.get(name) ?? names.byName.get(`docker.io/${path}`) ?? names.byName.get(path.replace(/^library\/(?=[^/]*$)/, ""));
}

export function tagAddress(names, image, tag) {
  const exception = names.exceptions[`${image.name}:${tag}`];
  return exception ?? `${image.address}${tag}/`;
}

// The tag whose page has this address, or is above it: `{image, tag, rest}`, with the rest of the address; null if there is none.
export function placeOf(names, address) {
  for (const image of names.images.filter((image) => address.startsWith(image.address))) {
    const [folder] = address.slice(image.address.length).split("/");
    const page = `${image.address}${folder}/`;
    const tag = [...image.tags, ...image.gone].find((tag) => tagAddress(names, image, tag) === page);
    if (tag !== undefined) return { image, tag, rest: address.slice(page.length) };
  }
  return null;
}

export function matchAddress(names, { image, tag }) {
  return inSite(tag === null ? image.address : tagAddress(names, image, tag));
}

// The ranks of a match, best first: the whole name, its beginning, the beginning of a word, anywhere, nowhere.
const [EXACT, PREFIX, WORD, INSIDE, NOWHERE] = [0, 1, 2, 3, 9];
const OF_ANY_IMAGE = 5; // is added to the rank of a tag if the query is one word and not the name of its image
const BEGINS = OF_ANY_IMAGE + PREFIX;

export function rank(word, name) {
  if (name === word) return EXACT;
  let best = NOWHERE;
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    best = Math.min(best, cutsNumber(name, at, at + word.length) ? INSIDE : at === 0 ? PREFIX : startsWord(name, at) ? WORD : INSIDE);
  }
  return best;
}

// 1.1 is not the beginning of 1.10, and 3.6 is not in 13.6 or 1.3.6.
function cutsNumber(name, start, end) {
  const isDigit = (place) => /\d/.test(name[place] ?? "");
  return (isDigit(end - 1) && isDigit(end)) || (isDigit(start) && /[\d.]/.test(name[start - 1] ?? ""));
}

function startsWord(name, at) {
  return /\d/.test(name[at]) || !/[a-z]/.test(name[at - 1]);
}

// The matches, best first: `{image, tag, gone}`, with tag null for the image itself; and the number of all matches.
export function searchNames(names, query, limit) {
  const asked = read(nameOf(names, query));
  const found = [];
  for (const image of names.images) {
    for (const [tag, gone, place, score] of matchesIn(image, asked)) {
      found.push({ image, tag, gone, place, score, parts: [PREFIX, BEGINS].includes(score) ? countParts(tag) : 0 });
    }
  }
  found.sort(
    (a, b) => a.score - b.score || a.gone - b.gone || isLatest(b) - isLatest(a) || a.parts - b.parts || a.place - b.place || (a.image.name < b.image.name ? -1 : 1),
  );
  return { total: found.length, matches: found.slice(0, limit) };
}

// Of the tags that begin with the query, the one with the fewest parts comes first: `3.6-sl` is completed to `3.6-slim`.
function countParts(tag) {
  return tag?.split("-").length ?? 0;
}

function isLatest({ tag }) {
  return tag === "latest";
}

// The name in a query. The archive may have a copy of one of Docker Hub's images under the copy's own name.
function nameOf(names, query) {
  const text = query.trim();
  return names.byName.has(text.replace(/:[^/:]*$/, "")) ? text : parseQuery(text).name;
}

export function titleOf({ image, tag }) {
  return tag === null ? image.name : `${image.name}:${tag}`;
}

// The image or tag with exactly this name, as a match; null if there is none.
export function exactMatch(names, query) {
  const name = nameOf(names, query).toLowerCase().replace(/\s*:\s*/, ":").replace(/:$/, "");
  const [match] = searchNames(names, query, 1).matches;
  return match && titleOf(match).toLowerCase() === name ? match : null;
}

// Up to three matches that may have been meant: tags of an image, or images, whose names differ in few characters.
export function similarNames(names, query) {
  const [, name, tag] = /^(.*?)(?::([^/]*))?$/s.exec(parseQuery(query).name.toLowerCase());
  const image = names.byName.get(name);
  if (image && tag) return [...nearest(tag, image.tags).slice(0, 2), null].map((tag) => ({ image, tag }));
  const found = new Set(name.split(/\s+/).slice(0, 5).flatMap((word) => (names.byName.has(word) ? [] : nearest(word, [...names.byName.keys()]))));
  return [...found].slice(0, 3).map((name) => ({ image: names.byName.get(name), tag: null }));
}

// `python:3.6-slim` names an image and a tag. In `python 3.6 slim` or `3.6-slim`, each word may belong to either.
function read(name) {
  const text = name.toLowerCase();
  const colon = text.lastIndexOf(":");
  const isFixed = colon >= 0 && !text.slice(colon).includes("/");
  const words = (isFixed ? text.slice(colon + 1) : text).split(/\s+/).filter(Boolean);
  return { name: isFixed ? text.slice(0, colon).trim() : null, words };
}

function matchesIn(image, { name, words }) {
  if (name !== null) return matchesOfTag(image, name, words);
  if (words.length === 1) return matchesOfWord(image, words[0]);
  return words.length ? matchesOfWords(image, words) : [];
}

function* matchesOfTag(image, name, words) {
  const ofImage = name ? rank(name, image.name) : EXACT;
  if (ofImage === NOWHERE || (!name && !words.length)) return;
  if (!words.length) yield [null, false, 0, ofImage * 10 - 1];
  for (const [tag, gone, place] of tagsOf(image)) {
    const ofTag = Math.max(EXACT, ...words.map((word) => rank(word, tag.toLowerCase())));
    if (ofTag < NOWHERE) yield [tag, gone, place, ofImage * 10 + ofTag];
  }
}

// Images first, then the tags of the named image, then tags of that name, then the rest.
function* matchesOfWord(image, word) {
  const ofImage = rank(word, image.name);
  if (ofImage < NOWHERE) yield [null, false, 0, ofImage];
  for (const [tag, gone, place] of tagsOf(image)) {
    const ofTag = rank(word, tag.toLowerCase());
    if (ofImage === EXACT) yield [tag, gone, place, 4];
    else if (ofTag < NOWHERE) yield [tag, gone, place, OF_ANY_IMAGE + ofTag];
    else if (ofImage < NOWHERE) yield [tag, gone, place, 10 + ofImage];
  }
}

function* matchesOfWords(image, words) {
  const ofImage = words.map((word) => rank(word, image.name));
  for (const [tag, gone, place] of tagsOf(image)) {
    const ofTag = words.map((word) => rank(word, tag.toLowerCase()));
    const best = words.map((_, at) => Math.min(ofImage[at], ofTag[at]));
    if (best.includes(NOWHERE)) continue;
    const inTag = ofTag.filter((score, at) => score < ofImage[at]);
    const inImage = ofImage.filter((score, at) => score <= ofTag[at]);
    yield [tag, gone, place, Math.max(EXACT, ...inImage) * 10 + (inTag.length ? Math.max(...inTag) : NOWHERE)];
  }
}

function* tagsOf(image) {
  for (const [place, tag] of image.tags.entries()) yield [tag, false, place];
  for (const [place, tag] of image.gone.entries()) yield [tag, true, place];
}
