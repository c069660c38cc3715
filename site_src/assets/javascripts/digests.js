// Search by digest: a static file per first three hex digits says which images have it, another per image what it was.

import { fetchJson } from "./site.js";

const KNOWN = 16; // hex digits by which the index knows a digest
const BUCKET = 16; // records in a file
const NAMES = { index: "Index", manifest: "Manifest", config: "Image ID", layer: "Layer", statement: "Attestation statement", artifact: "Artifact" };
const FILES = new Set(["index.html", "index.md", "feed.xml"]);

// The hex digits of a digest or of a prefix of 7 or more, as `name@sha256:…`, `sha256:…`, `sha256-…` or bare; else null.
export function parseDigest(text) {
  const match = /^(?:.*@)?(?:sha(?:256|512)[:-])?([0-9a-f]{7,128})$/is.exec(text.trim());
  return match ? match[1].toLowerCase() : null;
}

// Whether the text can only be a digest; `20180129` and `deadbeef` could be names too.
export function isSurelyDigest(text) {
  return /[@]|^sha(256|512)[:-]|^[0-9a-f]{20}/i.test(text.trim());
}

// Where the digest is: `[{image, number}]`, one request. `others` says whether several digests begin so.
export async function findDigest(hex) {
  const shard = await fetchJson(`api/v1/digests/${hex.slice(0, 3)}.json`);
  const asked = hex.slice(0, KNOWN);
  const places = [];
  for (const [known, uses] of Object.entries(shard)) {
    if (known.startsWith(asked)) places.push(...uses.map(([image, number]) => ({ image, number })));
  }
  return places;
}

// What a place says of the digests that begin so, one request: `{found: [{kind, digest}], where, digests}`; null where
// only the first digits were the same.
export async function describePlace({ image, number }, hex) {
  const records = await fetchJson(`api/v1/${imageAddress(image)}uses/-${Math.floor(number / BUCKET)}.json`);
  const { digests, where } = records[number];
  const found = Object.entries(digests).flatMap(([kind, all]) =>
    all.filter((digest) => digest.split(":")[1].startsWith(hex)).map((digest) => ({ kind: NAMES[kind] ?? kind, digest })),
  );
  return found.length ? { found, where, digests } : null;
}

export function kindName(kind) {
  return NAMES[kind] ?? kind;
}

// The rules of addresses, as the pages follow them (collector/pages/addresses.py).
export function imageAddress(image) {
  const [first, ...rest] = image.replaceAll(":", "+").split("/");
  return `repos/${[first.endsWith(".json") ? `~${first}` : first, ...rest.map(besideFiles)].join("/")}/`;
}

// `known` are the addresses that the archive gives for tags whose place is taken.
export function tagAddress(image, tag, known = {}) {
  return Object.hasOwn(known, tag) ? known[tag] : `${imageAddress(image)}${besideFiles(tag)}/`;
}

function besideFiles(name) {
  return FILES.has(name) || name.endsWith(".json") ? `~${name}` : name;
}
