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
