// Mirrors collector/lookup/targets.py: resolves references to digests and states.

import { Problem, quoted, rendered } from "./references.js";
import { describePlace, findDigest, imageAddress } from "./digests.js";
import { rowsOf } from "./historyparts.js";
import { imageNamed, loadNames, tagAddress } from "./names.js";

const MAX_NAMED = 3;
const SECOND = 1000;

// {image, tag, digest, number, imageAddress, since, until, tagAddress, where}: `number` is that of the state's object. If the
// reference has no tag, `tag` is null, and `where` has the tags.
export async function findTarget(asked) {
  const names = await loadNames();
  const image = asked.image === null ? null : imageNamed(names, asked.image);
  if (image) return asked.hex ? targetOfDigest(names, image, asked.tag, asked.hex) : targetOfTag(names, image, asked);
  if (asked.image === null) return targetOfDigest(names, null, null, asked.hex);
  const meant = names.byName.get(near(asked.image, [...names.byName.keys()]));
  throw new Problem(`the archive has no image ${quoted(asked.image)}`, "", meant ? `${meant.name}:${asked.tag ?? "latest"}` : null);
}

async function targetOfTag(names, image, { tag, asOf }) {
  const tags = [...image.tags, ...image.gone];
  if (!tags.includes(tag)) {
    const meant = near(tag, tags) ?? tags[0];
    throw new Problem(`the archive has no tag ${quoted(tag)} of ${image.name}`, "", meant ? `${image.name}:${meant}` : null);
  }
  const historyAddress = `${tagAddress(names, image, tag)}history/`;
  const newer = [];
  for await (const row of rowsOf(historyAddress)) {
    if (asOf === null || row.since <= asOf) {
      if (row.digest) return found(names, image, tag, row);
      break;
    }
    newer.push(row);
  }
  throw await absence(image, tag, historyAddress, asOf);
}

function found(names, image, tag, row) {
  const name = `${image.name}:${tag}`;
  if (row.state === undefined) throw new Problem(`the archive lacks a part of what ${name} was: ${row.digest}`);
  const address = tagAddress(names, image, tag);
  const { digest, state, since, until } = row;
  return { image: image.name, tag, digest, number: state, imageAddress: image.address, since, until, tagAddress: address };
}

// The problem of a tag that had no digest at a time, with the nearest time at which it had one.
async function absence(image, tag, historyAddress, asOf) {
  const rows = [];
  for await (const row of rowsOf(historyAddress)) rows.push(row);
  const moment = asOf ?? rows[0].since;
  const then = rows.find((row) => row.since <= moment);
  const nearest = nearestMoment(rows, moment);
  const instead = nearest ? `${image.name}:${tag}@${nearest}` : null;
  const hint = nearest ? "the nearest time at which it existed:" : "the archive knows no time at which it existed";
  return new Problem(`${image.name}:${tag} ${absenceWords(rows, then)}`, hint, instead);
}

function absenceWords(rows, then) {
  if (!then) return `was not seen before ${rows.at(-1).since}`;
  if (!then.gone) return `could not be read since ${then.since}`;
  const before = rows.slice(rows.indexOf(then) + 1);
  return before.some((row) => row.digest) ? `has been gone since ${then.since}` : `did not exist yet on ${then.since}, when it was first looked for`;
}

function nearestMoment(rows, moment) {
  const there = rows.filter((row) => row.digest);
  const moments = there.flatMap(({ since, until }) => [
    ...(since > moment ? [since] : []),
    ...(until ? [rendered(new Date(Date.parse(until) - SECOND))] : []),
  ]);
  const distance = (one) => Math.abs(Date.parse(one) - Date.parse(moment));
  return moments.reduce((best, one) => (best === null || distance(one) < distance(best) ? one : best), null);
}

async function targetOfDigest(names, image, tag, hex) {
  const places = (await findDigest(hex)).filter((place) => !image || place.image === image.name);
  const known = (await Promise.all(places.map(async (place) => ({ place, ...(await describePlace(place, hex)) })))).filter(
    ({ object }) => object,
  );
  const states = known.filter(isState);
  const digests = new Set(states.map(digestOf));
  if (digests.size > 1) throw new Problem(`several digests begin with ${hex}`, [...digests].slice(0, MAX_NAMED).join(", "));
  if (!states.length) throw noState(known, image, hex);
  const [{ place, where }] = states;
  const digest = digestOf(states[0]);
  const owner = image ?? names.byName.get(place.image);
  const row = tag ? await periodOf(names, owner, tag, digest) : null;
  if (row) return found(names, owner, tag, row);
  return { image: place.image, tag: null, digest, number: place.number, imageAddress: imageAddress(place.image), where };
}

// The objects that a tag can point at: an index, a manifest, or a single artifact.
function isState({ object, found }) {
  return Boolean(object.state) || (object.manifest !== undefined && found.some(({ digest }) => digest === object.manifest));
}

function digestOf({ object }) {
  return object.state ?? object.manifest;
}

function noState(known, image, hex) {
  const where = image ? `${image.name}: the` : "the";
  if (!known.length) return new Problem(`${where} archive has no index or manifest ${hex}`);
  const [{ found, object }] = known;
  if (object.partial) return new Problem(`${where} archive lacks a part of ${object.partial}`);
  return new Problem(`${found[0].digest} is not an index or a manifest`, `its kind: ${found[0].kind}`);
}

// The row of the last time that a tag had a digest; null if it never had it. Docker accepts such a reference as well.
async function periodOf(names, image, tag, digest) {
  if (![...image.tags, ...image.gone].includes(tag)) return null;
  for await (const row of rowsOf(`${tagAddress(names, image, tag)}history/`)) if (row.digest === digest) return row;
  return null;
}

// The name that may have been meant: the one that has the most pairs of letters in common, if these are more than half.
function near(asked, names) {
  const share = (name) => {
    const [left, right] = [pairsOf(asked), pairsOf(name)];
    return (2 * left.filter((pair) => right.includes(pair)).length) / (left.length + right.length);
  };
  const best = names.reduce((best, name) => (share(name) > best.share ? { name, share: share(name) } : best), { name: null, share: 0.5 });
  return best.name;
}

function pairsOf(name) {
  const text = ` ${name.slice(0, 100)} `;
  return [...text.slice(1)].map((letter, at) => text[at] + letter);
}
