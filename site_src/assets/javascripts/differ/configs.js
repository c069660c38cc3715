// Mirrors collector/diff/configs.py: compares the settings and steps of two configs.

import { pair, settingChange } from "./changes.js";
import { bareStep } from "./instructions.js";
import { comparableSettings } from "./config_settings.js";
import { compareSettings, hasSettings } from "./step_settings.js";
import { align, describeEdit } from "./steps.js";
import { bounded } from "./word_diff.js";

export const MAX_LISTED = 200; // changed steps, settings, and sources of packages
const MAX_COMMAND_WORDS = 100; // of an entrypoint, command or shell

export function compareConfigs(before, after) {
  const [old, now] = [texts(before), texts(after)];
  const { kept, edits } = align(old, now);
  const listed = edits.slice(0, MAX_LISTED);
  const settings = compareAllSettings(before, after, edits.map((edit) => textEdit(edit, old, now)));
  const rebuilt = kept.filter(([left, right]) => before.history[left].created !== after.history[right].created);
  return {
    settings: settings.slice(0, MAX_LISTED),
    steps: listed.map((edit) => describeEdit(edit, old, now)),
    stepsKept: kept.length,
    stepsRebuilt: rebuilt.length,
    leftOut: edits.length - listed.length + Math.max(settings.length - MAX_LISTED, 0),
  };
}

// The texts of the steps, without the marks of their builder.
function texts(config) {
  return config.history.map((step) => bareStep(step.text));
}

function compareAllSettings(before, after, edits) {
  const commands = ["entrypoint", "cmd", "shell"]
    .filter((kind) => pair(before[kind], after[kind]))
    .map((kind) => settingChange(kind, "", shown(before[kind]), shown(after[kind])));
  const bySteps = before.runtime === null && after.runtime === null;
  if (bySteps && !edits.some((edit) => hasSettings(edit.before) || hasSettings(edit.after))) return commands;
  return [...commands, ...compareSettings(...comparableSettings(before, after))];
}

function shown(words) {
  if (words === null) return null;
  return [...words.slice(0, MAX_COMMAND_WORDS).map(bounded), ...(words.length > MAX_COMMAND_WORDS ? ["…"] : [])];
}

function textEdit([atBefore, atAfter], before, after) {
  return { before: atBefore === null ? null : before[atBefore], after: atAfter === null ? null : after[atAfter] };
}
