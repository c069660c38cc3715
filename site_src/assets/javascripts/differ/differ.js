// Mirrors collector/diff/differ.py: two states in, one change out.
//
// States are what collector/model/images.py describes, as JSON with all fields; the change is what
// collector/diff/changes.py describes. The same states give the same change here and there, and a test holds that.

import { pair, withoutDefaults } from "./changes.js";
import { compareImages } from "./images.js";
import { matchPlatforms } from "./matching.js";
import { attestationsOf, createdOf, imagesOf, normalized, platformKey, platformName, sizeOf } from "./model.js";
import { stateReasons } from "./reasons.js";

// The step from one state to the next, each of which may be null. In a tag's history `was` is the period that ended and
// `now` the one that began, as {digest, gone}, null where there is none.
export function compareStates(before, after, { was = null, now = null } = {}) {
  if (!after) {
    const removed = matchPlatforms(before, null).removed.map(factOf);
    return withoutDefaults({ before: before?.digest ?? null, reason: absence(before, was, now), platforms_removed: removed });
  }
  if (!before) {
    const added = matchPlatforms(null, after).added.map(factOf);
    return withoutDefaults({ after: after.digest, reason: firstSeen(was), platforms_added: added });
  }
  if (before.digest === after.digest) {
    return withoutDefaults({ before: before.digest, after: after.digest, reason: same(was), unchanged: imagesOf(after).length });
  }
  return compare(before, after, Boolean(was?.gone));
}

function compare(before, after, isBack) {
  const matching = matchPlatforms(before, after);
  const [added, removed] = [matching.added.map(factOf), matching.removed.map(factOf)];
  const changed = matching.both
    .filter(([old, now]) => old.image.manifest !== now.image.manifest)
    .map(([old, now]) => [asKnown(old, now), now])
    .map(([old, now]) => [old, now, compareImages(old.image, now.image)]);
  const unchanged = matching.both.length - changed.length;
  const [settings, steps] = [new Pool(), new Pool()];
  const images = changed.map(([old, now, difference]) => describe(old, now, difference, settings, steps));
  const attested = [before, after].map((state) => attestationsOf(state).map((image) => image.manifest));
  const artifacts = [before, after].map((state) => state.artifacts.map((artifact) => artifact.digest));
  const reasons = stateReasons(
    changed.map(([, now, difference]) => ({ platform: nameOf(now), reasons: difference.reasons })),
    { unchanged, added, removed, attestationsChanged: Boolean(pair(...attested)), artifacts },
  );
  const [reason, ...also] = isBack ? [{ code: "back", text: "back" }, ...reasons] : reasons;
  return withoutDefaults({
    before: before.digest,
    after: after.digest,
    reason,
    also,
    media_type: pair(before.media_type, after.media_type),
    platforms_added: added,
    platforms_removed: removed,
    unchanged,
    images,
    settings: settings.items,
    steps: steps.items,
    attestations: pair(attested[0].length, attested[1].length),
    artifacts: pair(...artifacts),
  });
}

// Things that several platforms share, each kept once.
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

function describe(old, now, { config, annotations, layers, reasons }, settings, steps) {
  const [before, after] = [old.image, now.image];
  return {
    platform: nameOf(now),
    slug: now.slug,
    ...withoutDefaults({
      reasons: reasons.map(({ code }) => code),
      platform_name: renamed(old, now),
      manifest: pair(before.manifest, after.manifest),
      config: pair(before.config.digest, after.config.digest),
      created: pair(createdOf(before.config), createdOf(after.config)),
      docker_version: pair(before.config.docker_version, after.config.docker_version),
      size: pair(sizeOf(before), sizeOf(after)),
      settings: settings.places([...config.settings, ...annotations]),
      steps: steps.places(config.steps),
      steps_kept: config.stepsKept,
      steps_rebuilt: config.stepsRebuilt,
      left_out: config.leftOut,
      layers,
    }),
  };
}

// The image before, with the fuller form of its config where the image after has the same: one Image ID is one config.
function asKnown(old, now) {
  const [before, after] = [old.image.config, now.image.config];
  if (before.digest !== after.digest || (before.runtime === null) === (after.runtime === null)) return old;
  return { ...old, image: { ...old.image, config: after } };
}

// Why there is no state: gone by the registry's word or the source's, or there and not understood.
function absence(before, was, now) {
  if (now && !now.gone) return { code: "unreadable", text: "could not be read" };
  const isRemoved = now?.gone === "removed";
  return { code: "gone", text: absenceWords(isRemoved, Boolean(was?.gone), !before && !was && !isRemoved) };
}

function absenceWords(isRemoved, wasGone, isFirst) {
  if (wasGone) return isRemoved ? "still gone, and no longer followed" : "still gone";
  if (isFirst) return "not there yet";
  return isRemoved ? "gone: no longer followed" : "gone: no such tag any more";
}

// A first state; before it there may have been something that could not be understood.
function firstSeen(was) {
  return { code: "first-seen", text: was && !was.gone ? "first seen in a form that could be read" : "first seen" };
}

// The digest is the one known last; there may have been a time without it.
function same(was) {
  if (!was || was.digest) return { code: "same", text: "no change" };
  if (!was.gone) return { code: "same", text: "readable again, as it was" };
  return { code: "back", text: "back, as it was" };
}

// Both names, where they differ in more than their spelling.
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
