// Mirrors collector/diff/config_settings.py: the settings of a config by its own fields, else by the steps that set them.

import { partition } from "./python.js";
import { setSetting, settingsOf } from "./settings.js";

const SECOND = 10 ** 9; // nanoseconds

export function settingsOfConfig(config) {
  const settings = bySteps(config);
  if (config.runtime === null) return settings;
  const fields = byFields(config.runtime);
  // The maintainer has no field of its own.
  if (settings.has("maintainer")) fields.set("maintainer", settings.get("maintainer"));
  return fields;
}

// The settings of both, such that what differs did change: where one of the two is from a page, both by their steps.
export function comparableSettings(before, after) {
  if ((before.runtime === null) === (after.runtime === null)) return [settingsOfConfig(before), settingsOfConfig(after)];
  const [page, other] = before.runtime === null ? [before, after] : [after, before];
  if (!page.history.length) return [new Map(), new Map()];
  const [ofPage, ofOther, fields] = [bySteps(page), bySteps(other), byFields(other.runtime)];
  for (const [kind, values] of ofPage) {
    for (const [name, value] of values) {
      if (!fields.get(kind)?.has(name) || ofOther.get(kind)?.has(name)) continue;
      // A health check reads otherwise in a step.
      setSetting(ofOther, kind, name, kind === "healthcheck" ? value : fields.get(kind).get(name));
    }
  }
  return page === before ? [ofPage, ofOther] : [ofOther, ofPage];
}

function bySteps(config) {
  return settingsOf(config.history.map((step) => step.text));
}

function byFields(runtime) {
  const settings = new Map();
  const set = (kind, name, value) => setSetting(settings, kind, name, value);
  for (const entry of runtime.environment) set("environment", ...partition(entry, "="));
  for (const port of runtime.exposed_ports.map((port) => (port.includes("/") ? port : `${port}/tcp`))) set("exposed_port", port, port);
  for (const volume of runtime.volumes) set("volume", volume, volume);
  if (runtime.working_directory) set("working_directory", "", runtime.working_directory);
  if (runtime.user) set("user", "", runtime.user);
  if (runtime.stop_signal) set("stop_signal", "", runtime.stop_signal);
  if (runtime.healthcheck) set("healthcheck", "", healthcheckWords(runtime.healthcheck));
  for (const [name, value] of runtime.labels) set("label", name, value);
  return settings;
}

function healthcheckWords({ test, interval, timeout, retries }) {
  if (test[0] === "NONE") return "switched off";
  const words = test[0] === "CMD" || test[0] === "CMD-SHELL" ? test.slice(1) : test;
  const ran = words.join(" ") || (test.length ? "nothing" : "as the base image has it");
  const said = [
    interval ? `every ${seconds(interval)}` : "",
    timeout ? `timeout ${seconds(timeout)}` : "",
    retries ? `${retries} ${retries === 1 ? "retry" : "retries"}` : "",
  ].filter(Boolean);
  return said.length ? `${ran} (${said.join(", ")})` : ran;
}

// `30 s`, `1 min 30 s`, `0.5 s`.
function seconds(nanoseconds) {
  const [whole, rest] = [Math.floor(nanoseconds / SECOND), nanoseconds % SECOND];
  if (rest) return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")} s`;
  if (whole < 60) return `${whole} s`;
  return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
}
