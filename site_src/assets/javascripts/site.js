// The root of the site's files, whatever the path where it is published.

export const root = new URL("../../", import.meta.url);

const MAX_BYTES = 64 * 2 ** 20; // of a compressed file, as it is sent and when it is decompressed

// Resolves an address relative to the site's root; null if it leads out of the site.
export function inSite(address) {
  const url = new URL(address, root);
  return url.origin === root.origin && url.pathname.startsWith(root.pathname) ? url : null;
}

// The part of an address after the site's root; empty if it cannot be read.
export function pathInSite({ pathname }) {
  if (!pathname.startsWith(root.pathname)) return "";
  try {
    return decodeURIComponent(pathname.slice(root.pathname.length));
  } catch {
    return "";
  }
}

// Fetches a JSON file. If its name ends in `.gz`, it is compressed (collector/pages/data_files.py).
export async function fetchJson(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return path.endsWith(".gz") ? unpackedJson(path, answer) : answer.json();
}

// If the host sends the file with the content encoding gzip, the browser has decompressed it already.
async function unpackedJson(path, answer) {
  const sent = await readBytes(path, answer.body);
  const isPacked = sent[0] === 0x1f && sent[1] === 0x8b;
  if (isPacked && !globalThis.DecompressionStream) return fetchJson(path.slice(0, -".gz".length)).catch(failTooOld);
  try {
    const bytes = isPacked ? await readBytes(path, new Blob([sent]).stream().pipeThrough(new DecompressionStream("gzip"))) : sent;
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`A file of this site is damaged: ${path}.`);
  }
}

// Old browsers (Safari before 16.4, Firefox before 113) can only read the plain copy, which not every site has.
function failTooOld() {
  throw new Failure("This browser is too old to read the compressed data of this site. Use a newer one.");
}

async function readBytes(path, stream) {
  const reader = stream.getReader();
  const pieces = [];
  let size = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    if (size > MAX_BYTES) {
      reader.cancel();
      throw new Failure(`A file of this site is too large: ${path}.`);
    }
    pieces.push(piece.value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

// A problem whose message is for the reader.
class Failure extends Error {}

// The text to show in place of something that could not be loaded, such as `The index`.
export function failureText(error, what = "This") {
  return error instanceof Failure ? error.message : `${what} could not be loaded. Check your network connection.`;
}

const answers = new Map();

// Like `fetchJson`, with one request for any number of calls.
export async function fetchOnce(path) {
  if (!answers.has(path)) answers.set(path, fetchJson(path));
  try {
    return await answers.get(path);
  } catch (error) {
    answers.delete(path); // a later try may succeed
    throw error;
  }
}

// The file in a folder that has a key (collector/pages/hashed_files.py).
export function hashedFile(folder, key, digits) {
  return fetchOnce(`${folder}/${checksum(key).slice(0, digits)}.json.gz`);
}

// The CRC-32 of a text, in UTF-8.
function checksum(text) {
  let sum = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ((sum ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

export function digestPage(query) {
  const url = new URL("digest/", root);
  url.searchParams.set("q", query);
  return url;
}

// The address of the comparison of two sides. It stays readable.
export function comparePage(from, to) {
  const url = new URL("compare/", root);
  url.search = `from=${readable(from)}&to=${readable(to)}`;
  return url;
}

// The page on which a reader chooses what to compare with.
export function compareTo(to) {
  const url = new URL("compare/", root);
  url.search = `to=${readable(to)}`;
  return url;
}

function readable(text) {
  return encodeURIComponent(text).replace(/%(?:3A|40|2F)/g, decodeURIComponent);
}
