// What happened to the platforms that only one of two states of a tag has. Docker's official tags lose platforms for hours or days with
// each new version, and "removed" would mislead.

import { readHistory } from "./historyparts.js";
import { minute } from "./text.js";

const LONG_ABSENCE = 30 * 86_400_000; // milliseconds; releases have the same limit (collector/releases/platform_images.py)

// Slug → `{word, note}`, in the words of histories; without those that were really added or removed. `from`, `to`: the sides of the
// comparison (targets.js).
export async function platformFates({ from, to }, { platforms_added: added = [], platforms_removed: removed = [] }) {
  const fates = new Map();
  if (!(added.length || removed.length) || !from.tagAddress || from.tagAddress !== to.tagAddress) return fates;
  const { rows, releases } = await readHistory(`${from.tagAddress}history/`);
  const isToFollow = (slug) => releases.some(({ to_follow: following = [] }) => following.includes(slug));
  for (const { slug } of removed) {
    const { wasThere, back } = absence(rows, to, slug);
    if (wasThere && back) {
      if (isShort(to, back)) fates.set(slug, { word: "temporarily absent", note: `, back on ${minute(back.since)}` });
    } else if (wasThere && isToFollow(slug)) fates.set(slug, { word: "to follow", note: "" });
  }
  for (const { slug } of added) {
    const { wasThere, back } = absence(rows, from, slug);
    if (wasThere && back && isShort(from, back)) fates.set(slug, { word: "back", note: "" });
  }
  return fates;
}

// Whether a tag had a platform before a state that lacks it, and the row with which it came back. A row names the platforms that
// came, changed or went.
function absence(rows, { since }, slug) {
  const isNamed = ({ platforms = [] }) => platforms.includes(slug);
  const at = rows.findIndex((row) => row.since === since);
  return { wasThere: rows.slice(at).some(isNamed), back: rows.slice(0, at).filter(isNamed).at(-1) };
}

function isShort({ since }, back) {
  return Date.parse(back.since) - Date.parse(since) <= LONG_ABSENCE;
}
