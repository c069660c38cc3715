// The suggestions of the search box: names at once; digests, versions and packages as soon as they are known.

import { describePlace, findDigest, tagAddress as addressOf } from "./digests.js";
import { exactMatch, goneNote, loadNames, matchAddress, searchNames, similarNames, titleOf } from "./names.js";
import { hasPackages, matchesOf, packagePage, packagesNamed, parsePackage } from "./packages.js";
import { parseQuery } from "./queries.js";
import { digestPage, failureText, inSite } from "./site.js";
import { count, day, visible } from "./text.js";
import { usesOfVersion } from "./versions.js";

const MAX_VERSIONS = 5;

// Yields `{options, status}`, each more complete than the one before.
export async function* suggest(query, limit) {
  const { hex, isSure } = parseQuery(query);
  let names = { options: [], status: "" };
  if (!isSure) {
    try {
      names = nameOptions(await loadNames(), query, limit);
    } catch (error) {
      names.status = offline(error).status;
    }
    if (!hex) {
      yield names;
      yield* withOthers(query, names);
      return;
    }
  }
  yield { options: names.options, status: "Looking up the digest…" };
  const digest = await digestOptions(query, hex).catch(offline);
  const isName = names.options.length > 0 && digest.options.length === 0;
  yield { options: [...digest.options, ...names.options], status: isName ? names.status : digest.status };
}

function offline(error) {
  return { options: [], status: failureText(error, "The index") };
}

// Yields the names with the tags that are or were this version, and with the packages of this name, if there are any.
async function* withOthers(query, names) {
  const asked = hasPackages ? parsePackage(query) : null;
  const [versions, named] = await Promise.all([versionOptions(query), asked ? packagesNamed(asked).catch(() => []) : []]);
  const packages = named.flatMap((one) => packageOption(asked, one));
  const options = [...versions, ...packages];
  if (!options.length) return;
  const isName = names.hasMatches && !asked?.isSure;
  yield isName
    ? { options: [...names.options, ...options], status: names.status }
    : { options, status: versions.length ? count(options.length, "match", "matches") : count(options.length, "package") };
}

async function versionOptions(query) {
  const uses = await loadNames().then((names) => usesOfVersion(names, query)).catch(() => []);
  return uses.slice(0, MAX_VERSIONS).map(({ version, variable, image, tags, ever, since, until, address }) => ({
    href: inSite(address),
    title: `${image}:${tags[0]}${ever > 1 ? ` and ${ever - 1} more` : ""}`,
    note: `${until === null ? "is" : "was"} ${visible(`${variable} ${version}`)} · ${day(since)} – ${until === null ? "now" : day(until)}`,
    gone: until !== null,
  }));
}

function packageOption(asked, one) {
  const { name, type, source, versions, older } = one;
  if (asked.version && !matchesOf([one], asked.version).length) return [];
  const of = source === name ? "" : ` of ${source}`;
  const number = asked.version ? "" : `, ${count(versions.length + older, "version")}`;
  const query = `${type}/${name}${asked.version ? `@${asked.version}` : ""}`;
  return [{ href: packagePage(query), title: [name, asked.version].join(" ").trim(), note: `package (${type})${of}${number}` }];
}

function nameOptions(names, query, limit) {
  const { total, matches } = searchNames(names, query, limit);
  const options = matches.map((match) => nameOption(names, match));
  if (total > matches.length) {
    options.push({ href: digestPage(query), title: `All ${total.toLocaleString("en")} matches`, note: "" });
  }
  if (!total) return similar(names, query);
  return { options, status: total > matches.length ? `The first ${matches.length}` : count(total, "match", "matches"), hasMatches: true };
}

function nameOption(names, { image, tag, gone }) {
  return {
    href: matchAddress(names, { image, tag }),
    title: titleOf({ image, tag }),
    note: tag === null ? count(image.tags.length, "tag") : gone ? goneNote(image, tag) : "",
    gone,
  };
}

function similar(names, query) {
  const options = similarNames(names, query).map((match) => nameOption(names, { ...match, gone: false }));
  const question = options.length ? `. Did you mean ${options.map(({ title }) => title).join(" or ")}?` : "";
  return { options, status: `No such image or tag${question}` };
}

// The address for a text of which no suggestion was chosen: the page of that name, else the page that lists all matches.
export async function entered(query) {
  const { hex, isSure } = parseQuery(query);
  if (isSure || (hex && /\s/.test(query))) return digestPage(query); // a digest, perhaps among other words
  const names = await loadNames();
  const match = exactMatch(names, query);
  if (match) return matchAddress(names, match);
  return (await isPackage(query, searchNames(names, query, 1).total)) ? packagePage(query) : digestPage(query);
}

// Whether a text is a package: it can only be one, or it is the name of one and of no image or tag.
async function isPackage(query, names) {
  const asked = hasPackages ? parsePackage(query) : null;
  if (!asked || (names && !asked.isSure)) return false;
  return (await packagesNamed(asked).catch(() => [])).length > 0;
}

async function digestOptions(query, hex) {
  const places = await findDigest(hex);
  const known = places.length ? await describePlace(places[0], hex) : null;
  if (!known && places.length < 2) return { options: [], status: "This digest is not in this archive" };
  const page = { href: digestPage(query), title: "All about this digest", note: placesNote(places) };
  if (!known) return { options: [page], status: count(places.length, "possible match", "possible matches") };
  const [{ kind, digest }] = known.found;
  const uses = known.where.slice(0, 5).map((use) => useOption(places[0].image, kind, use));
  return { options: [...uses, page], status: `${kind} ${digest.slice(0, 19)}…` };
}

function useOption(image, kind, { platform, tags, more, from, until, addresses }) {
  const [tag] = tags;
  const others = tags.length - 1 + more;
  return {
    href: inSite(addressOf(image, tag, addresses)),
    title: `${image}:${tag}${others ? ` and ${others} more` : ""}`,
    note: [kind, platform, `${day(from)} – ${until === null ? "now" : day(until)}`].filter(Boolean).join(" · "),
    gone: until !== null,
  };
}

function placesNote(places) {
  const images = new Set(places.map(({ image }) => image)).size;
  return images > 1 ? `in ${count(images, "image")}` : "";
}
