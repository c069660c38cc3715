// The complete changes of a tag, from the JSON of its history.

import { compareStates } from "./differ/differ.js";
import { rowsOf } from "./historyparts.js";
import { loadPackages } from "./packagelists.js";
import { loadState } from "./states.js";

// The change from the last known state before `first` to `newest`, which is the same state or a later one. A state is
// `{when, digest}`, as on a page; `when` may be missing, and `digits` may replace the digest by its first digits.
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
