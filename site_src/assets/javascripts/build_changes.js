// Mirrors collector/lookup/build_changes.py: the releases, in a period, of the images that a file names.

import { readHistory } from "./historyparts.js";
import { imageNamed, loadNames, tagAddress } from "./names.js";
import { Problem, parseReference, quoted } from "./references.js";

// An image that a file names, with its releases after `since`, up to `until` or the end of the archive (null): `name` and
// `history` (an address) if the archive has it, `isPinned`, `before` and `after` (`name:tag@digest` at the beginning and at
// the end; empty: unknown), `now` (its digest), `releases` with the newest first, and `problem`, the reason why nothing is known.
// `isLeftOut`: the releases are states without reasons, because the site leaves the history out. A release has the bases that
// moved in it, as its history has them, each with `address`, that of its own history (empty: none).
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
  const isIn = (release) => release.updated > since && (until === null || release.since <= until);
  const told = releases.filter(isIn).map((release) => ({ ...release, bases: basesOf(release, names) }));
  return { name, history, isPinned, before: pinAt(since), after: pinAt(until), now: rows[0].digest, releases: told, isLeftOut };
}

function basesOf({ bases = [] }, names) {
  return bases.map((base) => {
    const image = imageNamed(names, base.image);
    return { ...base, address: image ? `${tagAddress(names, image, base.tag)}#at-${base.since}` : "" };
  });
}
