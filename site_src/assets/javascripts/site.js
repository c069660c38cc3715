// The root of the site's files, at whatever path it is published.

export const root = new URL("../../", import.meta.url);

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

export async function fetchJson(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const answers = new Map();

// The same, with one request for any number of calls.
export async function fetchOnce(path) {
  if (!answers.has(path)) answers.set(path, fetchJson(path));
  try {
    return await answers.get(path);
  } catch (error) {
    answers.delete(path); // a later try may succeed
    throw error;
  }
}

// The file of a folder that has a key: collector/pages/hashed_files.py.
export function hashedFile(folder, key, digits) {
  return fetchOnce(`${folder}/${checksum(key).slice(0, digits)}.json`);
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

// The address of the comparison of two sides, in readable form.
export function comparePage(from, to) {
  const url = new URL("compare/", root);
  url.search = `from=${readable(from)}&to=${readable(to)}`;
  return url;
}

function readable(text) {
  return encodeURIComponent(text).replace(/%(?:3A|40|2F)/g, decodeURIComponent);
}
