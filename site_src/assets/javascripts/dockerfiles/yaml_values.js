// Reads the value of a key or of an item of a list, and collects the images.

import { readFlow } from "./yaml_flow.js";
import { endLine, indentOf, refuse } from "./yaml_lines.js";
import { aliasAt, blockScalar, note, noteDockerfile, plain, quotedAt } from "./yaml_scalars.js";

const PROPERTY = /(?:&([0-9A-Za-z_-]+)|(!(?:![0-9A-Za-z_-]+|[0-9A-Za-z_.:/-]*)))(?: +|$)/y;

// The keys whose values name images.
const NOTES = {
  __proto__: null,
  image: note,
  dockerfile_inline(reader, node, { sign, row }) {
    if (sign === "*") refuse(reader); // the line of its text is elsewhere
    noteDockerfile(reader, node, sign === "|" ? row : undefined);
  },
};

// Reads from a column of the current line to the end of the value, which may be on a later line.
export function readValue(reader, block, start) {
  const line = reader.lines[reader.row];
  const { column, anchor, isTagged } = propertiesAt(reader, start + indentOf(line.slice(start)));
  const { row } = reader;
  const node = nodeAt(reader, block.column, column);
  if (anchor !== null) {
    if (reader.anchors.has(anchor)) refuse(reader);
    reader.anchors.set(anchor, node ?? null);
  }
  block.hasProperties = anchor !== null || isTagged;
  block.awaits = node === undefined;
  if (block.awaits || block.isList || !(block.key in NOTES)) return;
  if (isTagged) refuse(reader);
  NOTES[block.key](reader, node, { sign: line[column], row });
}

function propertiesAt(reader, start) {
  const found = { column: start, anchor: null, isTagged: false };
  for (;;) {
    PROPERTY.lastIndex = found.column;
    const [whole, anchor, tag] = PROPERTY.exec(reader.lines[reader.row]) ?? [];
    if (whole === undefined) return found;
    if ((anchor && found.anchor !== null) || (tag && found.isTagged)) refuse(reader);
    found.column += whole.length;
    found.anchor ??= anchor ?? null;
    found.isTagged ||= tag !== undefined;
  }
}

// A node as in yaml_scalars.js; undefined if the line has no value.
function nodeAt(reader, blockColumn, column) {
  const sign = reader.lines[reader.row][column];
  if (sign === undefined || sign === "#") return undefined;
  if (sign === "[" || sign === "{") return readFlow(reader, column);
  if (sign === "|" || sign === ">") return blockScalar(reader, column, blockColumn);
  if (sign !== "*" && sign !== '"' && sign !== "'") return plain(reader, column, blockColumn);
  const { node, end } = sign === "*" ? aliasAt(reader, column) : quotedAt(reader, column);
  endLine(reader, end);
  return node;
}
