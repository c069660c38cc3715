// Compares two states like collector/diff/differ.py, but without reasons, which histories contain.
//
// States are JSON with all fields of collector/model/images.py; their images also have `packages` if these are known. A change
// has the fields of collector/diff/changes.py. A test compares the changes with those that Python finds.

import { pair, withoutDefaults } from "./changes.js";
import { MAX_LISTED } from "./configs.js";
import { compareImages } from "./images.js";
import { matchPlatforms } from "./platform_matches.js";
import { attestationsOf, createdOf, imagesOf, normalized, platformKey, platformName, sizeOf } from "./model.js";

// The change from one state to the next; either may be null.
export function compareStates(before, after) {
  if (before && after && before.digest !== after.digest) return compare(before, after);
  const facts = { before: before?.digest ?? null, after: after?.digest ?? null };
  if (!after) return withoutDefaults({ ...facts, platforms_removed: matchPlatforms(before, null).removed.map(factOf) });
  if (!before) return withoutDefaults({ ...facts, platforms_added: matchPlatforms(null, after).added.map(factOf) });
  return withoutDefaults({ ...facts, unchanged: imagesOf(after).length });
}

function compare(before, after) {
  const matching = matchPlatforms(before, after);
  const [added, removed] = [matching.added.map(factOf), matching.removed.map(factOf)];
  const changed = matching.both
    .filter(([old, now]) => old.image.manifest !== now.image.manifest)
    .map(([old, now]) => [asKnown(old, now), now])
    .map(([old, now]) => [old, now, compareImages(old.image, now.image)]);
  const unchanged = matching.both.length - changed.length;
  const pools = { settings: new Pool(), steps: new Pool(), packages: new Pool() };
  const images = changed.map(([old, now, difference]) => describe(old, now, difference, pools));
  const attested = [before, after].map((state) => attestationsOf(state).map((image) => image.manifest));
  const artifacts = [before, after].map((state) => state.artifacts.map((artifact) => artifact.digest));
  return withoutDefaults({
    before: before.digest,
    after: after.digest,
    media_type: pair(before.media_type, after.media_type),
    platforms_added: added,
    platforms_removed: removed,
    unchanged,
    images,
    settings: pools.settings.items,
    steps: pools.steps.items,
    packages: pools.packages.items,
    attestations: pair(attested[0].length, attested[1].length),
    artifacts: pair(...artifacts),
  });
}

// Items that several platforms share, each kept once.
class Pool {
  #places = new Map();
  items = [];

  places(items) {
    return items.map((item) => this.#place(item));
  }

  #place(item) {
    const key = JSON.stringify(item);
    if (!this.#places.has(key)) this.#places.set(key, this.items.push(item) - 1);
    return this.#places.get(key);
  }
}

function describe(old, now, { config, annotations, packages, layers }, pools) {
  const [before, after] = [old.image, now.image];
  const sources = packages?.changes ?? [];
  return {
    platform: nameOf(now),
    slug: now.slug,
    ...withoutDefaults({
      platform_name: renamed(old, now),
      manifest: pair(before.manifest, after.manifest),
      config: pair(before.config.digest, after.config.digest),
      created: pair(createdOf(before.config), createdOf(after.config)),
      docker_version: pair(before.config.docker_version, after.config.docker_version),
      size: pair(sizeOf(before), sizeOf(after)),
      settings: pools.settings.places([...config.settings, ...annotations]),
      steps: pools.steps.places(config.steps),
      steps_kept: config.stepsKept,
      steps_rebuilt: config.stepsRebuilt,
      packages: pools.packages.places(sources.slice(0, MAX_LISTED)),
      left_out: config.leftOut + Math.max(sources.length - MAX_LISTED, 0),
      layers,
    }),
    ...(packages && { packages_kept: packages.kept }),
  };
}

// The old image. If both have the same Image ID, and only one config has all its fields, it gets the config of the new image.
function asKnown(old, now) {
  const [before, after] = [old.image.config, now.image.config];
  if (before.digest !== after.digest || (before.runtime === null) === (after.runtime === null)) return old;
  return { ...old, image: { ...old.image, config: after } };
}

// Both names, if they differ in more than their spelling.
function renamed(old, now) {
  const [before, after] = [old, now].map(({ image }) => platformKey(normalized(image.platform)));
  return before === after ? null : pair(nameOf(old), nameOf(now));
}

function nameOf({ image }) {
  return platformName(image.platform);
}

function factOf({ slug, image }) {
  return { platform: platformName(image.platform), slug, manifest: image.manifest, size: sizeOf(image) };
}
