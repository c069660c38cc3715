// Mirrors collector/diff/word_diff.py: compares the words of two forms of a step.

import { SPACE, counted, head, isLonger, length, remembered, strip, tail } from "./python.js";
import { commonPairs } from "./sequences.js";

const MAX_COMPARED = 20_000; // characters of a step that is compared word by word
const MAX_VALUE_LENGTH = 8_000; // characters of any one value
const MAX_DIFFERENT = 300; // words
const CONTEXT = 40; // characters of kept text that are shown around a changed word

const WORD = new RegExp(
  `[${SPACE}]*(?:[A-Za-z0-9_]+(?:\\.[0-9][A-Za-z0-9_]*)*|[^A-Za-z0-9_${SPACE}\\x80-\\u{10ffff}]+|[^${SPACE}])|[${SPACE}]+$`,
  "gu",
);
const HAS_LETTER = new RegExp(`[A-Za-z0-9_]|[^\\x00-\\x7f${SPACE}]`, "u");

// The text, or its first 8,000 characters and `…`.
export function bounded(text) {
  return isLonger(text, MAX_VALUE_LENGTH) ? `${head(text, MAX_VALUE_LENGTH)}…` : text;
}

// The words of a step: `whole` with the white space before them, `bare` without it, and the number of each bare word.
const wordsOf = remembered((text) => {
  const whole = text.match(WORD) ?? [];
  const bare = whole.map((word) => strip(word));
  return { whole, bare, counts: counted(bare) };
}, 2048);

// The similarity of two steps, from 0 to 1: the number of common words divided by the words of the longer step.
export function likeness(before, after) {
  if (isLonger(before, MAX_COMPARED) || isLonger(after, MAX_COMPARED)) return 0;
  const [left, right] = [wordsOf(before), wordsOf(after)];
  let common = 0;
  for (const [word, count] of left.counts) common += Math.min(count, right.counts.get(word) ?? 0);
  return common / Math.max(left.bare.length, right.bare.length, 1);
}

// The change of a step's text as segments [op, text]: `=` kept, `-` removed, `+` added, `…` kept but left out.
export function compareWords(before, after) {
  if (isLonger(before, MAX_COMPARED) || isLonger(after, MAX_COMPARED)) return [["-", bounded(before)], ["+", bounded(after)]];
  const [left, right] = [wordsOf(before), wordsOf(after)];
  const segments = [];
  let [doneLeft, doneRight] = [0, 0];
  let kept = "";
  const pairs = commonPairs(left.bare, right.bare, MAX_DIFFERENT);
  for (const [atLeft, atRight] of [...pairs, [left.whole.length, right.whole.length]]) {
    if (atLeft !== doneLeft || atRight !== doneRight) {
      add(segments, kept, left.whole.slice(doneLeft, atLeft).join(""), right.whole.slice(doneRight, atRight).join(""));
      kept = "";
    }
    kept += right.whole[atRight] ?? "";
    [doneLeft, doneRight] = [atLeft + 1, atRight + 1];
  }
  add(segments, kept, "", "");
  return shortened(segments);
}

// Appends a kept run and the change after it. If the run between two changes is only punctuation, the changes are joined.
function add(segments, kept, removed, added) {
  let parts = [["=", kept], ["-", removed], ["+", added]];
  if (segments.length && kept && (removed || added) && !HAS_LETTER.test(kept)) {
    const lastAdded = segments.at(-1)[0] === "+" ? segments.pop()[1] : "";
    const lastRemoved = segments.at(-1)?.[0] === "-" ? segments.pop()[1] : "";
    parts = [["-", lastRemoved + kept + removed], ["+", lastAdded + kept + added]];
  }
  segments.push(...parts.filter(([, text]) => text));
}

// Shortens kept runs to a few words beside the changes, and limits changed runs.
function shortened(segments) {
  return segments.flatMap(([op, text], place) => {
    if (op !== "=") return [[op, bounded(text)]];
    if (!isLonger(text, 3 * CONTEXT)) return [[op, text]];
    const first = place ? firstWords(text) : "";
    const last = place < segments.length - 1 ? lastWords(text) : "";
    const leftOut = length(text) - length(first) - length(last);
    return [["=", first], ["…", String(leftOut)], ["=", last]].filter(([, part]) => part);
  });
}

function firstWords(text) {
  const cut = head(text, CONTEXT);
  return cut.slice(0, cut.lastIndexOf(" ") + 1) || cut;
}

function lastWords(text) {
  const cut = tail(text, CONTEXT);
  return cut.slice(cut.indexOf(" ") + 1) || cut;
}
