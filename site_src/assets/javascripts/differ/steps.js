// Mirrors collector/diff/steps.py: finds which steps of two lists were kept, added, removed or changed.
//
// An edit is [index before, index after]; null means that the step is only in the other list.

import { withoutDefaults } from "./changes.js";
import { destinationOf, splitStep } from "./instructions.js";
import { commonPairs } from "./sequences.js";
import { parseLabels, parseVariables } from "./step_settings.js";
import { bounded, compareWords, likeness } from "./word_diff.js";

const MAX_DIFFERENT = 400; // steps
const MAX_PAIRED = 40; // removed and added steps in one place, each
const ALIKE = 0.5; // share of words in common

const BY_NAMES = new Map([["ENV", parseVariables], ["ARG", parseVariables], ["LABEL", parseLabels]]);
const BY_WORDS = new Set(["RUN", "ONBUILD", ""]);

// Aligns two lists of texts: every step is in exactly one pair of `kept` or one of `edits`.
export function align(before, after) {
  const kept = commonPairs(before, after, MAX_DIFFERENT);
  const edits = [];
  let [doneBefore, doneAfter] = [0, 0];
  for (const [atBefore, atAfter] of [...kept, [before.length, after.length]]) {
    if (atBefore > doneBefore || atAfter > doneAfter) {
      for (const edit of editsBetween(before, after, range(doneBefore, atBefore), range(doneAfter, atAfter))) edits.push(edit);
    }
    [doneBefore, doneAfter] = [atBefore + 1, atAfter + 1];
  }
  return { kept, edits: withMoved(edits, before, after) };
}

// Joins the two edits of a step that was rewritten and also moved past a kept step into one edit, at its new index. A step that
// only moved stays removed and added.
function withMoved(edits, before, after) {
  const removed = edits.filter(([old, now]) => now === null && BY_WORDS.has(splitStep(before[old])[0])).map(([old]) => old);
  const texts = new Set(removed.map((place) => before[place]));
  const added = edits.filter(([old, now]) => old === null && !texts.has(after[now])).map(([, now]) => now);
  const pairs = changedPairs(before, after, removed, added);
  const moved = new Map([...pairs].map(([old, now]) => [now, old]));
  return edits.filter(([old, now]) => now !== null || !pairs.has(old)).map(([old, now]) => [moved.get(now) ?? old, now]);
}

function range(start, end) {
  return Array.from({ length: Math.max(end - start, 0) }, (_, at) => start + at);
}

function editsBetween(before, after, removed, added) {
  const pairs = changedPairs(before, after, removed, added);
  const taken = new Set(pairs.values());
  const free = added.filter((place) => !taken.has(place));
  const edits = [...removed.map((place) => [place, pairs.get(place) ?? null]), ...free.map((place) => [null, place])];
  // A changed or added step has its new place; a removed one comes before its replacement.
  const start = removed.length && added.length ? added[0] - removed[0] : 0;
  const position = ([old, now]) => (now !== null ? 2 * now + 1 : 2 * (old + start));
  return edits.sort((left, right) => position(left) - position(right));
}

// Index of a removed step → index of the added step that is its changed form.
function changedPairs(before, after, removed, added) {
  const pairs = new Map();
  if (!removed.length || !added.length || removed.length > MAX_PAIRED || added.length > MAX_PAIRED) return pairs;
  const free = new Map(added.map((place) => [place, subjectOf(after[place])]));
  for (const place of removed) {
    const subject = subjectOf(before[place]);
    let rivals = [...free.keys()].filter((other) => free.get(other) === subject);
    if (BY_WORDS.has(splitStep(before[place])[0])) {
      const likes = new Map(rivals.map((other) => [other, likeness(before[place], after[other])]));
      rivals = rivals.filter((other) => likes.get(other) >= ALIKE).sort((left, right) => likes.get(right) - likes.get(left));
    }
    if (rivals.length) {
      pairs.set(place, rivals[0]);
      free.delete(rivals[0]);
    }
  }
  return pairs;
}

// The subject of a step: two steps with the same subject may be one step that changed.
function subjectOf(text) {
  const [instruction, rest] = splitStep(text);
  const names = BY_NAMES.get(instruction)?.(rest).keys() ?? [];
  const places = instruction === "ADD" || instruction === "COPY" ? [destinationOf(rest)] : [];
  return JSON.stringify([instruction, ...names, ...places]);
}

// The edit as a fact with its words.
export function describeEdit([atBefore, atAfter], before, after) {
  const old = atBefore === null ? null : before[atBefore];
  const now = atAfter === null ? null : after[atAfter];
  const [instruction] = splitStep(now ?? old);
  if (old === null) return { kind: "added", instruction, ...withoutDefaults({ text: bounded(now) }) };
  if (now === null) return { kind: "removed", instruction, ...withoutDefaults({ text: bounded(old) }) };
  return { kind: "changed", instruction, ...withoutDefaults({ words: compareWords(old, now) }) };
}
