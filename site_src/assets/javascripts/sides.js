// The suggestions in the boxes of a comparison: names and, after an `@`, the states of the tag.

import { parseAsked } from "./references.js";
import { rowsOf } from "./historyparts.js";
import { goneNote, imageNamed, loadNames, searchNames, tagAddress } from "./names.js";
import { failureText } from "./site.js";
import { count, minute } from "./text.js";

const MAX_OPTIONS = 10;

// Yields {options, status}. A chosen option puts its title into the box.
export async function* suggestSides(query) {
  try {
    const names = await loadNames();
    yield query.includes("@") ? await stateOptions(names, query) : nameOptions(names, query);
  } catch (error) {
    yield { options: [], status: failureText(error, "The index") };
  }
}

function nameOptions(names, query) {
  const { total, matches } = searchNames(names, query, MAX_OPTIONS);
  const options = matches.map(({ image, tag, gone }) => ({
    title: tag === null ? `${image.name}:` : `${image.name}:${tag}`,
    note: tag === null ? count(image.tags.length, "tag") : gone ? goneNote(image, tag) : "",
    gone,
  }));
  if (!total) return { options, status: "No such image or tag" };
  const shown = total > matches.length ? `The first ${matches.length} of ${total.toLocaleString("en")}` : count(total, "match", "matches");
  return { options, status: `${shown}; add @ and a date or a digest to a name` };
}

async function stateOptions(names, query) {
  const [name, pin] = query.split(/@(.*)/s);
  const { image: asked, tag } = parseAsked(name);
  const image = imageNamed(names, asked ?? "");
  if (!image || ![...image.tags, ...image.gone].includes(tag)) return { options: [], status: "No such tag" };
  const options = [];
  for await (const row of rowsOf(`${tagAddress(names, image, tag)}history/`)) {
    if (!row.digest || !(row.since.startsWith(pin) || row.digest.startsWith(pin))) continue;
    options.push({ title: `${image.name}:${tag}@${row.since}`, note: `since ${minute(row.since)}: ${row.summary}` });
    if (options.length === MAX_OPTIONS) break;
  }
  return { options, status: options.length ? "Matching states; any date works, too" : "A date (2018-01-29), a time, or a digest" };
}
