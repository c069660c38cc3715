// Mirrors collector/dockerfiles/dockerfile.py: finds the images that a Dockerfile names in FROM, COPY --from and RUN --mount.

import { SPACE, isLonger, partition } from "../differ/python.js";
import { Problem } from "../references.js";
import { instructionsIn, spanOf } from "./instructions.js";
import { expand } from "./variables.js";

const MAX_CHARACTERS = 2 ** 20;
const MAX_IMAGES = 1000;
const WORD = new RegExp(`[^${SPACE}]+`, "g");
const ARGUMENT = new RegExp(`(?:[^${SPACE}"']|"[^"]*"|'[^']*')+`, "g");
const ONE_VARIABLE = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))$/;
const FLAGS = {
  COPY: new RegExp(`^(--from=)([^${SPACE}]+)`),
  RUN: new RegExp(`^(--mount=(?:[^${SPACE}]*,)?from=)([^${SPACE},]+)`),
};
const NOTHING = "scratch";

// The images in order, without the file's own stages and `scratch`, each as `{line, written, reference, span, problem}`:
// `written` is the name in the file; `reference` has the defaults of its variables (empty if one has no default); `span` is the part
// of the file that a pin replaces (null: the image cannot be pinned, for the reason in `problem`).
export function parseDockerfile(text) {
  if (isLonger(text, MAX_CHARACTERS)) throw new Problem("longer than 1 MiB");
  const instructions = [...instructionsIn(text)];
  const allStages = new Set([NOTHING, ...instructions.map(stageOf)]); // with those that follow
  const file = { stages: new Set([NOTHING]), allStages, values: new Map(), spans: new Map(), hasStage: false };
  const found = [];
  for (const image of imagesIn(instructions, file)) {
    if (found.length === MAX_IMAGES) throw new Problem(`more than ${MAX_IMAGES} images`);
    found.push(image);
  }
  if (!file.hasStage) throw new Problem("no FROM in it");
  return found;
}

function* imagesIn(instructions, file) {
  for (const instruction of instructions) {
    if (instruction.name === "ARG" && !file.hasStage) addArguments(instruction, file);
    else if (instruction.name === "FROM") yield* baseOf(instruction, file);
    else if (Object.hasOwn(FLAGS, instruction.name)) yield* sourcesOf(instruction, file);
  }
}

// ARG before the first FROM: a FROM may use only the defaults of these.
function addArguments(instruction, file) {
  for (const { 0: word, index } of instruction.text.matchAll(ARGUMENT)) {
    const [name, value] = partition(word, "=");
    if (!word.includes("=")) continue;
    const end = index + word.length;
    try {
      const { text, names } = expand(value, file.values);
      file.values.set(name, text);
      file.spans.set(name, names.length ? null : spanOf(instruction, ...unquoted(value, end - value.length, end)));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
  }
}

function* baseOf(instruction, file) {
  file.hasStage = true;
  const words = wordsOf(instruction);
  if (!words.length) return;
  const image = imageAt(instruction, words[0].index, words[0][0], file);
  if (!file.stages.has(image.reference.toLowerCase())) yield image;
  file.stages.add(stageOf(instruction));
}

// The words of a FROM, without its flags.
function wordsOf(instruction) {
  return [...instruction.text.matchAll(WORD)].filter(([word]) => !word.startsWith("--"));
}

// The name that a FROM gives to its stage, in lower case; `scratch` if it gives none.
function stageOf(instruction) {
  const words = instruction.name === "FROM" ? wordsOf(instruction) : [];
  return words.length === 3 && words[1][0].toLowerCase() === "as" ? words[2][0].toLowerCase() : NOTHING;
}

// The images in COPY --from=IMAGE and RUN --mount=…,from=IMAGE, without stages, which may come later in the file, and their numbers.
function* sourcesOf(instruction, file) {
  for (const { 0: flag, index } of instruction.text.matchAll(WORD)) {
    if (!flag.startsWith("--")) return;
    const match = FLAGS[instruction.name].exec(flag);
    if (!match) continue;
    const image = imageAt(instruction, index + match[1].length, match[2], file);
    const name = image.reference.toLowerCase();
    if (!/^[0-9]+$/.test(name) && !file.allStages.has(name)) yield image;
  }
}

function imageAt(instruction, start, written, file) {
  const { line } = instruction;
  try {
    const { text, names } = expand(written, file.values);
    const place = unquoted(written, start, start + written.length);
    const span = names.length ? spanOfDefault(written, file) : spanOf(instruction, ...place);
    const problem = names.length ? `its name depends on ARG ${names[0]}` : "its name is empty, or split over lines";
    return { line, written, reference: text, span, problem: span ? "" : problem };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { line, written, reference: "", span: null, problem: problem.message };
  }
}

// The span of the default of the ARG that is the whole name; null if a variable is only a part of the name.
function spanOfDefault(written, file) {
  const [, braced, bare] = ONE_VARIABLE.exec(written) ?? [];
  return file.spans.get(braced ?? bare) ?? null;
}

// The start and the end of a word without the quotes around it.
function unquoted(word, start, end) {
  const isQuoted = word.length >= 2 && word[0] === word.at(-1) && `"'`.includes(word[0]);
  return isQuoted ? [start + 1, end - 1] : [start, end];
}
