// The history of a tag, from the JSON of its page: every state with the change that led to it.

import { compareStates } from "./differ/differ.js";
import { loadPackages } from "./packagelists.js";
import { fetchOnce } from "./site.js";
import { loadState } from "./states.js";

// The rows from this part on, the newest first, each with `until` (null if it still lasts) and `image_address`.
export async function* rowsOf(address) {
  let until = null;
  for (let next = address; next; ) {
    const part = await fetchOnce(`api/v1/${next.replace(/\/$/, "")}.json`);
    for (const row of part.changes) {
      yield { ...row, until, image_address: part.image_address };
      until = row.since;
    }
    next = part.older;
  }
}

// What changed from before one state to another, which is the same or a later one. A state is `{when, digest}` as a page shows
// them, or a part of this; `digits`: the first of its digest. The comparison is with the last known state before the first.
export async function changeBetween(address, first, newest) {
  const { row, last } = await around(address, first, newest);
  const [before, after] = await Promise.all([stateOf(last), stateOf(row)]);
  await loadPackages(before, after);
  return { row, last, change: compareStates(before, after) };
}

async function around(address, first, newest) {
  const found = { row: null, last: null };
  let isPast = false;
  for await (const row of rowsOf(address)) {
    if (isPast && row.state !== undefined) return { ...found, last: row };
    if (!found.row && isOf(row, newest)) found.row = row;
    if (found.row && isOf(row, first)) isPast = true;
  }
  return found;
}

function isOf(row, { when = "", digest, digits }) {
  const isThis = digits === undefined ? row.digest === digest : row.digest?.includes(`:${digits}`);
  return isThis && row.since.startsWith(when.replace(" ", "T"));
}

// Null if the tag was gone, or if the archive lacks a part of the state.
function stateOf(row) {
  return row?.state === undefined ? null : loadState(row.image_address, row.state);
}
