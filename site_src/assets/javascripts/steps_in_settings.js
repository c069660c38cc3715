// Mirrors collector/pages/steps_in_settings.py: finds steps whose change the table of settings shows completely.

import { splitStep } from "./differ/instructions.js";
import { parseLabels, parseVariables } from "./differ/step_settings.js";

const MAX_TEXT = 8000; // characters; a longer step was cut
const BY_INSTRUCTION = new Map([["ENV", ["environment", parseVariables]], ["LABEL", ["label", parseLabels]]]);

// Whether everything that a step sets, or sets to another value, is among the settings that changed.
export function isInSettings(step, settings) {
  const [kind, parse] = BY_INSTRUCTION.get(step.instruction) ?? [];
  if (!kind) return false;
  const shown = new Set(settings.filter((setting) => setting.kind === kind).map(({ name }) => name));
  const names = namesOf(step, parse);
  return names.length > 0 && names.every((name) => shown.has(name));
}

// The names that the step sets, or sets to another value; none if a part of its text is left out.
function namesOf({ kind, text = "", words = [] }, parse) {
  if (kind !== "changed") return [...text].length > MAX_TEXT ? [] : [...parse(splitStep(text)[1]).keys()];
  if (words.some(([op]) => op === "…")) return [];
  const [before, after] = ["=-", "=+"].map((kept) => parse(splitStep(words.map(([op, part]) => (kept.includes(op) ? part : "")).join(""))[1]));
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
}
