// Mirrors collector/diff/instructions.py: a step's text as an instruction of a Dockerfile.

import { head, lstrip, partition, remembered, removeSuffix, rstrip, strip } from "./python.js";

const INSTRUCTIONS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(" "),
);
export const FILE_INSTRUCTIONS = new Set(["ADD", "COPY", "RUN", ""]);

const NOTES = /^(?:# (?:ARGS?: |unable to parse )[^\n]*(?:\n|$))+/; // lines that the generator of a page put above a step
const BOOKKEEPING = "#(nop) ";
const SHELL_LENGTH = 500;
const SHORT = 2_000;

// A step's text without the marks of its builder.
export function bareStep(text) {
  let bare = text;
  if (bare.startsWith("RUN ")) {
    const mark = head(bare, SHELL_LENGTH).indexOf(BOOKKEEPING, 4);
    if (mark > 0) bare = lstrip(bare.slice(mark + BOOKKEEPING.length));
  }
  return rstrip(removeSuffix(rstrip(bare), "# buildkit"));
}

// A step's instruction and what follows it; steps of tools without a Dockerfile have no instruction.
export function splitStep(text) {
  return text.length <= SHORT ? splitOften(text) : splitOnce(text);
}

function splitOnce(text) {
  const bare = bareStep(text.replace(NOTES, ""));
  const [name, rest] = partition(bare, " ");
  return INSTRUCTIONS.has(name) ? [name, strip(rest)] : ["", bare];
}

const splitOften = remembered(splitOnce, 8192);

// The destination of an ADD or COPY.
export function destinationOf(rest) {
  return rest.slice(rest.lastIndexOf(" ") + 1);
}

// `[groovy]` as `groovy`.
export function withoutBrackets(value) {
  return value.startsWith("[") && value.endsWith("]") ? strip(value.slice(1, -1)) : value;
}
