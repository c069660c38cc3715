// Search by a version that a tag has or had: one static file contains the tags of a version.

import { parseQuery } from "./queries.js";
import { hashedFile } from "./site.js";

const ASKED = /^(?:(\S+?)(?:[:@]|\s+))?v?(\d+(?:\.\d+)+\S*)$/i;
const NUMBER = /^v?(\d+(?:\.\d+)+)/;

// The typed text as `{image, version}`; the image is empty if the text names none: `3.6.2`, `python 3.6.2`, `python:v3.6.2`.
function parseVersion(query) {
  const [, image = "", version] = ASKED.exec(parseQuery(query).name) ?? [];
  return version ? { image: image.toLowerCase(), version: version.toLowerCase() } : null;
}

// The tags that became the version, those with the fewest words first: `[{version, variable, image, tags, ever, since, until, address}]`.
export async function usesOfVersion({ versionDigits }, query) {
  const asked = versionDigits ? parseVersion(query) : null;
  if (!asked) return [];
  const key = NUMBER.exec(asked.version)[1];
  const file = await hashedFile("api/v1/versions", key, versionDigits);
  const found = Object.hasOwn(file, key) ? file[key] : [];
  return found
    .map(([version, variable, image, tags, ever, since, until, address]) => ({ version, variable, image, tags: tags.split(" "), ever, since, until, address }))
    .filter((use) => use.image.includes(asked.image) && use.version.toLowerCase().replace(/^v/, "").startsWith(asked.version));
}
