// Mirrors collector/diff/images.py: two images of one platform beside each other.

import { withoutDefaults } from "./changes.js";
import { compareConfigs } from "./configs.js";
import { sum } from "./python.js";
import { imageReasons } from "./reasons.js";
import { compareAnnotations } from "./witnesses.js";

export function compareImages(before, after) {
  const config = compareConfigs(before.config, after.config);
  const layers = compareLayers(before, after);
  const reasons = imageReasons(before, after, config, Boolean(layers?.new));
  return { config, annotations: compareAnnotations(before, after), layers, reasons };
}

// What somebody with the image before must fetch for the image after; null where the layers are the same.
function compareLayers(before, after) {
  const old = before.layers.map((layer) => layer.digest);
  const now = after.layers.map((layer) => layer.digest);
  if (old.length === now.length && old.every((digest, at) => digest === now[at])) return null;
  const [there, wanted] = [new Set(old), new Set(now)];
  const fetched = [];
  const kept = [];
  for (const { digest, size } of after.layers) {
    if (there.has(digest)) kept.push(size);
    else fetched.push({ digest, size });
    there.add(digest);
  }
  return withoutDefaults({
    kept: kept.length,
    kept_bytes: sum(kept),
    dropped: [...new Set(old)].filter((digest) => !wanted.has(digest)).length,
    new: fetched,
    fetch_bytes: sum(fetched.map((layer) => layer.size)),
  });
}
