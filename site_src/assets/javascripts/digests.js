// Search by digest. One static file, named by the first three hex digits (fewer on a small site), has the objects with the digest;
// a second one has their uses.

import { SHARD } from "./digestindex.js";
import { fetchOnce } from "./site.js";
import { loadFile } from "./states.js";

export const INDEXED = 12; // hex digits of a digest in the index
const INDEXES = new Set([undefined, "application/vnd.oci.image.index.v1+json"]); // undefined: Docker's manifest list
const STATEMENT = "application/vnd.in-toto+json";
const FILES = new Set(["index.html", "index.md", "feed.xml"]);

// The hex digits of a digest or of a prefix of 7 or more, written `name@sha256:…`, `sha256:…`, `sha256-…` or bare; else null.
export function parseDigest(text) {
  const match = /^(?:.*@)?(?:sha(?:256|512)[:-])?([0-9a-f]{7,128})$/is.exec(text.trim());
  return match ? match[1].toLowerCase() : null;
}

// The objects that may have the digest: `[{image, number}]`. One request.
export async function findDigest(hex) {
  const shard = await fetchOnce(`api/v1/digests/${hex.slice(0, SHARD)}.json.gz`);
  const asked = hex.slice(SHARD, INDEXED);
  return Object.entries(shard).flatMap(([image, known]) =>
    Object.entries(known)
      .filter(([digits]) => digits.startsWith(asked))
      .flatMap(([, numbers]) => [numbers].flat().map((number) => ({ image, number }))),
  );
}

// The digests with this prefix in an object: `{found: [{kind, digest}], object, where}`; null if only the digits in the index are
// equal. One request.
export async function describePlace({ image, number }, hex) {
  const { file, place } = await loadFile(imageAddress(image), number);
  const object = file.objects[place];
  const found = digestsOf(object).filter(({ digest }) => digest.slice(digest.indexOf(":") + 1).startsWith(hex));
  if (!found.length) return null;
  const isConfig = !object.manifest || found[0].digest !== object.manifest;
  const uses = (isConfig ? file.config_where_of?.[place] : null) ?? file.where_of[place];
  return { found, object, where: file.where[uses].map(whole) };
}

function digestsOf(object) {
  if (object.manifest) return [{ kind: "Manifest", digest: object.manifest }, { kind: "Image ID", digest: object.config }];
  if (object.layer) return [{ kind: object.type === STATEMENT ? "Attestation statement" : "Layer", digest: object.layer }];
  if (object.state) return [{ kind: INDEXES.has(object.type) ? "Index" : "Manifest", digest: object.state }];
  if (object.artifact) return [{ kind: "Artifact", digest: object.artifact }];
  if (object.absent) return [{ kind: "Manifest", digest: object.absent }];
  return [{ kind: "Index", digest: object.partial }];
}

// A use with all its members; the file leaves out those with their default.
function whole({ platform = "", slug = platform.replaceAll("/", "-"), tags, more = 0, from, until = null, addresses = {} }) {
  return { platform, slug, tags: tags.split(" "), more, from, until, addresses };
}

// The rules of addresses, as in collector/pages/addresses.py.
export function imageAddress(image) {
  const [first, ...rest] = image.replaceAll(":", "+").replace("[", "").replace("]", "_").split("/");
  return `repos/${[first.endsWith(".json") ? `~${first}` : first, ...rest.map(besideFiles)].join("/")}/`;
}

// `known`: the addresses of tags whose usual address is taken.
export function tagAddress(image, tag, known = {}) {
  return Object.hasOwn(known, tag) ? known[tag] : `${imageAddress(image)}${besideFiles(tag)}/`;
}

function besideFiles(name) {
  return FILES.has(name) || name.endsWith(".json") ? `~${name}` : name;
}
