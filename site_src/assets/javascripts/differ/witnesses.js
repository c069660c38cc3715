// Mirrors collector/diff/annotations.py: what annotations say of why an image is another. It names them as
// collector/model/annotations.py does.

import { settingChange } from "./changes.js";
import { head, isLonger, split } from "./python.js";
import { bounded } from "./words.js";

const BASE_NAME = "org.opencontainers.image.base.name";
const BASE_DIGEST = "org.opencontainers.image.base.digest";
const VERSION = "org.opencontainers.image.version";
const REVISION = "org.opencontainers.image.revision";
const SOURCE = "org.opencontainers.image.source";

const COMPARED = [BASE_NAME, BASE_DIGEST, VERSION, REVISION, SOURCE];
const LONGEST_NAME = 100;
const LONGEST_VALUE = 40;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const COMMIT_SHOWN = 10;

// The annotations that tell what an image is made of, where they differ; pages say nothing of annotations.
export function compareAnnotations(before, after) {
  if (before.config.runtime === null || after.config.runtime === null) return [];
  const [old, now] = [new Map(before.annotations), new Map(after.annotations)];
  const shown = (value) => (value === undefined ? null : bounded(value));
  return COMPARED.filter((name) => old.get(name) !== now.get(name)).map((name) =>
    settingChange("annotation", name, shown(old.get(name)), shown(now.get(name))),
  );
}

// Whether the base image is another, by its digest or name; null where the annotations do not tell.
export function baseMoved(before, after) {
  const [digests, names] = [both(before, after, BASE_DIGEST), both(before, after, BASE_NAME)];
  if (digests) return digests[0] !== digests[1];
  return names && names[0] !== names[1] ? true : null;
}

export function baseWords(before, after) {
  const names = both(before, after, BASE_NAME);
  if (!names) return "base image moved";
  const [old, now] = names.map((name) => head(line(name), LONGEST_NAME));
  return old === now ? `base image ${now} moved` : `base image ${old} → ${now}`;
}

// Whether the source is another, by its revision; null where the annotations do not tell.
export function sourceMoved(before, after) {
  const revisions = both(before, after, REVISION);
  return revisions && revisions[0] !== revisions[1];
}

// `version 1.0 → 1.1`, else `source 1a2b3c4d5e → 6f7a8b9c0d`; empty where the source is not known to be another.
export function sourceWords(before, after) {
  if (sourceMoved(before, after) === false) return "";
  for (const [name, what] of [[VERSION, "version"], [REVISION, "source"], [SOURCE, "source"]]) {
    const values = both(before, after, name);
    if (!values || values[0] === values[1]) continue;
    const [old, now] = values.map(short);
    const isShort = !isLonger(old, LONGEST_VALUE) && !isLonger(now, LONGEST_VALUE) && old !== now;
    return isShort ? `${what} ${old} → ${now}` : `${what} changed`;
  }
  return "";
}

// The values of both images, where both have one.
function both(before, after, name) {
  const [old, now] = [new Map(before.annotations).get(name), new Map(after.annotations).get(name)];
  return old && now ? [old, now] : null;
}

function short(value) {
  return COMMIT.test(value) ? value.slice(0, COMMIT_SHOWN) : line(value);
}

function line(value) {
  return split(value).join(" ");
}
