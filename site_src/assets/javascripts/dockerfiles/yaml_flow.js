// Reads collections in brackets, as in JSON, on one line or several.

import { rstrip } from "../differ/python.js";
import { endLine, nextLine, refuse } from "./yaml_lines.js";
import { UNREAD, aliasAt, note, noteDockerfile, quotedAt, scalar } from "./yaml_scalars.js";

const MAX_DEPTH = 100;
const MAX_KEY = 1000; // characters
const SPACES = new Set(" ");
const CLOSING = { "[": "]", "{": "}" };
const PLAIN = /(?:[^\s"'&!*|>@`%#,[\]{}?:-]|-(?![ ,[\]{}]|$))(?:[^,[\]{}?:#\t]|:(?![ ,[\]{}]|$)|(?<! )#)*/y;

// Reads a collection that begins at a column of the current line, and collects its images. Returns the node of a collection: null.
export function readFlow(reader, start) {
  const open = [];
  let column = start;
  do {
    column = skipSpace(reader, column);
    const sign = reader.lines[reader.row][column];
    const entry = open.at(-1);
    if (sign in CLOSING) {
      if (entry) place(reader, entry, null);
      open.push(newEntry(CLOSING[sign]));
    } else if (sign === ",") {
      if (entry.node === undefined && entry.key === undefined) refuse(reader);
      open.splice(-1, 1, newEntry(entry.closing));
    } else if (sign === entry.closing) {
      open.pop();
    } else if (sign === ":") {
      takeKey(reader, entry, column);
    } else {
      column = readScalar(reader, entry, column, sign) - 1;
    }
    if (open.length > MAX_DEPTH) refuse(reader);
    column += 1;
  } while (open.length);
  endLine(reader, column);
  return null;
}

function newEntry(closing) {
  return { closing, key: undefined, node: undefined, isAlias: false };
}

// The column of the next sign that is neither a space nor in a comment.
function skipSpace(reader, start) {
  let column = start;
  for (let line = reader.lines[reader.row]; ; column = 0, line = nextLine(reader)) {
    while (line[column] === " ") column += 1;
    if (column < line.length && line[column] !== "#") return column;
  }
}

function place(reader, entry, node, isAlias = false) {
  if (entry.node !== undefined) refuse(reader);
  if (entry.key === "image") note(reader, node);
  if (entry.key === "dockerfile_inline") {
    if (isAlias) refuse(reader);
    noteDockerfile(reader, node);
  }
  Object.assign(entry, { node, isAlias });
}

// The text before a colon is the key, if it is on the same line.
function takeKey(reader, entry, column) {
  const { key, node, isAlias } = entry;
  const isKey = key === undefined && node && node !== UNREAD && !isAlias && node.row === reader.row && column - node.column <= MAX_KEY;
  if (!isKey) refuse(reader);
  Object.assign(entry, { key: node.value, node: undefined });
}

// Reads a text; returns the column after it.
function readScalar(reader, entry, column, sign) {
  if (sign === '"' || sign === "'" || sign === "*") {
    const { node, end } = sign === "*" ? aliasAt(reader, column) : quotedAt(reader, column);
    place(reader, entry, node, sign === "*");
    return end;
  }
  PLAIN.lastIndex = column;
  const [text] = PLAIN.exec(reader.lines[reader.row]) ?? [];
  if (text === undefined) refuse(reader);
  place(reader, entry, scalar(reader, column, rstrip(text, SPACES), true));
  return column + text.length;
}
