// Reads the history of a tag from the JSON of its pages: its releases, and every state with the change that led to it.

import { fetchOnce } from "./site.js";

// The JSON of this part of a history and of all older ones.
export async function* partsOf(address) {
  for (let next = address; next; ) {
    const part = await loadPart(next);
    yield part;
    next = part.older;
  }
}

// A site with limits may leave out the JSON of a history.
async function loadPart(address) {
  try {
    return await fetchOnce(`api/v1/${address.replace(/\/$/, "")}.json`);
  } catch {
    return import("./tagstates.js").then(({ loadHistory }) => loadHistory(address));
  }
}

// The rows of this part and of all older ones, newest first, each with `until` (null: it still lasts) and `image_address`.
export async function* rowsOf(address) {
  let until = null;
  for await (const part of partsOf(address)) {
    for (const row of part.changes) {
      yield { ...row, until, image_address: part.image_address };
      until = row.since;
    }
  }
}

// The whole history: `rows` and `releases`, newest first. A release has all its members, including those that the JSON leaves out if
// its only state has the same; `first` and `newest`, the `{when, digest}` of these states; and the `names` of platforms.
// `isLeftOut`: the site leaves the history out, and each release is a state without reasons.
export async function readHistory(address) {
  const parts = [];
  for await (const part of partsOf(address)) parts.push(part);
  const rows = parts.flatMap(({ changes }) => changes);
  const releases = parts.flatMap((part) => part.releases.map((release) => ({ ...whole(release, rows), names: part.platform_names })));
  return { rows, releases, isLeftOut: parts.some((part) => part.left_out) };
}

function whole(release, rows) {
  const [first, newest] = [release.states[0], release.states.at(-1)].map((number) => rows[rows.length - 1 - number]);
  const [{ since, reasons, summary }, updated] = [first, release.since ?? first.since];
  return { since, reasons, summary, updated, ...release, first: stateOf(first), newest: stateOf(newest) };
}

function stateOf({ since, digest }) {
  return { when: since, digest };
}
