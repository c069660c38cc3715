// Shared by the parts of the YAML reader. A reader is `{lines, row, anchors, images, dockerfiles}`: the lines, the index of the
// current line, and the nodes of anchors, of images and of Dockerfiles.

import { Problem } from "../references.js";

const REST = / *(?:#.*)?$/y;
const MARK = /^(?:---|\.\.\.)(?: |$)/; // the beginning or the end of a document

// Ends the reading: the line is not YAML, or has a form that this reader does not know.
export function refuse({ row }) {
  throw new Problem(`line ${row + 1} is not YAML, or in a form that this page does not read`);
}

// Checks that only a comment follows on the line.
export function endLine(reader, column) {
  REST.lastIndex = column;
  if (!REST.test(reader.lines[reader.row])) refuse(reader);
}

// Goes to the next line of a value that has several lines.
export function nextLine(reader) {
  const line = reader.lines[reader.row + 1];
  if (line === undefined || isMark(line)) refuse(reader);
  reader.row += 1;
  return line;
}

export function isMark(line) {
  return MARK.test(line);
}

// The number of spaces at the beginning.
export function indentOf(line) {
  return /^ */.exec(line)[0].length;
}
