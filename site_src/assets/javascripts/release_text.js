// Mirrors collector/pages/release_text.py: the progress of a release on its platforms, and the bases that moved in it.

import { head, isLonger } from "./differ/python.js";
import { day, minute } from "./text.js";

const MAX_NAMES = 2;
const MAX_NAME = 100; // characters
const UPDATES = new Set(["version", "steps", "base", "root-filesystem", "packages", "rebuilt", "metadata"]); // reach one platform after another

// `7 of 7 platforms`, `6 of 7 platforms, linux/s390x to follow`; empty if the tag has at most one platform. The argument is a
// release of a history. `names`: slug of a platform → its name.
export function progressText({ cause, names, of = 0, arrived = {}, to_follow: following = [], skipped = {}, dropped = [], returned = [] }) {
  if (of <= 1 || !UPDATES.has(cause)) return "";
  const fates = Object.entries({ "to follow": following, skipped: Object.keys(skipped), dropped });
  const count = Object.keys(arrived).length;
  const others = fates.reduce((sum, [, slugs]) => sum + slugs.length, returned.length);
  const words = fates.flatMap(([word, slugs]) => (slugs.length ? `${named(slugs, names)} ${word}` : []));
  return [`${count} of ${others ? count + others : of} platforms`, ...words].join(", ");
}

// `on linux/s390x`, `on 3 platforms`; empty if there are none.
export function whereText(slugs, names) {
  if (!slugs.length) return "";
  return `on ${named(slugs, names)}${slugs.length > MAX_NAMES ? " platforms" : ""}`;
}

// A function that names the time of a base's release: by its day, and by its minute if another release of the base is of that day.
export function baseTimes(bases) {
  const times = new Map();
  const dayOf = ({ image, tag, since }) => `${image}:${tag} ${day(since)}`;
  for (const base of bases) times.set(dayOf(base), (times.get(dayOf(base)) ?? new Set()).add(base.since));
  return (base) => (times.get(dayOf(base)).size > 1 ? minute(base.since) : day(base.since));
}

function named(slugs, names) {
  if (slugs.length > MAX_NAMES) return String(slugs.length);
  return slugs.map((slug) => cut(names[slug] ?? slug)).join(" and ");
}

function cut(name) {
  return isLonger(name, MAX_NAME) ? `${head(name, MAX_NAME - 1)}…` : name;
}
