// Reads the states of all tags of an image from one small file. collector/pages/states_by_date.py writes it.

import { h } from "./dom.js";
import { loadNames, placeOf } from "./names.js";
import { fetchOnce } from "./site.js";
import { minute } from "./text.js";

const SECOND = 1000; // milliseconds
const GONE = { "-1": "missing", "-2": "not-followed" }; // as in histories
const WHY = {
  missing: ": the registry had no such tag.",
  "not-followed": ": the archive's source no longer follows it, and the registry may still have it.",
};

export function loadTagStates(imageAddress) {
  return fetchOnce(`api/v1/${imageAddress}-states.json.gz`);
}

export function digestAt({ digests }, place) {
  const digits = digests[place];
  return digits.includes(":") ? digits : `sha256:${digits}`;
}

// The states of a tag, newest first, like the rows of its history but without reasons: `{since, until, digest, state, gone}`.
export async function statesOf(imageAddress, tag) {
  const states = await loadTagStates(imageAddress);
  const rows = [];
  let seconds = 0;
  for (const [more, place] of states.tags[tag]) {
    seconds += more;
    const since = `${new Date(seconds * SECOND).toISOString().slice(0, 19)}Z`;
    const known = place < 0 ? { digest: null, gone: GONE[place] } : { digest: digestAt(states, place), state: states.objects[place] ?? undefined };
    rows.unshift({ since, until: null, ...known });
    if (rows[1]) rows[1].until = since;
  }
  return rows;
}

// Makes the JSON of a history from the states alone: each state is a release, without reasons. `left_out` marks such a history.
// `address`: of the page of the history.
export async function loadHistory(address) {
  const { image, tag } = placeOf(await loadNames(), address);
  const rows = await statesOf(image.address, tag);
  const changes = rows.map((row) => ({ ...row, reasons: [], summary: row.digest ? "another image" : "no image" }));
  const releases = rows.map((_, at) => ({ states: [rows.length - 1 - at] }));
  return { changes, releases, platform_names: {}, older: null, image_address: image.address, left_out: true };
}

// A sentence about a tag that is gone.
export function goneStatus({ since, gone }) {
  return [h("strong", {}, "This tag has been gone"), ` since ${minute(since)}${WHY[gone]}`];
}
