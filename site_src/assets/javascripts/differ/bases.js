// Mirrors collector/diff/base_image.py, which states the rules: how many of an image's steps came from the image it was built on.

import { FILE_INSTRUCTIONS, destinationOf, splitStep } from "./instructions.js";

const LATER = 60_000; // milliseconds
const WINDOWS_BASE = ["Apply image ", "Install update "];

// The number of leading steps that came from a base; 0 where nothing tells of one.
export function baseLength(steps) {
  const parsed = steps.map((step) => splitStep(step.text));
  const fileSteps = [...parsed.keys()].filter((place) => FILE_INSTRUCTIONS.has(parsed[place][0]));
  if (!fileSteps.length) return 0;
  for (let place = fileSteps.at(-1); place > fileSteps[0]; place -= 1) {
    if (parsed[place][0] === "CMD") return place + 1;
  }
  const windows = fileSteps.filter((place) => WINDOWS_BASE.some((verb) => parsed[place][1].startsWith(verb)));
  const isFirst = windows.every((place, at) => place === fileSteps[at]);
  if (windows.length && isFirst && windows.length < fileSteps.length) return windows.at(-1) + 1;
  if (fileSteps.length > 1 && addsRoot(steps[fileSteps[0]].text)) {
    const [first, second] = fileSteps;
    return isMuchLater(steps[first].created, steps[second].created) ? first + 1 : 0;
  }
  return 0;
}

// Whether a step is an ADD of a whole filesystem, which is the one that unpacks: `ADD file:… in /`.
export function addsRoot(text) {
  const [instruction, rest] = splitStep(text);
  return instruction === "ADD" && destinationOf(rest) === "/";
}

function isMuchLater(first, second) {
  if (first === null || second === null) return false;
  return milliseconds(second) - milliseconds(first) > LATER; // false where one is NaN
}

// NaN for a date that no calendar has: Date would read the 31st of April as the 1st of May.
function milliseconds(time) {
  const moment = new Date(time);
  const isReal = !Number.isNaN(moment.getTime()) && moment.toISOString() === time.replace("Z", ".000Z");
  return isReal && !time.startsWith("0000") ? moment.getTime() : NaN;
}
