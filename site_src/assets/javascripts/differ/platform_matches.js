// Mirrors collector/diff/platform_matches.py: matches the platforms of two states.
//
// A placed image is {slug, image}; the slug of its platform is unique in its state.

import { imagesOf, platformKey, platformSlug, platformSlugs } from "./model.js";

// The images of a state by slug.
function placedImages(state) {
  const images = state ? imagesOf(state) : [];
  const slugs = platformSlugs(images.map((image) => image.platform));
  return new Map(slugs.map((slug, at) => [slug, { slug, image: images[at] }]));
}

// Pairs the images of two states: first those with equal platforms, then with equal slugs, then with a platform that one state
// names incompletely.
export function matchPlatforms(before, after) {
  const [removed, added] = [placedImages(before), placedImages(after)];
  const places = new Map([...added.keys()].map((slug, at) => [slug, at]));
  const both = [
    ...takeEqual(removed, added, ({ image }) => platformKey(image.platform)),
    ...takeEqual(removed, added, ({ slug }) => slug),
    ...takeIncomplete(removed, added),
  ];
  both.sort((left, right) => places.get(left[1].slug) - places.get(right[1].slug));
  return { both, removed: withoutUnread(removed, after), added: withoutUnread(added, before) };
}

// The images of one state, without the platforms that could not be read in the other state.
function withoutUnread(left, other) {
  const unread = new Set((other?.unread ?? []).map(platformSlug));
  return [...left.values()].filter(({ image }) => !unread.has(platformSlug(image.platform)));
}

// Removes pairs with equal keys from both; several images with one key are paired in order.
function takeEqual(removed, added, keyOf) {
  const waiting = groupBy([...removed.values()].reverse(), keyOf);
  const pairs = [];
  for (const placed of [...added.values()]) {
    const rival = waiting.get(keyOf(placed))?.pop();
    if (rival) pairs.push(take(removed, rival, added, placed));
  }
  return pairs;
}

function takeIncomplete(removed, added) {
  const familyOf = ({ image: { platform } }) => JSON.stringify([platform.os, platform.architecture]);
  const [olds, news] = [groupBy(removed.values(), familyOf), groupBy(added.values(), familyOf)];
  const pairs = [];
  for (const [family, [old, ...otherOlds]] of olds) {
    const [now, ...otherNews] = news.get(family) ?? [];
    if (!now || otherOlds.length || otherNews.length) continue;
    if (mayBeSame(old.image.platform, now.image.platform)) pairs.push(take(removed, old, added, now));
  }
  return pairs;
}

function take(removed, old, added, now) {
  removed.delete(old.slug);
  added.delete(now.slug);
  return [old, now];
}

function mayBeSame(left, right) {
  return ["variant", "os.version"].every((field) => left[field] === right[field] || !left[field] || !right[field]);
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
