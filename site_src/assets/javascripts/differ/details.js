// Mirrors collector/diff/values.py: the few words that tell most about a set of changed steps.
//
// Edits are {before, after} of texts or null; a variable that moved is [name, before, after].

import { addsRoot } from "./bases.js";
import { destinationOf, splitStep } from "./instructions.js";
import { counted, head, isLonger, removePrefix, split, strip, total } from "./python.js";
import { parseLabels, parseVariables } from "./settings.js";
import { compareWords } from "./words.js";

const LONGEST_VALUE = 40;
const MOST_SAID = 2;

const VERSION_NAME = /(?:^|_)(?:VERSION|VER|RELEASE|BRANCH|TAG)(?:_|$)/i;
const VERSION = /^v?\d[\w.+~-]*\.[\w.+~-]*$/;
const CHECKSUM_NAME = /SHA\d*|MD5|KEYS?|CHECKSUM|URLS?|ASC|GPG|SUM/gi;
const CHECKSUM = /\b(?:file|dir|multi):[0-9a-f]{64}\b/g;

// What tells most: a version, another variable, a version inside a step, or what kind of steps.
export function tellingWords(edits) {
  return versionWords(edits) || variableWords(edits) || versionInside(edits) || stepWords(edits);
}

// The versions that moved, the one with the shortest name by words first; empty where none did.
export function versionWords(edits) {
  const moved = [...movedVariables(edits).filter(([name]) => VERSION_NAME.test(name)), ...windowsMoved(edits)];
  const parts = ([name]) => name.split("_").length;
  return said(moved.sort((left, right) => parts(left) - parts(right)));
}

// Variables that moved; checksums, keys and addresses only where there is nothing else.
function variableWords(edits) {
  const moved = movedVariables(edits);
  const others = moved.filter(([name]) => {
    const marks = name.match(CHECKSUM_NAME) ?? [];
    return !name.split("_").some((part) => marks.includes(part));
  });
  return said(others.length || moved.length !== edits.length ? others : moved);
}

function said(moved) {
  const more = moved.length > MOST_SAID ? ` and ${moved.length - MOST_SAID} more` : "";
  return moved.slice(0, MOST_SAID).map(movedWords).join(", ") + more;
}

function movedWords(moved) {
  const [name, before, after] = moved.map((part) => split(part).join(" "));
  const shown = head(name, LONGEST_VALUE);
  const isLong = isLonger(before, LONGEST_VALUE) || isLonger(after, LONGEST_VALUE);
  return isLong || !before || !after ? `${shown} changed` : `${shown} ${before} → ${after}`;
}

// Variables of ENV, ARG and LABEL that are set on both sides, to different values; in the order of the steps.
function movedVariables(edits) {
  const [before, after] = [new Map(), new Map()];
  for (const edit of edits) {
    for (const [name, value] of variables(edit.before)) before.set(name, value);
    for (const [name, value] of variables(edit.after)) after.set(name, value);
  }
  const moved = [...after].filter(([name, value]) => before.has(name) && before.get(name) !== value);
  return moved.map(([name, value]) => [name, before.get(name), value]);
}

function variables(text) {
  const [instruction, rest] = splitStep(text ?? "");
  if (instruction === "ENV" || instruction === "ARG") return parseVariables(rest);
  return instruction === "LABEL" ? parseLabels(rest) : new Map();
}

// `Apply image` and `Install update` of Windows bases, from the last version to the last.
function windowsMoved(edits) {
  const [before, after] = [edits.map((edit) => edit.before), edits.map((edit) => edit.after)].map(
    (side) => windowsVersion(side, "Install update ") ?? windowsVersion(side, "Apply image "),
  );
  return before !== undefined && after !== undefined && before !== after ? [["Windows", before, after]] : [];
}

function windowsVersion(side, verb) {
  const ran = side.filter(Boolean).map((text) => splitStep(text)[1]);
  const last = ran.findLast((rest) => rest.startsWith(verb));
  return last === undefined ? undefined : removePrefix(last, verb);
}

// `RUN: 1.2.0 → 1.2.1`, where exactly one word changed in the one step that did, and it is a version.
function versionInside(edits) {
  if (edits.length !== 1) return "";
  const [{ before, after }] = edits;
  if (before === null || after === null) return "";
  const moved = compareWords(before, after).filter(([op]) => op === "-" || op === "+");
  const words = moved.map(([, text]) => strip(text));
  if (moved.map(([op]) => op).join("") !== "-+" || !words.every((word) => VERSION.test(word))) return "";
  return `${splitStep(after)[0]}: ${head(words[0], LONGEST_VALUE)} → ${head(words[1], LONGEST_VALUE)}`;
}

// `files copied to /usr/local/bin/ changed`, where only the checksums of ADD and COPY did; else null.
export function filesWords(edits) {
  const places = new Set();
  for (const { before, after } of edits) {
    if (before === null || after === null) return null;
    const [instruction, rest] = splitStep(after);
    if (instruction !== "ADD" && instruction !== "COPY") return null;
    if (before.replace(CHECKSUM, "") !== after.replace(CHECKSUM, "")) return null;
    places.add(destinationOf(rest));
  }
  if (places.size > MOST_SAID) return `files of ${edits.length} steps changed`;
  return `files copied to ${[...places].map((place) => head(place, LONGEST_VALUE)).join(", ")} changed`;
}

// Whether the first of these steps adds a whole filesystem.
export function rootChanged(edits) {
  return edits.length > 0 && edits[0].after !== null && addsRoot(edits[0].after);
}

// `RUN changed`, `RUN replaced`, `2 steps added, CMD changed`.
function stepWords(edits) {
  const instructions = (kind) =>
    counted(edits.filter((edit) => kindOf(edit) === kind).map(({ before, after }) => splitStep(after || before || "")[0]));
  const [added, removed, changed] = ["added", "removed", "changed"].map(instructions);
  const isReplaced = total(added) === 1 && total(removed) === 1 && [...added.keys()][0] === [...removed.keys()][0];
  const kinds = isReplaced ? { replaced: added, changed } : { added, removed, changed };
  const counts = Object.entries(kinds).filter(([, each]) => each.size);
  return counts.map(([kind, each]) => `${countedWords(each)} ${kind}`).join(", ");
}

function kindOf({ before, after }) {
  return before === null ? "added" : after === null ? "removed" : "changed";
}

// `RUN`, `RUN and COPY`, `3 RUN steps`, `3 steps`.
function countedWords(counts) {
  const instructions = [...counts.keys()];
  const all = total(counts);
  if (all === instructions.length && all <= MOST_SAID) return instructions.join(" and ");
  return instructions.length === 1 ? `${all} ${instructions[0]} steps` : `${all} steps`;
}
