// Reads texts in YAML. A node is `{value, isNull, row, column}`; null stands for a collection.

import { rstrip } from "../differ/python.js";
import { indentOf, nextLine, refuse } from "./yaml_lines.js";

// The node of a text with several lines or escapes, which is not read: it cannot be an image.
export const UNREAD = Symbol("unread");

const SPACES = new Set(" ");
const NULLS = new Set(["~", "null", "Null", "NULL"]);
const NO_PLAIN = /^(?:["'&!*|>@`%#,[\]{}]|[-?:](?: |$))/;
const END_OF_PLAIN = /:(?= |$)| #|\t/;
const QUOTED = { "'": /'((?:[^']|'')*)'(?!')/y, '"': /"((?:[^"\\]|\\.)*)"/y };
const END_OF_QUOTED = { "'": /(?:[^']|'')*'(?!')/y, '"': /((?:[^"\\]|\\.)*)"/y };
const ESCAPED = /^(?:[^\\]|\\(?:[0abt\tnvfre "\\/N_LP]|x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}))*\\?$/i;
const BLOCK = /[|>]([-+]?)(?: *| +#.*)$/y;
const ALIAS = /\*([0-9A-Za-z_-]+)(?=[ ,\]}]|$)/y;

export function scalar({ row }, column, value, isPlain = false) {
  return { value, isNull: isPlain && NULLS.has(value), row, column };
}

// Adds the image that a node names, if it names one.
export function note(reader, node) {
  if (node === UNREAD) refuse(reader);
  if (node?.value && !node.isNull) reader.images.add(node);
}

// Adds a Dockerfile: a node, or the lines from below a row that ends with `|` to the current line.
export function noteDockerfile(reader, node, literalRow) {
  if (literalRow === undefined) {
    if (node === UNREAD) refuse(reader);
    if (node?.value && !node.isNull) reader.dockerfiles.add({ ...node, isLiteral: false });
    return;
  }
  const lines = reader.lines.slice(literalRow + 1, reader.row + 1);
  const indent = indentOf(lines.find((line) => !isBlank(line)) ?? "");
  const value = lines.map((line) => `${line.slice(indent)}\n`).join("");
  if (value) reader.dockerfiles.add({ value, row: literalRow, column: 0, isLiteral: true });
}

// Reads a text in quotes, which may end on a later line: `{node, end}`.
export function quotedAt(reader, start) {
  const line = reader.lines[reader.row];
  const sign = line[start];
  const [whole, content] = matchAt(QUOTED[sign], line, start) ?? [];
  if (whole === undefined) return endOfQuoted(reader, sign, line.slice(start + 1));
  checkEscapes(reader, sign, content);
  const isRead = sign === "'" || !content.includes("\\");
  const node = isRead ? scalar(reader, start, sign === "'" ? content.replaceAll("''", "'") : content) : UNREAD;
  return { node, end: start + whole.length };
}

function endOfQuoted(reader, sign, first) {
  checkEscapes(reader, sign, first);
  for (;;) {
    const line = nextLine(reader);
    const [whole, content] = matchAt(END_OF_QUOTED[sign], line, 0) ?? [];
    checkEscapes(reader, sign, content ?? line);
    if (whole !== undefined) return { node: UNREAD, end: whole.length };
  }
}

// Only double quotes have escapes, and not every escape is valid.
function checkEscapes(reader, sign, content) {
  if (sign === '"' && !ESCAPED.test(content)) refuse(reader);
}

function matchAt(pattern, line, column) {
  pattern.lastIndex = column;
  return pattern.exec(line);
}

// Reads `*name`: `{node, end}`.
export function aliasAt(reader, start) {
  const [whole, name] = matchAt(ALIAS, reader.lines[reader.row], start) ?? [];
  if (!reader.anchors.has(name)) refuse(reader);
  return { node: reader.anchors.get(name), end: start + whole.length };
}

// Reads a text without quotes in a block with this column. It may continue on further lines that are indented more.
export function plain(reader, column, blockColumn) {
  const rest = reader.lines[reader.row].slice(column);
  if (NO_PLAIN.test(rest)) refuse(reader);
  const { row } = reader;
  let [text, isOpen] = plainText(reader, rest);
  const first = text;
  for (let next = continuation(reader, blockColumn); isOpen && next; next = continuation(reader, blockColumn)) {
    reader.row = next;
    [text, isOpen] = plainText(reader, reader.lines[next]);
  }
  return reader.row === row ? scalar(reader, column, first, true) : UNREAD;
}

// A text, and whether it may continue on the next line.
function plainText(reader, rest) {
  const { 0: sign = "", index } = END_OF_PLAIN.exec(rest) ?? { index: rest.length };
  if (sign && sign !== " #") refuse(reader);
  return [rstrip(rest.slice(0, index), SPACES), !sign];
}

// The row on which a text without quotes continues; undefined if it ends.
function continuation({ lines, row }, blockColumn) {
  let next = row + 1;
  while (next < lines.length && isBlank(lines[next])) next += 1;
  const isInside = next < lines.length && indentOf(lines[next]) > blockColumn;
  return isInside && !/^ *#/.test(lines[next]) ? next : undefined;
}

// Reads a text after `|` or `>`: the lines that are indented as much as the first, or more.
export function blockScalar(reader, column, blockColumn) {
  const header = matchAt(BLOCK, reader.lines[reader.row], column);
  if (!header) refuse(reader);
  const { lines, row } = reader;
  let first = row + 1;
  while (first < lines.length && isBlank(lines[first])) first += 1;
  const indent = indentOf(lines[first] ?? "");
  if (lines.slice(row + 1, first).some((line) => line.length > indent)) refuse(reader);
  if (indent <= blockColumn) return UNREAD;
  let count = 0;
  let end = first;
  for (; end < lines.length && (isBlank(lines[end]) || indentOf(lines[end]) >= indent); end += 1) count += isBlank(lines[end]) ? 0 : 1;
  const isRead = header[1] === "-" && count === 1 && first === row + 1;
  const node = isRead ? scalar(reader, column, lines[first].slice(indent)) : UNREAD;
  reader.row = end - 1;
  return node;
}

function isBlank(line) {
  return !/[^ ]/.test(line);
}
