// Reads the package lists of images. site_src/api.md describes the files, collector/pages/objects/package_lists.py writes them.

import { compareTexts } from "./differ/python.js";
import { fetchOnce } from "./site.js";

const PLACES = 64; // in one file

// Adds `packages` to the images that only one of two states has, if their packages are known. Either state may be null.
export async function loadPackages(before, after) {
  if (!before || !after) return;
  const [old, now] = [before, after].map((state) => new Map(state.all_images.map((image) => [image.manifest, image])));
  const images = [...old.values(), ...now.values()].filter(({ manifest, list }) => list && old.has(manifest) !== now.has(manifest));
  await Promise.all(images.map(async (image) => (image.packages = await loadList(image.list))));
}

// `{by, packages: [[type, name, version, source, source version]]}`, in order.
export async function loadList({ imageAddress, number }) {
  const { lists } = await fetchOnce(`api/v1/${imageAddress}package-lists/-${Math.floor(number / PLACES)}.json.gz`);
  const place = number % PLACES;
  return { by: lists[place].by, packages: packagesOf(lists, place).sort(comparePackages) };
}

function packagesOf(lists, place) {
  const { on = null, remove = [], update = [], add = [] } = lists[place];
  const added = add.flatMap(([type, version, source, sourceVersion, , names]) =>
    names.map((name) => [type, name, version, source === name ? "" : source, sourceVersion]),
  );
  if (on === null) return added;
  const gone = remove.flatMap(([type, version, names]) => names.map((name) => [type, name, version]));
  const removed = new Set([...gone, ...added].map(keyOf));
  const updated = new Map(update.flatMap(([type, version, sourceVersion, names]) => names.map((name) => [nameOf([type, name]), [version, sourceVersion]])));
  const kept = packagesOf(lists, on).filter((one) => !removed.has(keyOf(one)));
  return [...kept.map((one) => newVersion(one, updated.get(nameOf(one)))), ...added];
}

function newVersion(one, moved) {
  if (!moved) return one;
  const [type, name, , source] = one;
  const [version, sourceVersion] = moved;
  return [type, name, version, source, sourceVersion];
}

function nameOf([type, name]) {
  return `${type}\t${name}`;
}

function keyOf([type, name, version]) {
  return `${type}\t${name}\t${version}`;
}

function comparePackages(left, right) {
  return compareTexts(left[0], right[0]) || compareTexts(left[1], right[1]) || compareTexts(left[2], right[2]);
}
