// Makes the pages that a site leaves out to stay within its limits (collector/pages/left_out.py) from the states of their image.

import { contentsOf } from "./contents.js";
import { h, table } from "./dom.js";
import { pull } from "./imageparts.js";
import { tagAddress } from "./names.js";
import { comparePage, compareTo, inSite } from "./site.js";
import { loadFile } from "./states.js";
import { goneStatus, statesOf } from "./tagstates.js";
import { minute } from "./text.js";
import { digestLink } from "./values.js";

// The page of a tag, or of its history: `{title, parts}`.
export async function pageOf(names, { image, tag, rest }) {
  const name = `${image.name}:${tag}`;
  const rows = await statesOf(image.address, tag);
  const parts = rest ? [h("p", {}, "All states of ", tagLink(names, image, tag), ", newest first.")] : await tagParts(image, tag, rows);
  const above = [breadcrumb(names, image, tag, rest), tabs(tagAddress(names, image, tag), rest, rows[0].digest && name)];
  return { title: rest ? `History of ${name}` : name, parts: [...above, ...parts, h("h2", {}, "States"), stateTable(name, rows), note(image)] };
}

// As on other pages of a tag (collector/pages/templates/macros.md.j2).
function breadcrumb(names, image, tag, isHistory) {
  const ofImage = h("a", { href: inSite(image.address) }, image.name);
  if (!isHistory) return h("p", {}, ofImage, ` / ${tag}`);
  return h("p", {}, ofImage, " / ", h("a", { href: inSite(tagAddress(names, image, tag)) }, tag), " / history");
}

// `current`: what the tag is compared with; empty if the tag is gone.
function tabs(address, isHistory, current) {
  const link = (to, words) => h("a", { href: to }, words);
  const shown = (words) => h("strong", {}, words);
  const pages = isHistory
    ? [link(inSite(address), "Now"), shown("History"), current && link(compareTo(current), "Compare")]
    : [shown("Now"), link(inSite(`${address}history/`), "History")];
  return h("ul", {}, pages.filter(Boolean).map((page) => h("li", {}, page)));
}

async function tagParts(image, tag, rows) {
  const [now] = rows;
  const last = rows.find(({ digest }) => digest);
  const status = h("p", {}, ...[statusOf(now)].flat());
  if (!last) return [status];
  const times = `, from ${minute(last.since)} until ${last.until ? minute(last.until) : "now"}`;
  return [status, h("h2", {}, "Last state"), h("p", {}, digestLink(last.digest), times), ...(await contents(image, last))];
}

function statusOf({ since, digest, gone }) {
  if (digest) return `It has been unchanged since ${minute(since)}.`;
  if (!gone) return `It has not been readable since ${minute(since)}.`;
  return goneStatus({ since, gone });
}

async function contents(image, { digest, state }) {
  if (state === undefined) return [pull(`${image.name}@${digest}`), h("p", {}, "The archive lacks a part of its content.")];
  const { file, place } = await loadFile(image.address, state);
  return contentsOf({ image: image.name, number: state }, file.objects[place]);
}

function stateTable(name, rows) {
  const shown = rows.map((row, at) => {
    const before = rows.slice(at + 1).find(({ digest }) => digest);
    const change = row.digest && before ? h("a", { href: comparePage(`${name}@${before.digest}`, `${name}@${row.digest}`) }, "What changed") : "";
    return [minute(row.since), row.until ? minute(row.until) : "now", row.digest ? digestLink(row.digest) : (row.gone ? "gone" : "unreadable"), change];
  });
  const list = table(["Since", "Until", "Digest", "Change"], shown);
  const asked = rows.indexOf(rowAsked(rows));
  if (asked >= 0) list.tBodies[0].rows[asked].setAttribute("aria-current", "true");
  return list;
}

// The row that the fragment of the address names, as on other pages: `#at-2017-11-04T19:49:27Z`, or the name of a release
// (collector/releases/names.py). Several releases may begin with the same digest.
function rowAsked(rows) {
  const time = /^#at-(.+)/.exec(location.hash)?.[1];
  if (time) return rows.find(({ since }) => since === time);
  const [, digits, number = 1] = /^#r-([0-9a-f]+)(?:-(\d+))?$/.exec(location.hash) ?? [];
  if (!digits) return undefined;
  const found = rows.filter(({ digest, since }) => (digest ? digest.includes(`:${digits}`) : since.replace(/\D/g, "").startsWith(digits)));
  return found.at(-number);
}

function note(image) {
  const data = h("a", { href: inSite(`api/v1/${image.address}-states.json.gz`) }, "data of all tags");
  return h("p", {}, "The site has no file for this page, to stay within the limits of its host. A script made it from the ", data, " of ", h("a", { href: inSite(image.address) }, h("code", {}, image.name)), ".");
}

function tagLink(names, image, tag) {
  return h("a", { href: inSite(tagAddress(names, image, tag)) }, h("code", {}, `${image.name}:${tag}`));
}
