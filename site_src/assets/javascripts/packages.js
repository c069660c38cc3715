// Search by package. One static file has the versions of a name, a second one the images and tags of a version.

import { NAMES, USES } from "./packageindex.js";
import { hashedFile, root } from "./site.js";

const MAX_LENGTH = 2_048; // characters that are read
const SYSTEMS = new Set(["apk", "deb", "rpm"]);

export const hasPackages = NAMES > 0;

// The typed text as `{type, name, version, isSure}`, each empty if it is missing; null if it cannot be a package. `isSure`: it can
// only be a package. `openssl`, `openssl 3.0.11-1`, `openssl@3.0.11-1`, `openssl=3.0.11-1` (apt's form), `deb/openssl@3.0.11-1`,
// `pkg:deb/debian/openssl@3.0.11-1`.
export function parsePackage(text) {
  const line = text.trim().slice(0, MAX_LENGTH);
  if (line.startsWith("pkg:")) return parsePurl(line);
  const typed = /^([a-z][a-z0-9.+-]*)\/(.+)$/.exec(line);
  const type = typed && SYSTEMS.has(typed[1]) ? typed[1] : "";
  const rest = type ? typed[2] : line;
  const [name, version] = nameAndVersion(rest);
  return name && !version.startsWith("sha256:") ? { type, name, version, isSure: Boolean(type) } : null;
}

function nameAndVersion(text) {
  const at = text.lastIndexOf("@");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  const words = text.replace(/(?<=[^\s=])==?(?=[^\s=])/, " ").split(/\s+/);
  return words.length > 2 ? ["", ""] : [words[0], words[1] ?? ""];
}

function parsePurl(line) {
  const [, type, path, version = ""] = /^pkg:\/*([a-z0-9.+-]+)\/([^@?#]+)(?:@([^?#]*))?/i.exec(line) ?? [];
  if (!path) return null;
  try {
    const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
    const name = SYSTEMS.has(type.toLowerCase()) ? parts.at(-1) : parts.join("/");
    return { type: type.toLowerCase(), name, version: decodeURIComponent(version), isSure: true };
  } catch {
    return null; // not percent-encoded
  }
}

// The versions of a name: `[{name, type, source, versions: [{own, ofSource, key, place}], installed, older}]`; `key` is that of its uses,
// `installed[place]` has the packages of a source. One request; a second one, with the name in lower case, if the first finds nothing.
export async function packagesNamed(asked) {
  if (!hasPackages) return [];
  const lower = { ...asked, name: asked.name.toLowerCase() };
  const named = await packagesSpelled(asked);
  if (lower.name === asked.name || hasAnswer(named, asked)) return named;
  const others = await packagesSpelled(lower);
  return hasAnswer(others, asked) || !named.length ? others : named;
}

function hasAnswer(named, { version }) {
  return version ? matchesOf(named, version).length > 0 : named.length > 0;
}

async function packagesSpelled({ type, name }) {
  const file = await hashedFile("api/v1/packages/names", name, NAMES);
  const found = Object.hasOwn(file, name) ? Object.entries(file[name]) : [];
  return found
    .map(([source, { versions, installed = [], older = 0 }]) => ({ name, ...split(source), versions: versions.map(namedVersion), installed, older }))
    .filter((one) => !type || one.type === type);
}

function namedVersion([own, key, ofSource = own, place = 0]) {
  return { own, ofSource, key, place };
}

function split(key) {
  const at = key.indexOf("/");
  return { type: key.slice(0, at), source: key.slice(at + 1) };
}

// The packages of these that have a version: `[{type, name, source, own, ofSource, key, isSource, installed}]`. If the version is not
// listed, it may be one of the older versions of the source.
export function matchesOf(named, version) {
  return named.flatMap(({ name, type, source, versions, installed, older }) => {
    const found = versions.filter(({ own }) => own === version);
    if (!found.length && older && name === source) found.push({ own: version, ofSource: version, key: `${type}/${source}@${version}` });
    return found.map(({ own, ofSource, key, place }) => {
      const isSource = name === source && own === ofSource;
      return { type, name, source, own, ofSource, key, isSource, installed: (isSource && installed[place]) || [] };
    });
  });
}

// The images and tags with these uses; null if there are none. One request.
export async function usesOf({ key }) {
  const file = await hashedFile("api/v1/packages/uses", key, USES);
  if (!Object.hasOwn(file, key)) return null;
  const { images, more = 0 } = file[key];
  const uses = images.map(([image, tags, now, ever, sinceTag, first, last, platform]) => {
    return { image, tags: tags.split(" "), now, ever, sinceTag, first, last, platform };
  });
  return { uses, more };
}

export function packagePage(query) {
  const url = new URL("package/", root);
  url.searchParams.set("q", query);
  return url;
}

// The page of a source package that a tag has now: the rule of collector/pages/package_addresses.py.
export function sourcePage({ type, source }) {
  const isPath = SYSTEMS.has(type) && /^[a-z0-9][a-z0-9.+-]{0,127}$/.test(source) && !source.endsWith(".json");
  return isPath && !["index.html", "index.md", "feed.xml"].includes(source) ? `packages/${type}/${source}/` : null;
}
