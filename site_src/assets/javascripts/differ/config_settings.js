// Mirrors collector/diff/config_settings.py: the settings of a config, from its own fields or from the steps that set them.

import { healthcheckWords } from "./healthchecks.js";
import { partition } from "./python.js";
import { setSetting, settingsOf } from "./step_settings.js";

export function settingsOfConfig(config) {
  const settings = bySteps(config);
  if (config.runtime === null) return settings;
  const fields = byFields(config.runtime);
  // There is no field for the maintainer.
  if (settings.has("maintainer")) fields.set("maintainer", settings.get("maintainer"));
  return fields;
}

// The settings of both, in a form in which every difference is a change: from the steps if either comes from a page.
export function comparableSettings(before, after) {
  if ((before.runtime === null) === (after.runtime === null)) return [settingsOfConfig(before), settingsOfConfig(after)];
  const [page, other] = before.runtime === null ? [before, after] : [after, before];
  if (!page.history.length) return [new Map(), new Map()];
  const [ofPage, ofOther, fields] = [bySteps(page), bySteps(other), byFields(other.runtime)];
  for (const [kind, values] of ofPage) {
    for (const [name, value] of values) {
      if (!fields.get(kind)?.has(name) || ofOther.get(kind)?.has(name)) continue;
      // A step contains fewer fields of the health check.
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
  for (const step of runtime.on_build) set("on_build", step, step);
  if (runtime.stop_timeout !== null) set("stop_timeout", "", `${runtime.stop_timeout} s`);
  for (const [name, value] of runtime.labels) set("label", name, value);
  return settings;
}
