// Mirrors collector/pages/step_layers.py: finds the step that made each layer.

import { FILE_INSTRUCTIONS, splitStep } from "./differ/instructions.js";

const RULES = [null, FILE_INSTRUCTIONS, new Set([...FILE_INSTRUCTIONS, "WORKDIR"])]; // null: every step makes a layer
const SMALL_COMMAND = /^(?:ln|mkdir|rmdir|touch) [^\n&|;`]*$/;
const MAX_SMALL = 1_000_000; // bytes

// For each step, the index of its layer; null if it made no layer, or if that is unknown. `sizes`: those of the layers.
export function pairSteps(steps, sizes) {
  const known = steps.map((step) => step.made_layer).filter((made) => made !== null);
  const ways = known.length ? [known] : RULES.map((makers) => steps.map(({ text }) => !makers || makers.has(splitStep(text)[0])));
  const made = ways.find((way) => way.length === steps.length && way.filter(Boolean).length === sizes.length);
  let next = 0;
  const places = steps.map((_, at) => (made?.[at] ? next++ : null));
  const isPlausible = known.length || places.every((place, at) => place === null || mayMake(steps[at], sizes[place]));
  return isPlausible ? places : steps.map(() => null);
}

// Whether a step may have made a layer of this size.
function mayMake({ text }, size) {
  if (size <= MAX_SMALL) return true;
  const [instruction, rest] = splitStep(text);
  return FILE_INSTRUCTIONS.has(instruction) && !SMALL_COMMAND.test(rest);
}
