// Renders values from an archive like the pages (collector/pages/markdown.py, image_metadata.py, markdown_templates.py).

import { SPACE, head, length, strip } from "./differ/python.js";
import { h } from "./dom.js";
import { digestPage } from "./site.js";
import { visible } from "./text.js";

const RUNS_OF_SPACE = new RegExp(`[${SPACE}]+`, "g");
const MAX_VALUE = 1_000; // characters of a value that is shown
const LABELS = { cmd: "Command", exposed_port: "Port", healthcheck: "Health check" };

// A text on one line. A run of white space becomes one space, and invisible characters become visible.
export function line(text) {
  return strip(visible(text).replace(RUNS_OF_SPACE, " "));
}

export function code(text) {
  const words = line(text);
  return words ? h("code", {}, words) : "(empty)";
}

// The beginning of a long value, and the number of characters left out.
export function boundedCode(text) {
  const more = length(text) - MAX_VALUE;
  return more > 0 ? [code(head(text, MAX_VALUE)), ` … ${more.toLocaleString("en")} characters more`] : code(text);
}

// A command as Dockerfiles write it: `["python3"]`.
export function renderWords(words) {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

// The name of a setting for people: `Working directory` for `working_directory`.
export function labelOf(kind) {
  return LABELS[kind] ?? `${kind[0].toUpperCase()}${kind.slice(1).replaceAll("_", " ")}`;
}

export function digestLink(digest) {
  return h("a", { href: digestPage(digest) }, h("code", { class: "d" }, digest));
}
