// On a history page: shows a change in place, from its JSON (collector/diff/changes.py says what is in it).

import { h, table } from "./dom.js";
import { fetchJson, inSite } from "./site.js";
import { count, minute, size, visible } from "./text.js";

export function mount() {
  for (const link of document.querySelectorAll("article a[href*='/changes/'][href*='.json#']")) replace(link);
}

function replace(link) {
  const row = link.closest("tr");
  const url = inSite(link.href);
  if (!row || !url) return;
  const button = h("button", { type: "button", class: "ri-show", "aria-expanded": "false" }, "Show");
  button.setAttribute("aria-label", `Show the change of ${row.cells[0].textContent.trim()}`);
  let shown = null;
  button.addEventListener("click", () => {
    shown ??= addRow(row, url);
    shown.hidden = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!shown.hidden));
    button.textContent = shown.hidden ? "Show" : "Hide";
  });
  link.replaceWith(button);
}

function addRow(row, url) {
  const cell = h("td", { colspan: row.cells.length, class: "ri-change" }, "Loading…");
  const added = h("tr", {}, cell);
  row.after(added);
  loadChange(url)
    .then((change) => cell.replaceChildren(...render(change, url)))
    .catch(() => cell.replaceChildren("The change could not be loaded. Is the network there?"));
  return added;
}

const files = new Map();

// A file holds several changes; behind the `#` stands the id of one.
async function loadChange({ origin, pathname, hash }) {
  const file = origin + pathname;
  if (!files.has(file)) files.set(file, fetchJson(file));
  try {
    return (await files.get(file))[hash.slice(1)];
  } catch (error) {
    files.delete(file); // a later try may succeed
    throw error;
  }
}

function render(change, url) {
  const platforms = [
    ...(change.platforms_added ?? []).map((fact) => h("li", {}, mark("+"), `platform added: ${fact.platform}, ${size(fact.size)}`)),
    ...(change.platforms_removed ?? []).map((fact) => h("li", {}, mark("-"), `platform removed: ${fact.platform}`)),
    change.unchanged ? h("li", {}, `${count(change.unchanged, "platform")} unchanged`) : null,
    change.media_type ? h("li", {}, `media type: ${change.media_type[0]} → ${change.media_type[1]}`) : null,
    change.attestations ? h("li", {}, `attestations: ${change.attestations[0]} → ${change.attestations[1]}`) : null,
    change.artifacts ? h("li", {}, `artifacts: ${change.artifacts[0].length} → ${change.artifacts[1].length}`) : null,
  ].filter(Boolean);
  return [
    h("p", {}, h("strong", {}, visible([change.reason, ...(change.also ?? [])].map(({ text }) => text).join("; ")))),
    platforms.length ? h("ul", {}, platforms) : null,
    change.images ? images(change.images) : null,
    change.settings ? settings(change.settings) : null,
    ...(change.steps ?? []).map((step, at) => renderStep(step, platformsOf(change, at))),
    h("p", {}, h("a", { href: url }, "This change as JSON")),
  ].filter(Boolean);
}

function mark(sign) {
  return h("span", { class: sign === "+" ? "ri-added" : "ri-removed" }, sign);
}

function images(all) {
  const rows = all.map((image) => [
    image.platform_name ? `${image.platform_name[0]} → ${image.platform_name[1]}` : image.platform,
    image.size ? `${size(image.size[0])} → ${size(image.size[1])}` : "same",
    image.layers?.new ? `${count(image.layers.new.length, "layer")}, ${size(image.layers.fetch_bytes ?? 0)}` : "nothing",
    image.created ? `${minute(image.created[0])} → ${minute(image.created[1])}` : "same",
    `${image.steps_kept ?? 0} kept${image.steps_rebuilt ? `, ${image.steps_rebuilt} of them rebuilt` : ""}`,
    image.docker_version ? `${image.docker_version[0] ?? "none"} → ${image.docker_version[1] ?? "none"}` : "same",
  ]);
  return table(["Platform", "Size", "To fetch", "Created", "Steps", "Docker version"], rows);
}

function settings(all) {
  const value = (side) => (side === undefined || side === null ? "none" : h("code", {}, visible(Array.isArray(side) ? JSON.stringify(side) : side)));
  const name = ({ kind, name }) => `${kind.replaceAll("_", " ")}${name ? ` ${visible(name)}` : ""}`;
  return table(["Setting", "Before", "After"], all.map((setting) => [name(setting), value(setting.before), value(setting.after)]));
}

// The platforms that a step changed on; empty where it is on all that changed.
function platformsOf({ images = [] }, at) {
  const having = images.filter((image) => image.steps?.includes(at));
  return having.length && having.length < images.length ? having.map((image) => image.platform) : [];
}

function renderStep(step, platforms) {
  const title = `${step.instruction} ${step.kind}${platforms.length ? ` on ${platforms.join(", ")}` : ""}`;
  return h("figure", {}, h("figcaption", {}, title), h("pre", {}, h("code", {}, stepParts(step))));
}

function stepParts({ kind, text = "", words = [] }) {
  const shown = visible(text.replace(/ ?\t[\t ]*/g, "\n\t"));
  if (kind === "added") return [h("ins", {}, `+ ${shown}`)];
  if (kind === "removed") return [h("del", {}, `- ${shown}`)];
  const parts = words.flatMap(([op, part]) => {
    if (op === "…") return h("span", { class: "ri-left-out" }, ` … ${count(Number(part), "character")} … `);
    return op === "+" ? marked("ins", op, part) : op === "-" ? marked("del", op, part) : visible(part);
  });
  return parts.length ? parts : ["only white space differs"];
}

// The words with their sign; the spaces around them stay outside.
function marked(name, sign, part) {
  const [, before, words, after] = /^(\s*)(.*?)(\s*)$/s.exec(part);
  return [before, h(name, {}, h("span", { class: "ri-sign" }, sign), visible(words)), after];
}
