// Mirrors collector/dockerfiles/files.py: a file is YAML if it begins like YAML, or if it has no FROM.

import { Problem } from "../references.js";
import { parseDockerfile } from "./dockerfile.js";
import { parseYaml } from "./yaml_files.js";

const FROM = /(?:^|\n)\ufeff?[ \t]*FROM[ \t\\`]/i;
// A key, an item or the mark of a document, after empty lines and comments. Templates of Dockerfiles begin with `{{`.
const YAML_START =
  /^\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:---|[-?] |%YAML|\[|\{(?![{%#])|(?:[\w./$-]+|"[^"\n]*"|'[^'\n]*')[ \t]*:(?:[ \t-\r]|$))/;

// The images that a file names, as `parseDockerfile` returns them.
export function parseImages(text) {
  if (FROM.test(text) && !YAML_START.test(text)) return parseDockerfile(text);
  const found = parseYaml(text);
  if (!found.length) throw new Problem("no FROM and no image");
  return found;
}
