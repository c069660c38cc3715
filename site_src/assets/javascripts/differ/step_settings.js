// Mirrors collector/diff/step_settings.py: reads settings from the steps of an image.
//
// Settings are a Map of Maps: kind → name → value. A kind with a single value has the name "".

import { settingChange } from "./changes.js";
import { healthcheckWords, printedHealthcheck } from "./healthchecks.js";
import { splitStep, withoutBrackets } from "./instructions.js";
import { SPACE, compareTexts, partition, removePrefix, split, strip } from "./python.js";
import { bounded } from "./word_diff.js";

const IN_SETS = new Set(["exposed_port", "volume", "on_build"]);
const VARIABLE = new RegExp(`(?:^|(?<=[^${SPACE}]) )([A-Za-z_][A-Za-z0-9_]*)=`, "g");
const LABEL = new RegExp(`(?:^|(?<=[^${SPACE}]) )([A-Za-z0-9][A-Za-z0-9._/-]*)=`, "g");
const BEFORE_PATH = new RegExp(`(?<!["${SPACE},])["${SPACE},]+(?=/|[A-Za-z]:)`);

// The names and values of an ENV or ARG, as a Map.
export function parseVariables(rest) {
  const matches = [...rest.matchAll(VARIABLE)];
  return pairs(rest, matches.length && isUpper(matches[0][1]) ? matches.filter((match) => isUpper(match[1])) : matches);
}

// The names and values of a LABEL, as a Map.
export function parseLabels(rest) {
  return pairs(rest, [...rest.matchAll(LABEL)]);
}

function isUpper(name) {
  return /[A-Z]/.test(name) && !/[a-z]/.test(name);
}

function pairs(rest, matches) {
  if (!matches.length || matches[0].index) {
    const [name, value] = partition(rest, " ");
    return new Map(name ? [[name, value]] : []);
  }
  return new Map(matches.map((match, at) => [match[1], rest.slice(match.index + match[0].length, matches[at + 1]?.index)]));
}

function parsePorts(rest) {
  const bare = withoutBrackets(removePrefix(rest, "map")).replaceAll(":{}", " ");
  return split(bare).map((port) => (port.includes("/") ? port : `${port}/tcp`));
}

function parseVolumes(rest) {
  return strip(withoutBrackets(rest), new Set('" ')).split(BEFORE_PATH).filter(Boolean);
}

export function setSetting(settings, kind, name, value) {
  if (!settings.has(kind)) settings.set(kind, new Map());
  settings.get(kind).set(name, value);
}

function setPairs(kind, parse) {
  return (settings, rest) => {
    for (const [name, value] of parse(rest)) setSetting(settings, kind, name, value);
  };
}

function setItems(kind, parse) {
  return (settings, rest) => {
    for (const item of parse(rest)) setSetting(settings, kind, item, item);
  };
}

function setValue(kind) {
  return (settings, rest) => setSetting(settings, kind, "", withoutBrackets(rest));
}

// A relative WORKDIR is appended to the previous one; a path with a drive of Windows (`C:`) is never relative.
function setDirectory(settings, rest) {
  const directory = withoutBrackets(rest);
  const now = settings.get("working_directory")?.get("") ?? "/";
  setSetting(settings, "working_directory", "", directory.includes(":") ? directory : join(now, directory));
}

function join(above, path) {
  if (path.startsWith("/") || !above) return path;
  return above.endsWith("/") ? above + path : `${above}/${path}`;
}

function inWords(rest) {
  const printed = printedHealthcheck(rest);
  return printed ? healthcheckWords(printed) : rest;
}

function setHealthcheck(settings, rest) {
  if (strip(rest, new Set('{}&[]" ')) === "NONE") settings.delete("healthcheck");
  else setSetting(settings, "healthcheck", "", inWords(rest));
}

const SETTERS = new Map([
  ["ENV", setPairs("environment", parseVariables)],
  ["LABEL", setPairs("label", parseLabels)],
  ["EXPOSE", setItems("exposed_port", parsePorts)],
  ["VOLUME", setItems("volume", parseVolumes)],
  ["WORKDIR", setDirectory],
  ["USER", setValue("user")],
  ["STOPSIGNAL", setValue("stop_signal")],
  ["MAINTAINER", setValue("maintainer")],
  ["HEALTHCHECK", setHealthcheck],
]);

// Whether a step sets anything.
export function hasSettings(text) {
  return text !== null && SETTERS.has(splitStep(text)[0]);
}

// The settings after all steps. `steps`: their texts, oldest first.
export function settingsOf(steps) {
  const settings = new Map();
  for (const text of steps) {
    const [instruction, rest] = splitStep(text);
    if (rest) SETTERS.get(instruction)?.(settings, rest);
  }
  return settings;
}

// Settings that were added, removed or changed, by kind and name.
export function compareSettings(before, after) {
  const kinds = [...new Set([...before.keys(), ...after.keys()])].sort(compareTexts);
  return kinds.flatMap((kind) => compareKind(kind, before.get(kind) ?? new Map(), after.get(kind) ?? new Map()));
}

function compareKind(kind, before, after) {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
  const shown = (value) => (value === undefined ? null : bounded(value));
  return names
    .sort(compareTexts)
    .map((name) => settingChange(kind, IN_SETS.has(kind) ? "" : bounded(name), shown(before.get(name)), shown(after.get(name))));
}
