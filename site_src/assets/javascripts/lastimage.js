// Answers for the page of a platform that its tag does not have now: with the last image that the tag had for it.

import { imagesOf, platformName, platformSlug } from "./differ/model.js";
import { h } from "./dom.js";
import { partsOf } from "./historyparts.js";
import { bounded, facts, pull } from "./imageparts.js";
import { tagAddress } from "./names.js";
import { digestPage, inSite } from "./site.js";
import { loadFile, platformOf } from "./states.js";
import { goneStatus } from "./tagstates.js";
import { minute } from "./text.js";
import { digestLink } from "./values.js";

const MAX_STATES = 2; // that are searched if no release names the platform
const MAX_IMAGES = 30; // of a state that are searched

// The page of a platform of a tag: `{title, parts}`; null if the newest states of the tag never had it. `platform`: its slug.
export async function pageOf(names, { image, tag, platform: slug }) {
  const address = tagAddress(names, image, tag);
  const { value: part } = await partsOf(`${address}history/`).next(); // older parts are long ago
  const named = Object.keys(part.platform_names); // empty if the tag always had one platform
  const found = named.length && !named.includes(slug) ? null : await lastImage(image.address, part, slug);
  if (!found) return null;
  const { row, object } = found;
  const name = `${image.name}:${tag}`;
  const platform = bounded(platformName(platformOf(object.platform)));
  const parts = [
    h("p", {}, link(image.address, image.name), " / ", link(address, tag), ` / ${platform}`),
    h("p", {}, ...statusOf(part, slug, name, platform), " This is the last image that the tag had for it."),
    pull(`${image.name}@${object.manifest}`),
    facts([
      ["Manifest", digestLink(object.manifest)],
      ["Image ID", digestLink(object.config)],
      ["State of the tag", [digestLink(row.digest), ` of ${minute(row.since)}`]],
    ]),
    h("p", {}, link(digestPage(object.manifest), "Its steps and layers"), " \u00b7 ", link(address, part.changes[0].gone ? name : `${name} now`), " \u00b7 ", link(`${address}history/`, `History of ${name}`)),
  ];
  return { title: `${name} on ${platform}`, parts };
}

function link(address, words) {
  return h("a", { href: inSite(address) }, words);
}

// The state that brought its last image to the platform, as a row of the history, and the image: `{row, object}`; null if there is none.
async function lastImage(imageAddress, part, slug) {
  const release = part.releases.find(({ arrived = {} }) => Object.hasOwn(arrived, slug));
  const rows = [release && rowOf(part, release.arrived[slug]), ...part.changes.filter(isWhole).slice(0, MAX_STATES)];
  for (const row of rows.filter(isWhole)) {
    const object = await imageIn(imageAddress, row.state, slug);
    if (object) return { row, object };
  }
  return null;
}

function isWhole(row) {
  return row?.state !== undefined;
}

// The row of a state, by its number in the whole history.
function rowOf({ states, changes }, number) {
  return changes[(states ?? changes.length) - 1 - number];
}

// The image of a platform in a state. What the state brought was numbered just before it, so the first file usually has it.
async function imageIn(imageAddress, number, slug) {
  const { file, place } = await loadFile(imageAddress, number);
  const state = file.objects[place];
  const numbers = state?.manifest ? [number] : [...(state?.images ?? [])].sort((a, b) => b - a);
  for (const one of numbers.slice(0, MAX_IMAGES)) {
    const { file, place } = await loadFile(imageAddress, one);
    const object = file.objects[place];
    if (object?.manifest && isOf(platformOf(object.platform), slug)) return object;
  }
  return null;
}

function isOf(platform, slug) {
  return imagesOf({ all_images: [{ platform }] }).length > 0 && platformSlug(platform) === slug;
}

// Why the tag does not have the platform now.
function statusOf(part, slug, name, platform) {
  const [now] = part.changes;
  if (now.gone) return [...goneStatus(now)];
  const release = part.releases.find(({ arrived = {}, to_follow: following = [], dropped = [], returned = [] }) =>
    [...Object.keys(arrived), ...following, ...dropped, ...returned].includes(slug),
  );
  if (release?.dropped?.includes(slug)) return [h("strong", {}, "Dropped"), `: ${name} has had no image for ${platform} for longer than 30 days.`];
  if (!release?.to_follow?.includes(slug)) return [`${name} has no image for ${platform} now.`];
  const opening = rowOf(part, release.states[0]);
  const since = minute(release.since ?? opening?.since);
  const words = release.cause === "platform-absent" ? `${name} has had no image for ${platform} since ${since}.` : `the release of ${since} has not reached ${platform} yet${whatChanged(release.summary ?? opening?.summary)}.`;
  return [h("strong", {}, "To follow"), `: ${words}`];
}

function whatChanged(summary) {
  return summary ? ` (${bounded(summary)})` : "";
}
