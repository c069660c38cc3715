// The history of a tag, from the JSON of its page: every state with the change that led to it.

import { compareStates } from "./differ/differ.js";
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

// The change of a row, compared with the last known state before it.
export async function rowChange(address, at) {
  const { row, last } = await around(address, at);
  const [before, after] = await Promise.all([stateOf(last), stateOf(row)]);
  return { row, last, change: compareStates(before, after) };
}

async function around(address, at) {
  const found = { row: null, last: null };
  let place = 0;
  for await (const row of rowsOf(address)) {
    if (place === at) found.row = row;
    else if (place > at && row.state !== undefined) return { ...found, last: row };
    place += 1;
  }
  return found;
}

// Null if the tag was gone, or if the archive lacks a part of the state.
function stateOf(row) {
  return row?.state === undefined ? null : loadState(row.image_address, row.state);
}
