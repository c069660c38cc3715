// Shows the settings of an image, and its steps with their layers, like the page of a platform.

import { mountCopyButtons } from "./copy.js";
import { createdOf, platformName, sizeOf } from "./differ/model.js";
import { settingsOfConfig } from "./differ/config_settings.js";
import { h, table } from "./dom.js";
import { pairSteps } from "./step_layers.js";
import { exactSize, minute, size, visible } from "./text.js";
import { digestLink, labelOf } from "./values.js";

const MAX_VALUE = 1000; // characters of a value
const MAX_STEP = 20_000;
const MAX_ROWS = 100; // rows of one kind
const MAX_STEPS = 500;

// Everything about an image.
export function imageParts(name, image) {
  const { config } = image;
  const subject = image.attests ?? image.after ?? null;
  const isAttestation = subject !== null;
  return [
    isAttestation ? null : pull(`${name}@${image.manifest}`),
    facts([
      ["Platform", bounded(platformName(image.platform))],
      ["Size", `${exactSize(sizeOf(image))}, compressed`],
      ["Created", minute(createdOf(config))],
      ["Manifest", digestLink(image.manifest)],
      ["Image ID", digestLink(config.digest)],
      ["Media type", image.media_type ? bounded(image.media_type) : "unknown"],
      isAttestation ? ["Describes", image.attests ? digestLink(subject) : [digestLink(subject), " (deduced from the order of the index)"]] : null,
      config.docker_version ? ["Docker version", bounded(config.docker_version)] : null,
      ...[["Entrypoint", config.entrypoint], ["Command", config.cmd], ["Shell", config.shell]].map(([label, words]) => words && [label, code(JSON.stringify(words))]),
      ...annotationRows(image.annotations),
    ]),
    ...statements(image.statements),
    ...settings(config),
    ...(isAttestation ? [] : stepsAndLayers(image)),
  ].filter(Boolean);
}

export function pull(reference) {
  const holder = h("div", {}, h("pre", {}, h("code", {}, `docker pull ${reference}`)));
  mountCopyButtons(holder);
  return holder;
}

// A table of facts by name; rows that are null are left out.
export function facts(rows) {
  const shown = rows.filter(Boolean);
  return shown.length ? h("div", { class: "ri-platform" }, table(["", ""], shown)) : null;
}

export function annotationRows(annotations) {
  const rows = annotations.slice(0, MAX_ROWS).map(([name, value]) => ["Annotation", code(`${name}=${value}`)]);
  return annotations.length > MAX_ROWS ? [...rows, ["Annotation", `and ${more(annotations, MAX_ROWS)}`]] : rows;
}

// The beginning of a long value, and the number of characters left out.
export function bounded(value, longest = MAX_VALUE) {
  return `${visible(value.slice(0, longest))}${value.length > longest ? ` … ${(value.length - longest).toLocaleString("en")} characters more` : ""}`;
}

function code(value) {
  return h("code", {}, bounded(value));
}

function more(all, shown) {
  return `${(all.length - shown).toLocaleString("en")} more`;
}

function statements(all) {
  if (!all.length) return [];
  const items = all.slice(0, MAX_ROWS).map((one) => {
    const said = [["built by ", one.builder], ["from ", one.source], ["revision ", one.revision]].filter(([, value]) => value).map(([words, value]) => `${words}${bounded(value)}`);
    if (one.packages !== undefined && one.packages !== null) said.push(`${one.packages.toLocaleString("en")} packages`);
    return h("li", {}, code(one.predicate_type), said.length ? `: ${said.join(", ")}` : "", ` · ${size(one.size)} · `, digestLink(one.digest));
  });
  return [h("h3", {}, "Statements"), h("ul", {}, items), all.length > MAX_ROWS ? h("p", {}, `and ${more(all, MAX_ROWS)}`) : null];
}

function settings(config) {
  const rows = [...settingsOfConfig(config)].flatMap(([kind, values]) => {
    const label = labelOf(kind);
    const all = [...values];
    const shown = all.slice(0, MAX_ROWS).map(([name, value]) => [label, code(name && name !== value ? `${name}=${value}` : value)]);
    return all.length > MAX_ROWS ? [...shown, [label, `and ${more(all, MAX_ROWS)}`]] : shown;
  });
  return rows.length ? [h("h3", {}, "Settings"), facts(rows)] : [];
}

function stepsAndLayers({ config: { history }, layers }) {
  if (!history.length && !layers.length) return [];
  const places = pairSteps(history, layers.map((layer) => layer.size));
  const paired = places.some((place) => place !== null);
  const items = history.slice(0, MAX_STEPS).map((step, at) => {
    const layer = layers[places[at]];
    const made = layer ? [h("strong", {}, layerSize(layer)), " · ", digestLink(layer.digest), " "] : paired ? ["no layer · "] : [];
    return h("li", {}, h("p", {}, ...made, step.created ? minute(step.created) : "no date"), stepBlock(step));
  });
  return [
    h("h3", {}, "Steps and layers"),
    h("p", {}, paired ? "Each step with the layer that it made." : "It is unknown which step made which layer, so the layers follow the steps."),
    h("div", { class: "md-typeset ri-platform" }, h("ol", {}, items)),
    history.length > MAX_STEPS ? h("p", {}, `and ${more(history, MAX_STEPS)}`) : null,
    paired || !layers.length ? null : table(["Layer", "Size"], layers.slice(0, MAX_STEPS).map((layer) => [digestLink(layer.digest), layerSize(layer)]), [1]),
  ];
}

// A step as written in a Dockerfile, with line breaks instead of the history's tabs.
export function stepBlock({ text }) {
  return h("pre", {}, h("code", {}, bounded(text.replace(/ ?\t[\t ]*/g, "\n\t"), MAX_STEP)));
}

function layerSize(layer) {
  return layer.has_size === false ? "size unknown" : size(layer.size);
}
