// The changes of a tag in full, from the JSON of its history.

import { compareStates } from "./differ/differ.js";
import { rowsOf } from "./historyparts.js";
import { loadPackages } from "./packagelists.js";
import { loadState } from "./states.js";

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
