// Mirrors collector/diff/package_changes.py: compares the package lists of two images, by source package.

import { pair, withoutDefaults } from "./changes.js";
import { compareTexts, partition } from "./python.js";

const DATABASES = ["apk", "deb", "rpm"]; // types of the packages of operating systems
const RPM_EPOCH = /^[0-9]+:/;
const KINDS = ["changed", "added", "removed"]; // in their order

// The differences between the packages of two images, `{changes, kept}`; null if they cannot be compared. A side is
// `{by, packages: [[type, name, version, source, source version]]}`, in the order of the list, or undefined if it is not known.
export function comparePackages(before, after) {
  if (!before || !after) return null;
  const [old, now] = comparable(before, after);
  if (!old.length || !now.length) return null;
  const sources = sourcesOf([...old, ...now]);
  const sides = [old, now].map((packages) => versionsOf(packages, sources));
  const [before_keys, now_keys] = [old, now].map((packages) => new Set(packages.map(keyOf)));
  return {
    changes: changesOf(onlyInOne(old, now), sources, ...sides).sort(compareChanges),
    kept: [...now_keys].filter((key) => before_keys.has(key)).length,
  };
}

// The packages of both lists that can be compared.
function comparable(before, after) {
  const lists = [before.packages, after.packages];
  if (before.by === after.by) return lists;
  const types = DATABASES.filter((type) => lists.every((packages) => packages.some((one) => one[0] === type)));
  return lists.map((packages) => packages.filter(([type]) => types.includes(type)).map(withoutEpoch));
}

// The package without the epoch of an rpm's version, which only some scanners write.
function withoutEpoch([type, name, version, ...source]) {
  return [type, name, type === "rpm" ? version.replace(RPM_EPOCH, "") : version, ...source];
}

function nameOf([type, name]) {
  return `${type}\t${name}`;
}

function keyOf([type, name, version]) {
  return `${type}\t${name}\t${version}`;
}

// Package → its source, `[type, source]`, from whichever list names one.
function sourcesOf(packages) {
  const found = new Map();
  for (const one of packages) {
    const [type, name, , source] = one;
    if (source || !found.has(nameOf(one))) found.set(nameOf(one), [type, source || sourceOf(type, name)]);
  }
  return found;
}

function sourceOf(type, name) {
  return DATABASES.includes(type) ? partition(name, ":")[0] : name;
}

// Source → its versions.
function versionsOf(packages, sources) {
  const found = new Map();
  for (const one of packages) {
    const source = nameOf(sources.get(nameOf(one)));
    if (!found.has(source)) found.set(source, new Set());
    found.get(source).add(one[4] || one[2]);
  }
  return found;
}

// Package → `{name, before, after}`: the versions that only one of the lists has.
function onlyInOne(old, now) {
  const keys = [old, now].map((packages) => new Set(packages.map(keyOf)));
  const found = new Map();
  const add = (packages, others, side) => {
    for (const one of packages.filter((one) => !others.has(keyOf(one)))) {
      if (!found.has(nameOf(one))) found.set(nameOf(one), { name: one[1], before: new Set(), after: new Set() });
      found.get(nameOf(one))[side].add(one[2]);
    }
  };
  add(old, keys[1], "before");
  add(now, keys[0], "after");
  return found;
}

function changesOf(changed, sources, old, now) {
  const bySource = new Map();
  for (const [key, moved] of changed) {
    const source = nameOf(sources.get(key));
    if (!bySource.has(source)) bySource.set(source, { source: sources.get(key), packages: [] });
    bySource.get(source).packages.push(moved);
  }
  return [...bySource].map(([key, { source: [type, name], packages }]) => {
    const [before, after] = versionsShown(joined(old.get(key)), joined(now.get(key)), packages);
    return {
      kind: old.has(key) ? (now.has(key) ? "changed" : "removed") : "added",
      type,
      name,
      ...withoutDefaults({ before, after }),
      packages: packages.sort((left, right) => compareTexts(left.name, right.name)).map((one) => [one.name, joined(one.before), joined(one.after)]),
    };
  });
}

// The versions to show for a source. When Debian builds a source again, as 4.4-4+b1, only its packages get a new version.
function versionsShown(before, after, packages) {
  const isBuiltAgain = before === after && packages.every((one) => one.before.size && one.after.size);
  return isBuiltAgain ? ["before", "after"].map((side) => joined(new Set(packages.flatMap((one) => [...one[side]])))) : [before, after];
}

function compareChanges(left, right) {
  return KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind) || compareTexts(left.type, right.type) || compareTexts(left.name, right.name);
}

function joined(versions = []) {
  return [...versions].sort(compareTexts).join(", ");
}
