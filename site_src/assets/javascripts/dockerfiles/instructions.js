// Mirrors collector/dockerfiles/instructions.py: splits a Dockerfile into instructions.

import { SPACE, lstrip, partition, removeSuffix, strip } from "../differ/python.js";

const BLANKS = new Set(" \t");
const TABS = new Set("\t");
const DIRECTIVE = new RegExp(`^#[${SPACE}]*([A-Za-z][A-Za-z0-9]*)[${SPACE}]*=[${SPACE}]*([^\n]+?)[${SPACE}]*$`);
const DIRECTIVES = new Set(["syntax", "escape", "check"]);
const WORD = new RegExp(`[^${SPACE}]+`);
const SHELL_WORD = new RegExp(`(?:[^${SPACE}"'\\\\]|\\\\.|"(?:\\\\.|[^"\\\\])*"|'[^']*')+`, "gs");
const HEREDOC = /^[0-9]*<<(-?)([^<]+)$/;
const WITH_HEREDOCS = new Set(["RUN", "COPY", "ADD"]);

// Yields `{name, text, line, offsets}`: the name in capitals, the text after it, the line of the name, and the offset of each
// character of the text in the file. Contents of here-documents and comments are left out.
export function* instructionsIn(file) {
  const lines = linesOf(file);
  const escape = escapeOf(file);
  const continued = new RegExp(`^(|.*[^${escape}])${escape}[ \\t]*$`, "s"); // an escaped escape does not continue the line
  for (let line = next(lines); line; line = next(lines)) {
    if (isBlank(line.text)) continue;
    const instruction = joined(line, lines, continued);
    yield instruction;
    for (const heredoc of heredocsOf(instruction)) skipHeredoc(lines, heredoc);
  }
}

// The span of a part of an instruction's text in the file; null if it is empty or split over lines.
export function spanOf({ offsets }, start, end) {
  if (start >= end) return null;
  const [first, last] = [offsets[start], offsets[end - 1] + 1];
  return last - first === end - start ? [first, last] : null;
}

function* linesOf(file) {
  let offset = file.startsWith("\ufeff") ? 1 : 0;
  for (let number = 1; offset < file.length; number += 1) {
    const at = file.indexOf("\n", offset);
    const end = at < 0 ? file.length : at;
    yield { text: removeSuffix(file.slice(offset, end), "\r"), number, offset };
    offset = end + 1;
  }
}

// The next line; undefined after the last.
function next(lines) {
  return lines.next().value;
}

// The character that continues a line, as a pattern: a directive at the very top may set another one.
function escapeOf(file) {
  for (const { text } of linesOf(file)) {
    const [, name, value] = DIRECTIVE.exec(strip(text)) ?? [];
    if (!DIRECTIVES.has(name?.toLowerCase())) break;
    if (name.toLowerCase() === "escape" && value === "`") return "`";
  }
  return "\\\\";
}

// Whether a line is empty, or a comment.
function isBlank(text) {
  return !strip(text) || lstrip(text, BLANKS).startsWith("#");
}

// An instruction from its first line, and the lines that continue it.
function joined(first, lines, continued) {
  const parts = [];
  const offsets = [];
  for (let line = first; line; ) {
    const content = continued.exec(line.text)?.[1];
    const part = content ?? line.text;
    parts.push(part);
    for (let at = 0; at < part.length; at += 1) offsets.push(line.offset + at);
    line = content === undefined ? undefined : nextFilled(lines);
  }
  const text = parts.join("");
  const { 0: name, index } = WORD.exec(text) ?? { 0: "", index: text.length };
  const end = index + name.length;
  return { name: name.toUpperCase(), text: text.slice(end), line: first.number, offsets: offsets.slice(end) };
}

function nextFilled(lines) {
  let line = next(lines);
  while (line && isBlank(line.text)) line = next(lines);
  return line;
}

// The here-documents that follow: whether tabs before the end mark are ignored, and the end mark.
function heredocsOf(instruction) {
  let { name, text } = instruction;
  if (name === "ONBUILD") [name, text] = partition(strip(text), " ");
  if (!WITH_HEREDOCS.has(name.toUpperCase())) return [];
  const found = [...text.matchAll(SHELL_WORD)].map(([word]) => HEREDOC.exec(word)).filter(Boolean);
  return found.map(([, dash, mark]) => ({ isIndented: dash !== "", mark: mark.replace(/["'\\]/g, "") }));
}

function skipHeredoc(lines, { isIndented, mark }) {
  for (let line = next(lines); line; line = next(lines)) {
    if ((isIndented ? lstrip(line.text, TABS) : line.text) === mark) return;
  }
}
