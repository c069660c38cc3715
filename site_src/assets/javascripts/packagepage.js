// The page /package/?q=…: the versions of a package, or the images and tags that have or had one version.

import { h, table } from "./dom.js";
import { tagAddress } from "./digests.js";
import { mountLookup } from "./lookup.js";
import { hasPackages, matchesOf, packagePage, packagesNamed, parsePackage, sourcePage, usesOf } from "./packages.js";
import { inSite } from "./site.js";
import { count, minute, visible } from "./text.js";

export function mount() {
  mountLookup(document.querySelector("[data-ri-package]"), answerTo);
}

async function answerTo(query) {
  const asked = parsePackage(query);
  const named = asked ? await packagesNamed(asked) : [];
  if (!named.length) return unknown(query);
  if (!asked.version) return named.flatMap(versionsOf);
  const matches = matchesOf(named, asked.version);
  const answers = await Promise.all(matches.map(usesOf));
  const parts = matches.flatMap((match, at) => (answers[at] ? section(match, answers[at]) : []));
  return parts.length ? parts : [...otherVersion(named[0].name, asked.version), ...named.flatMap(versionsOf)];
}

function unknown(query) {
  return [
    h("h2", {}, "Not in this archive"),
    h("p", {}, "None of the tags whose packages this archive knows ever had ", h("code", {}, visible(query)), "."),
    h("p", {}, hasPackages ? "Type the whole name: openssl, not ssl." : "This site has no packages."),
  ];
}

function otherVersion(name, version) {
  return [h("p", {}, "No tag ever had version ", h("code", {}, visible(version)), " of ", h("code", {}, visible(name)), ". These versions are known:")];
}

function versionsOf({ name, type, source, versions, older }) {
  const of = source === name ? "" : ` of ${visible(source)}`;
  const items = versions.map(({ own, ofSource }) => {
    const link = h("a", { href: packagePage(`${type}/${name}@${own}`) }, visible(own) || "without a version");
    return h("li", {}, link, own === ofSource ? "" : ` of ${visible(ofSource)}`);
  });
  return [
    h("h2", {}, `${visible(name)} (${type})${of}`),
    versions.length > 1 ? h("p", {}, "Newest first: by the time at which a tag first had the version.") : "",
    h("ul", {}, items),
    older ? h("p", {}, `and ${older.toLocaleString("en")} older versions: type the version to find one.`) : "",
  ];
}

function section(match, { uses, more }) {
  const isLive = uses.some(({ now }) => now);
  const page = isLive ? sourcePage(match) : null;
  const rows = uses.map((use) => [tagLinks(use), tagsNote(use), sinceLink(use), use.last === null ? "now" : minute(use.last), listLink(use)]);
  return [
    h("h2", {}, match.isSource ? "" : `${visible(match.name)} ${visible(match.own)} of `, `${visible(match.source)} ${visible(match.ofSource)} (${match.type})`),
    match.installed.length ? h("p", {}, "Installed: ", match.installed.map(visible).join(", "), ".") : "",
    match.isSource ? "" : h("p", {}, "See ", h("a", { href: packagePage(`${match.type}/${match.source}@${match.ofSource}`) }, "all packages of this source"), "."),
    uses.length > 1 ? h("p", {}, "In the order in which the images first had it. Of their tags, the newest version comes first.") : "",
    table(["Tags", "Number", "Since", "Until", "List"], rows),
    more ? h("p", {}, `and ${count(more, "more image")}.`) : "",
    page ? h("p", {}, h("a", { href: inSite(page) }, `All versions of ${visible(match.source)} that tags have now`)) : "",
  ];
}

function tagLinks({ image, tags }) {
  const links = tags.map((tag) => h("a", { href: inSite(tagAddress(image, tag)) }, h("code", {}, `${image}:${tag}`)));
  return h("div", { class: "ri-tags" }, links);
}

function tagsNote({ now, ever }) {
  if (!now) return `had by ${count(ever, "tag")}`;
  return ever > now ? `${now} now, ${ever} ever` : count(now, "tag");
}

// Leads to the package list of the first tag, if it has the package now.
function listLink({ image, tags, platform }) {
  return platform ? h("a", { href: inSite(`${tagAddress(image, tags[0])}${platform}/packages/`) }, "list") : "";
}

// Leads to the change that brought it to the first tag, through the tag's page, which contains a short history itself.
function sinceLink({ image, sinceTag, first }) {
  return h("a", { href: inSite(`${tagAddress(image, sinceTag)}#at-${first}`) }, minute(first));
}
