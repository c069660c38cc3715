// Mirrors collector/dockerfiles/files.py: YAML is what has no FROM.

import { Problem } from "../references.js";
import { parseDockerfile } from "./dockerfile.js";
import { parseYaml } from "./yaml_files.js";

const FROM = /(?:^|\n)\ufeff?[ \t]*FROM[ \t\\`]/i;

// The images that a file names, as `parseDockerfile` has them.
export function parseImages(text) {
  if (FROM.test(text)) return parseDockerfile(text);
  const found = parseYaml(text);
  if (!found.length) throw new Problem("no FROM and no image");
  return found;
}
