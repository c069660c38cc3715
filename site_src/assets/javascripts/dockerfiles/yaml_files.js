// Finds what collector/dockerfiles/yaml_files.py finds: the images that compose files and Kubernetes manifests name.
//
// Python reads all of YAML; this module reads only the form that these files usually have. It refuses everything else, and names the
// line. A test compares its answers with those of Python.

import { isLonger, rstrip, strip } from "../differ/python.js";
import { Problem } from "../references.js";
import { parseDockerfile } from "./dockerfile.js";
import { Blocks } from "./yaml_blocks.js";
import { expand } from "./variables.js";
import { readFlow } from "./yaml_flow.js";
import { indentOf, isMark, refuse } from "./yaml_lines.js";
import { readValue } from "./yaml_values.js";

const MAX_CHARACTERS = 2 ** 20;
const MAX_IMAGES = 1000;
const FOREIGN = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const NO_PIN = "only Dockerfiles are written";
const MAX_KEY = 1000; // characters
const SPACES = new Set(" ");
const SIGNS = /[\\'"]/g;

// The images in the order of the file, as `parseDockerfile` returns them. `span` is null: only Dockerfiles are written.
export function parseYaml(text) {
  if (isLonger(text, MAX_CHARACTERS)) throw new Problem("longer than 1 MiB");
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  const reader = { lines, row: 0, anchors: new Map(), images: new Set(), dockerfiles: new Set() };
  const foreign = reader.lines.findIndex((line) => FOREIGN.test(line));
  if (foreign >= 0) refuse({ row: foreign });
  readDocuments(reader);
  const nodes = [...reader.images, ...reader.dockerfiles].sort((left, right) => left.row - right.row || left.column - right.column);
  const found = nodes.flatMap((node) => (reader.images.has(node) ? named(node) : imagesOf(node)));
  if (found.length > MAX_IMAGES) throw new Problem(`more than ${MAX_IMAGES} images`);
  return found;
}

function readDocuments(reader) {
  let blocks = new Blocks(reader);
  while (reader.row < reader.lines.length) {
    const line = reader.lines[reader.row];
    if (isMark(line)) {
      if (!/^--- *(?:#.*)?$/.test(line)) refuse(reader);
      reader.anchors = new Map();
      blocks = new Blocks(reader);
    } else if (/^%/.test(line)) {
      refuse(reader);
    } else if (/^ *[[{]/.test(line) && !blocks.newest) {
      blocks.document();
      readFlow(reader, indentOf(line));
    } else if (!/^ *(?:#|$)/.test(line)) {
      readLine(reader, blocks);
    }
    reader.row += 1;
  }
}

// A line of a block: any number of `- `, then `key: value`, or a value.
function readLine(reader, blocks) {
  const line = reader.lines[reader.row];
  let column = indentOf(line);
  blocks.close(column);
  for (let dash = /-(?: +|$)/y; ; ) {
    dash.lastIndex = column;
    const [sign] = dash.exec(line) ?? [];
    if (sign === undefined) break;
    blocks.item(column);
    column += sign.length;
  }
  if (column === line.length || line[column] === "#") return;
  const key = keyAt(line, column);
  if (key) blocks.key(column, key.name);
  else blocks.value(column);
  readValue(reader, blocks.newest, key ? key.end : column);
}

// `{name, end}`: the key that begins at a column, and where its value may begin; null if there is none.
function keyAt(line, column) {
  const rest = line.slice(column);
  const quoted = /^(?:'((?:[^']|'')*)'|"([^"\\]*)") *:(?= |$)/.exec(rest);
  if (quoted && quoted[0].length <= MAX_KEY) return { name: quoted[2] ?? quoted[1].replaceAll("''", "'"), end: column + quoted[0].length };
  const stop = /^["'&!*|>@`%#,[\]{}]/.test(rest) ? null : /:(?= |$)| #/.exec(rest);
  if (!stop || stop[0] !== ":" || /^[-?:](?: |$)/.test(rest)) return null;
  const name = rstrip(rest.slice(0, stop.index), SPACES);
  return stop.index > MAX_KEY || name.includes("\t") ? null : { name, end: column + stop.index + 1 };
}

// The images that a Dockerfile in a compose file names. Their lines are known only in a literal text (`|`), which begins below.
function imagesOf({ value, row, isLiteral }) {
  const first = row + 1;
  if (!strip(value)) return [];
  try {
    const images = parseDockerfile(value.replaceAll("$$", "$"));
    return images.map((image) => {
      const line = isLiteral ? first + image.line : first;
      return { ...image, line, span: null, problem: image.reference ? NO_PIN : image.problem };
    });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return [{ line: first, written: "dockerfile_inline", reference: "", span: null, problem: problem.message }];
  }
}

function named({ value, row }) {
  // Of the special signs of a Dockerfile, compose files have only the dollar; they write a literal dollar twice.
  const literal = value.replace(SIGNS, "\\$&").replaceAll("$$", "\\$");
  const image = { line: row + 1, written: value, span: null };
  try {
    return { ...image, reference: expand(literal, new Map()).text, problem: NO_PIN };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { ...image, reference: "", problem: problem.message };
  }
}
