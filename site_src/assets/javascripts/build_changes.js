// Mirrors collector/lookup/build_changes.py: finds the releases in a period of the images that a file names.

import { readHistory } from "./historyparts.js";
import { imageNamed, loadNames, tagAddress } from "./names.js";
import { Problem, parseReference, quoted } from "./references.js";
import { baseTimes } from "./release_text.js";

// An image that a file names, with its releases after `since` and up to `until` (null: up to the end of the archive):
// - `name`, and `history`, the address of its history: empty if the archive does not have the image
// - `isPinned`: whether the file names a digest
// - `before`, `after`: `name:tag@digest` at the beginning and the end of the period; empty if unknown
// - `now`: the current digest
// - `releases`: newest first, each with `bases`: the bases that moved, with the `address` of their own release (empty: none), and its `time` in words
// - `isLeftOut`: the site leaves the history out, so the releases are states without reasons
// - `problem`: why nothing is known; empty if something is
export async function changesOf(image, since, until) {
  const named = { ...image, name: "", history: "", isPinned: false, before: "", after: "", now: null, releases: [], isLeftOut: false };
  if (!image.reference) return named;
  try {
    return { ...named, problem: "", ...(await changes(parseReference(image.reference), since, until)) };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { ...named, problem: problem.message };
  }
}

async function changes({ image: asked, tag, isPinned }, since, until) {
  if (tag === null) return { isPinned };
  const names = await loadNames();
  const image = imageNamed(names, asked);
  if (!image) throw new Problem(`the archive has no image ${quoted(asked)}`);
  if (![...image.tags, ...image.gone].includes(tag)) throw new Problem(`the archive has no tag ${quoted(tag)} of ${image.name}`);
  const name = `${image.name}:${tag}`;
  const history = `${tagAddress(names, image, tag)}history/`;
  const { rows, releases, isLeftOut } = await readHistory(history);
  const pinAt = (moment) => {
    const row = rows.find((row) => moment === null || row.since <= moment);
    return row?.digest ? `${name}@${row.digest}` : "";
  };
  const isInPeriod = (release) => release.updated > since && (until === null || release.since <= until);
  const timeOf = baseTimes(releases.flatMap(({ bases = [] }) => bases));
  const inPeriod = releases.filter(isInPeriod).map((release) => ({ ...release, bases: basesOf(release, names, timeOf) }));
  return { name, history, isPinned, before: pinAt(since), after: pinAt(until), now: rows[0].digest, releases: inPeriod, isLeftOut };
}

function basesOf({ bases = [] }, names, timeOf) {
  return bases.map((base) => {
    const image = imageNamed(names, base.image);
    return { ...base, time: timeOf(base), address: image ? `${tagAddress(names, image, base.tag)}#at-${base.since}` : "" };
  });
}
