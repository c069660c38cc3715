// Mirrors collector/dockerfiles/variables.py: replaces the variables of a word.

import { isLonger } from "../differ/python.js";
import { Problem } from "../references.js";

const MAX_EXPANDED = 4096;
const PART =
  /\\(?<escaped>.)|'(?<literal>[^']*)'|(?<quote>")|\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?<operator>:?[-+?])(?<word>[^${}]*))?\}|(?<text>[^\\'"$]+)|(?<other>.)/gsu;

// `{text, names}`: the word without its quotes and with its variables replaced, and the names of the variables in it.
// `values`: a Map from each argument that has a default to its value.
export function expand(word, values) {
  const names = [];
  const parts = [];
  for (const { groups } of word.matchAll(PART)) {
    if (groups.other) throw new Problem("it has a variable of a form that is not supported");
    const name = groups.name ?? groups.braced;
    if (name) names.push(name);
    parts.push(name ? valueOf(name, groups, values) : (groups.escaped ?? groups.literal ?? groups.text ?? ""));
  }
  const text = parts.join("");
  if (isLonger(text, MAX_EXPANDED)) throw new Problem(`its value has more than ${MAX_EXPANDED} characters`);
  return { text, names };
}

function valueOf(name, { operator = "", word = "" }, values) {
  const value = values.get(name);
  const isSet = operator.startsWith(":") ? Boolean(value) : value !== undefined;
  if (operator.endsWith("+")) return isSet ? word : "";
  if (operator.endsWith("-") && !isSet) return word;
  if (value === undefined) throw new Problem(`ARG ${name} has no default`);
  return value;
}
