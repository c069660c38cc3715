// Renders a change with the facts, words and order of the built pages (collector/pages/templates/change.md.j2,
// markdown_templates.py). collector/diff/changes.py defines the members of a change.

import { colour } from "./diffcolours.js";
import { strip } from "./differ/python.js";
import { h, table } from "./dom.js";
import { NAMES } from "./packageindex.js";
import { count, size, sizesAlike, visible } from "./text.js";
import { isInSettings } from "./steps_in_settings.js";
import { boundedCode, code, digestLink, labelOf, line, renderWords } from "./values.js";

const SIGNS = { "=": "  ", "-": "- ", "+": "+ ", "…": "  " };
const NUMBERS = [1, 2, 3, 4, 5]; // columns
const LEAD = "linux-amd64"; // the platform whose size the headline names
const MAX_VERSIONS = 2;
const MAX_NAMES = 12; // packages of a source
const MAX_VALUE = 40; // characters

// The most important facts on one line: `PYTHON_VERSION 3.6.3 → 3.6.4; 8 platforms changed; linux/amd64: 12.1 MB to fetch`.
// `fates`: of platforms, as in platformfates.js.
export function headlineOf({ before, after, images = [], settings = [], platforms_added: added = [], platforms_removed: removed = [], ...change }, fates = new Map()) {
  if (before === after) return "No change";
  const parts = [
    versionsOf(settings),
    images.length ? `${count(images.length, "platform")} changed` : "",
    ...platformCounts(added, "added", fates),
    ...platformCounts(removed, "removed", fates),
    packagesOf({ images, ...change }),
    images.length ? transferOf(images.find(({ slug }) => slug === LEAD) ?? images[0]) : "",
  ].filter(Boolean);
  return parts.length ? parts.join("; ") : "No platform changed";
}

// `6 platforms added`, `1 platform back`.
function platformCounts(facts, usual, fates) {
  const numbers = new Map();
  for (const word of facts.map(({ slug }) => fates.get(slug)?.word ?? usual)) numbers.set(word, (numbers.get(word) ?? 0) + 1);
  return [...numbers].map(([word, number]) => `${count(number, "platform")} ${word}`);
}

// The variables with VERSION in their name that are set before and after, in the order of their names. Reasons have rules of their
// own.
function versionsOf(settings) {
  const isVersion = ({ kind, name, before, after }) => kind === "environment" && /VERSION/.test(name) && before && after;
  const moved = settings.filter(isVersion).sort((left, right) => (left.name < right.name ? -1 : 1));
  const shown = moved.slice(0, MAX_VERSIONS).map(({ name, ...values }) => {
    const [old, now] = [values.before, values.after].map(line);
    return Math.max(old.length, now.length) > MAX_VALUE ? `${line(name)} changed` : `${line(name)} ${old} → ${now}`;
  });
  const more = moved.length - shown.length;
  return shown.join(", ") + (more ? ` and ${more} more` : "");
}

// What happened to the packages. "Same packages" means that the packages of every image with new layers are known. "Unknown" appears
// only on sites with packages.
export function packagesOf({ images = [], packages = [] }) {
  if (packages.length) return `${count(packages.length, "package")} changed`;
  const rebuilt = images.filter(({ layers }) => layers?.new);
  const known = rebuilt.filter((image) => image.packages_kept !== undefined);
  if (!rebuilt.length) return "";
  if (known.length === rebuilt.length) return "same packages";
  if (!NAMES) return "";
  return known.length ? `same packages on ${line(known.map(({ platform }) => platform).join(", "))}, unknown on the others` : "packages unknown";
}

function transferOf({ platform, size: sizes, layers }) {
  const [before, after, fetched] = transfer(sizes, layers);
  return `${line(platform)}: ${sizes ? `${before} → ${after}, ` : ""}${fetched} to fetch`;
}

// The sizes before and after, and the bytes to fetch, in one unit.
function transfer(sizes, layers) {
  const fetched = layers?.fetch_bytes ?? 0;
  return sizes ? sizesAlike([...sizes, fetched]) : ["same", "same", size(fetched)];
}

export function renderChange(change, fates = new Map()) {
  const facts = factsOf(change, fates);
  const steps = (change.steps ?? []).flatMap((step, at) => (isInSettings(step, change.settings ?? []) ? [] : renderStep(step, platformsOf(change, at))));
  return [
    facts.length ? h("ul", {}, facts.map((fact) => h("li", {}, fact))) : null,
    change.images ? renderImages(change.images) : null,
    change.settings ? renderSettings(change.settings) : null,
    ...(change.packages ? renderPackages(change) : []),
    ...steps,
    renderLeftOut(change),
  ].filter(Boolean);
}

function factsOf({ platforms_added: added = [], platforms_removed: removed = [], images = [], unchanged, media_type: type, ...change }, fates) {
  const wordOf = ({ slug }, usual) => fates.get(slug)?.word ?? usual;
  const moved = images.map((image) => image.platform_name).filter(Boolean);
  const { attestations, artifacts } = change;
  return [
    ...added.map((fact) => `Platform ${wordOf(fact, "added")}: ${line(fact.platform)}, ${size(fact.size)}`),
    ...removed.map((fact) => `Platform ${wordOf(fact, "removed")}: ${line(fact.platform)}${fates.get(fact.slug)?.note ?? ""}`),
    ...moved.map(([before, after]) => `Platform renamed: ${line(before)} → ${line(after)}`),
    unchanged ? `Platforms unchanged: ${unchanged}` : null,
    type ? `Media type: ${line(type[0])} → ${line(type[1])}` : null,
    attestations ? `Attestations: ${attestations[0]} before, ${attestations[1]} after` : null,
    artifacts ? `Artifacts: ${artifacts[0].length} before, ${artifacts[1].length} after` : null,
  ].filter(Boolean);
}

function renderImages(images) {
  const rows = images.map(({ platform, size: sizes, layers, config }) => [
    line(platform),
    ...transfer(sizes, layers),
    layers ? String(layers.kept ?? 0) : "all",
    String(layers?.new?.length ?? 0),
    config ? digestLink(config[1]) : "same",
  ]);
  return table(["Platform", "Size before", "Size after", "To fetch", "Layers kept", "New layers", "Image ID after"], rows, NUMBERS);
}

function renderSettings(settings) {
  const rows = settings.map(({ kind, name, before, after }) => [
    name ? [`${labelOf(kind)} `, code(name)] : labelOf(kind),
    valueOf(before),
    valueOf(after),
  ]);
  return table(["Setting", "Before", "After"], rows);
}

function renderLeftOut({ images = [] }) {
  const most = Math.max(0, ...images.map((image) => image.left_out ?? 0));
  return most ? h("p", {}, `And ${most.toLocaleString("en")} more settings, steps and packages.`) : null;
}

function renderPackages({ packages, images }) {
  const known = images.filter((image) => image.packages_kept !== undefined).map(({ platform }) => platform);
  const rows = packages.map(({ name, before, after, packages: moved, kind }) => [line(name), before ? line(before) : "none", after ? line(after) : "none", installedOf(moved, kind)]);
  return [
    known.length < images.length ? h("p", {}, `Packages on ${line(known.join(", "))}; the other platforms cannot be compared:`) : null,
    table(["Package", "Before", "After", "Installed packages"], rows),
  ];
}

// The packages of a source that differ; the first ones if there are very many.
function installedOf(packages, kind) {
  const more = packages.length - MAX_NAMES;
  const nameOf = ([name, before, after]) => (kind !== "changed" || (before && after) ? name : `${name} ${before ? "removed" : "added"}`);
  return line(packages.slice(0, MAX_NAMES).map(nameOf).join(", ")) + (more > 0 ? ` and ${more} more` : "");
}

function valueOf(value) {
  if (value === undefined || value === null) return "none";
  return boundedCode(Array.isArray(value) ? renderWords(value) : value);
}

// The platforms on which a step changed; empty if these are all platforms that changed.
function platformsOf({ images = [] }, at) {
  const having = images.filter((image) => image.steps?.includes(at));
  return having.length < images.length ? having.map((image) => image.platform) : [];
}

function renderStep(step, platforms) {
  const what = step.words || step.text ? ` ${step.kind}` : ": white space";
  const where = platforms.length ? ` (on ${platforms.join(", ")})` : "";
  const lines = linesOf(step).flatMap((words) => [colour(visible(words)), "\n"]);
  return [h("p", {}, `${line(`${step.instruction || "Step"}${what}${where}`)}:`), h("pre", {}, h("code", { class: "language-diff" }, lines))];
}

// Removed (`-`) and added (`+`) words, with a few unchanged words around them.
function linesOf({ kind, text = "", words = [] }) {
  if (kind !== "changed") return instructionOf(text).split("\n").map((words) => `${kind === "added" ? "+" : "-"} ${words}`);
  return words.flatMap(([op, part]) => {
    const shown = op === "…" ? [`… ${part} characters …`] : broken(strip(part, new Set(" ")));
    return shown.map((words) => `${SIGNS[op]}${words}`);
  });
}

// The lines of the Dockerfile. White space alone is kept only if there is nothing else.
function broken(words) {
  const lines = instructionOf(words)
    .split("\n")
    .filter((line) => /[^\t ]/.test(line));
  return lines.length ? lines : [words];
}

// A step as written in a Dockerfile, with line breaks instead of the history's tabs.
function instructionOf(text) {
  return text.replace(/ ?\t[\t ]*/g, "\n\t");
}
