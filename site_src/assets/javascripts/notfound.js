// The 404 page: redirects other forms of an address to its page, shows a page that the site leaves out or the last image of a platform,
// or says what is missing.

import { h } from "./dom.js";
import { parseDigest } from "./digests.js";
import { imageNamed, loadNames, placeOf, tagAddress } from "./names.js";
import { CURRENT, isInEdition, nearest, partsOf } from "./editions.js";
import { digestPage, failureText, inSite, pathInSite } from "./site.js";

const VIEW = "(?:(?:blob|tree|commits|raw)/master/)?"; // as GitHub shows a repo-info archive
const DIGEST = /^(?:d|digest)\/(.+?)\/?$/;
const CLASSIC = new RegExp(`^${VIEW}repos/(.+)/(?:remote|local)/([^/]+)$`);
const IMAGE = new RegExp(`^${VIEW}repos/(.+?)(?:/(?:remote|local))?/?$`);
const TWIN = /^api\/v1\/(repos\/.+)\.json$/;
const PAGE = /^(?:history\/(?:\d+\/)?)?$/; // of a tag, after its address
const PLATFORM = /^([\w.]+(?:-[\w.]+)+)\/$/; // the same
const FILE = /(?:^|\/)index\.(?:html|md)$/; // of a page

export async function mount() {
  const place = document.querySelector("[data-ri-notfound]");
  const answer = await find(pathInSite(location)).catch(() => null);
  const to = answer?.to && withRest(answer.to);
  // A page that should exist but does not must not redirect to itself for ever.
  if (to && to.href !== location.href && !isRefused(to)) location.replace(to);
  else if (answer?.show) await show(place, answer);
  else if (answer?.say) say(place, ...answer.say);
}

// Whether the host has redirected from that address to this one by removing its slash, as some do.
function isRefused(to) {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.redirectCount > 0 && to.pathname === `${location.pathname}/`;
}

// An address with the query and the fragment of this one, unless it has its own.
function withRest(to) {
  to.search ||= location.search;
  to.hash ||= location.hash;
  return to;
}

function say(place, ...words) {
  const status = h("p", { role: "status" }, ...words);
  place.prepend(status);
  return status;
}

async function show(place, { show: found, at }) {
  // Without a request, because a host may redirect from one form of the address to another.
  history.replaceState(history.state, "", withRest(at));
  const status = say(place, "Looking it up…");
  try {
    if (!(await showPage(place, found))) status.replaceChildren(...noSuchPage(await loadNames(), found));
  } catch (error) {
    status.replaceChildren(failureText(error));
  }
}

// Returns whether there is something to show.
async function showPage(place, found) {
  const { pageOf } = await (found.platform ? import("./lastimage.js") : import("./leftout.js"));
  const page = await pageOf(await loadNames(), found);
  if (!page) return false;
  const { title, parts } = page;
  document.querySelector("h1").textContent = title;
  document.title = document.title.replace(/^[^·]*/, `${title} `);
  place.replaceChildren(...parts);
  place.querySelector("[aria-current]")?.scrollIntoView();
  return true;
}

// What to do at a path: `{to}` redirects within the site; `{show, at}` is a page of a tag that the site leaves out, and its address;
// `{say}` explains what is missing. A place with a `platform` is its page.
export async function find(path) {
  if (isInEdition(path)) {
    const { edition, page } = partsOf(path);
    // A page of the current site may be one that it leaves out.
    return { to: (edition !== CURRENT && (await nearest(edition, page))) || inSite(page) };
  }
  const digest = DIGEST.exec(path);
  if (digest) return parseDigest(digest[1]) ? { to: digestPage(digest[1]) } : null;
  const page = CLASSIC.exec(path);
  if (page) return findTag(await loadNames(), page[1], page[2]);
  const leftOut = path.includes("repos/") ? findLeftOut(await loadNames(), path) : null;
  if (leftOut) return leftOut;
  const image = IMAGE.exec(path);
  return image ? findImage(await loadNames(), image[1]) : null;
}

function findTag(names, name, file) {
  const image = imageNamed(names, name);
  if (!image) return unknownImage(name);
  const tag = [file, file.replace(/\.md$/, "")].find((tag) => image.tags.includes(tag) || image.gone.includes(tag));
  if (tag) return { to: inSite(tagAddress(names, image, tag)) };
  return { say: ["The archive has the image ", imageLink(image), ", but not its tag ", h("code", {}, file.replace(/\.md$/, "")), "."] };
}

// The answer for what a site may leave out: pages and histories of tags, with their Markdown, JSON and feeds; and for pages of
// platforms, which exist while the tag has the platform. Null otherwise.
function findLeftOut(names, path) {
  const twin = TWIN.exec(path);
  const isFeed = path.endsWith("/feed.xml");
  const address = (twin?.[1] ?? path).replace(isFeed ? /feed\.xml$/ : FILE, "").replace(/\/?$/, "/");
  const place = placeOf(names, address);
  const [, platform] = PLATFORM.exec(place?.rest) ?? [];
  if (!place || !(PAGE.test(place.rest) || (platform && !twin && !isFeed))) return null;
  const { image, tag } = place;
  const shown = { show: { ...place, platform }, at: inSite(address) };
  // Another form of the address may be that of a page that the site has.
  if (!twin && !isFeed) return path === address ? shown : { to: shown.at, ...shown };
  const data = (address) => h("a", { href: inSite(address) }, h("code", {}, address));
  const from = twin ? ["its states are in ", data(`api/v1/${image.address}-states.json.gz`)] : ["releases of the image are in ", data(`${image.address}feed.xml`)];
  return { say: ["The site has no such file of ", tagLink(names, image, tag), "; ", ...from, "."] };
}

// `python`, or the beginning of an address below it: `python/no-such-tag`.
function findImage(names, path) {
  const image = imageNamed(names, path);
  if (image) return { to: inSite(image.address) };
  const parts = path.split("/");
  for (let end = parts.length - 1; end > 0; end -= 1) {
    const above = imageNamed(names, parts.slice(0, end).join("/"));
    if (!above) continue;
    const [tag, ...rest] = parts.slice(end);
    if (![...above.tags, ...above.gone].includes(tag)) return findTag(names, above.name, tag);
    // The tag is known, so its page exists, unless the address is that of the page.
    return rest.length ? { say: noSuchPage(names, { image: above, tag }) } : { to: inSite(tagAddress(names, above, tag)) };
  }
  return unknownImage(path);
}

function noSuchPage(names, { image, tag }) {
  return ["There is no such page of ", tagLink(names, image, tag), "."];
}

function unknownImage(name) {
  return { say: ["The archive has no image ", h("code", {}, name), "."] };
}

function imageLink(image) {
  return h("a", { href: inSite(image.address) }, h("code", {}, image.name));
}

function tagLink(names, image, tag) {
  return h("a", { href: inSite(tagAddress(names, image, tag)) }, h("code", {}, `${image.name}:${tag}`));
}
