// Mirrors collector/diff/reasons.py, which states the rule of every reason: why an image or a state is another.

import { filesWords, rootChanged, tellingWords, versionWords } from "./details.js";
import { counted, head } from "./python.js";
import { baseMoved, baseWords, sourceMoved, sourceWords } from "./witnesses.js";

const WEIGHT = [
  "first-seen",
  "gone",
  "unreadable",
  "back",
  "dockerfile-changed",
  "source-changed",
  "files-changed",
  "platform-removed",
  "platform-added",
  "base-moved",
  "rebuilt",
  "repacked",
  "artifacts",
  "metadata",
  "index",
  "same",
];
const MOST_NAMED = 3;
const LONGEST_NAME = 100;
const LONGEST_VERSION = 40;

// Why one image differs from the one before it on its platform, the weightiest first: [{code, text}].
export function imageReasons(before, after, change, newLayers) {
  if (before.config.digest === after.config.digest) {
    if (newLayers) return [reason("repacked", "same image, layers compressed anew")];
    return [reason("metadata", "only metadata: same Image ID")];
  }
  const [ownEdits, baseEdits] = whoseEdits(before, after, change);
  const base = baseReason(before, after, change, baseEdits, newLayers);
  const own = ownReason(before, after, ownEdits, base ? [] : baseEdits);
  const reasons = [own, base].filter(Boolean);
  if (reasons.length) return reasons;
  if (newLayers) return [reason("rebuilt", "rebuilt without a change of steps")];
  return [reason("metadata", "only metadata: same layers and steps")];
}

function reason(code, text) {
  return { code, text };
}

// The steps that changed of the image's own Dockerfile, and those of the base: by annotations, else as deduced.
function whoseEdits(before, after, change) {
  const moved = baseMoved(before, after);
  const everything = [...change.baseEdits, ...change.ownEdits];
  if (moved === false) return [everything, []];
  if (moved && sourceMoved(before, after) === false) return [[], everything];
  return [change.ownEdits, change.baseEdits];
}

function ownReason(before, after, edits, orphans) {
  if (edits.length) {
    const files = filesWords(edits);
    if (files === null) return reason("dockerfile-changed", tellingWords(edits));
    return reason("files-changed", rootChanged(edits) ? "new root filesystem" : files);
  }
  if (orphans.length) return reason("dockerfile-changed", tellingWords(orphans));
  const source = sourceWords(before, after);
  return source ? reason("source-changed", source) : null;
}

function baseReason(before, after, change, baseEdits, newLayers) {
  const windows = windowsWords(before, after);
  const deduced = newLayers && (baseEdits.length > 0 || change.baseRebuilt || windows !== null);
  if (!(baseMoved(before, after) ?? deduced)) return null;
  const version = windows || versionWords(baseEdits);
  return reason("base-moved", baseWords(before, after) + (version ? `: ${version}` : ""));
}

// How Windows below an image moved; empty where its layers moved and the version is the same or not said; null where
// nothing moved.
function windowsWords(before, after) {
  const [old, now] = [before, after].map((image) => image.platform["os.version"] ?? "");
  if (old !== now && old && now) return `Windows ${head(old, LONGEST_VERSION)} → ${head(now, LONGEST_VERSION)}`;
  return foreignLayers(before) !== foreignLayers(after) ? "" : null;
}

function foreignLayers(image) {
  return JSON.stringify(image.layers.filter((layer) => layer.media_type.includes(".foreign.")).map((layer) => layer.digest));
}

// Why a state differs from the one before it, the weightiest reason first. `images` are the platforms whose image
// changed, as {platform, reasons}; `artifacts` the digests of what is no image, before and after.
export function stateReasons(images, { unchanged, added, removed, attestationsChanged, artifacts }) {
  const codes = new Set(images.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
  const reasons = [...codes].map((code) => joined(code, images, unchanged));
  if (added.length) reasons.push(reason("platform-added", `${names(added)} added`));
  if (removed.length) reasons.push(reason("platform-removed", `${names(removed)} removed`));
  const words = artifactWords(...artifacts);
  if (words) reasons.push(reason("artifacts", words));
  if (!reasons.length) reasons.push(reason("index", `same images, ${attestationsChanged ? "other attestations" : "another index"}`));
  return reasons.sort((left, right) => WEIGHT.indexOf(left.code) - WEIGHT.indexOf(right.code));
}

// One reason of several platforms, in the words that most of them have; where not all have it, says which do.
function joined(code, images, unchanged) {
  const having = images.flatMap(({ platform, reasons }) =>
    reasons.filter((one) => one.code === code).map(({ text }) => ({ platform, text })),
  );
  const counts = [...counted(having.map(({ text }) => text))];
  const [text] = counts.reduce((most, one) => (one[1] > most[1] ? one : most));
  const all = images.length + unchanged;
  if (having.length === all) return reason(code, text);
  const where = having.length === 1 ? head(having[0].platform, LONGEST_NAME) : `${having.length} of ${all} platforms`;
  return reason(code, `${text} (on ${where})`);
}

// `artifact changed`, `2 artifacts added, artifact removed`; empty where they are the same.
function artifactWords(before, after) {
  const [old, now] = [new Set(before), new Set(after)];
  const added = [...now].filter((digest) => !old.has(digest)).length;
  const removed = [...old].filter((digest) => !now.has(digest)).length;
  if (added === 1 && removed === 1) return "artifact changed";
  const said = (count, what) => (count ? [`${count === 1 ? "artifact" : `${count} artifacts`} ${what}`] : []);
  return [...said(added, "added"), ...said(removed, "removed")].join(", ");
}

function names(platforms) {
  const counts = [...counted(platforms.map(({ platform }) => head(platform, LONGEST_NAME)))];
  if (counts.length > MOST_NAMED) return `${platforms.length} platforms`;
  return counts.map(([name, count]) => (count === 1 ? name : `${count} images for ${name}`)).join(", ");
}
