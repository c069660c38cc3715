// Mirrors collector/diff/images.py: compares two images of one platform.

import { settingChange, withoutDefaults } from "./changes.js";
import { compareConfigs } from "./configs.js";
import { comparePackages } from "./package_changes.js";
import { sum } from "./python.js";
import { bounded } from "./word_diff.js";

// The annotations on base image and source, in the order of collector/diff/annotations.py.
const ANNOTATIONS = ["base.name", "base.digest", "version", "revision", "source"].map((name) => `org.opencontainers.image.${name}`);

export function compareImages(before, after) {
  const layers = compareLayers(before, after);
  return {
    config: compareConfigs(before.config, after.config),
    annotations: compareAnnotations(before, after),
    packages: layers?.new ? comparePackages(before.packages, after.packages) : null,
    layers,
  };
}

// The annotations on base image and source that differ; none if an image comes from a page, which shows no annotations.
function compareAnnotations(before, after) {
  if (before.config.runtime === null || after.config.runtime === null) return [];
  const [old, now] = [new Map(before.annotations), new Map(after.annotations)];
  const shown = (value) => (value === undefined ? null : bounded(value));
  return ANNOTATIONS.filter((name) => old.get(name) !== now.get(name)).map((name) =>
    settingChange("annotation", name, shown(old.get(name)), shown(now.get(name))),
  );
}

// The layers that a pull fetches if the old image is present; null if the layers are the same.
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
