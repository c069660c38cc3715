// Says when the archive last looked at the image of a page. The page itself does not change when a visit finds nothing.

import { h } from "./dom.js";
import { ago } from "./relative.js";
import { fetchOnce, pathInSite } from "./site.js";

export async function mount() {
  const place = document.querySelector("main > a");
  const { end, visits } = await fetchOnce("api/v1/visits.json");
  const asked = Object.entries(visits).flatMap(([time, names]) => names.split(" ").map((name) => ({ name, time })));
  const path = pathInSite(location);
  const found = asked.length && path.startsWith("repos/") ? lastLook(asked, path) : { name: "", time: end };
  if (found?.time) place.replaceWith(h("p", {}, ...words(found, asked.length > 0)));
}

// The last visit of the image, or of the tag alone. Below an image `app` may be another one, `app/web`.
function lastLook(asked, path) {
  const found = asked
    .map((one) => ({ ...one, image: one.name.replace(/:[^/]*$/, "") }))
    .filter(({ name, image }) => path.startsWith(`repos/${image}${name.slice(image.length).replace(":", "/")}/`));
  const longest = Math.max(...found.map(({ image }) => image.length));
  return found.filter(({ image }) => image.length === longest).sort((a, b) => (a.time < b.time ? 1 : -1))[0];
}

function words({ name, time }, isVisit) {
  const [day, clock] = [time.slice(0, 10), time.slice(11, 16)];
  const said = ago(day, clock);
  const written = h("time", { datetime: time, title: said }, `${day} ${clock} UTC`);
  return [name ? `Last look at ${name}: ` : "Last look: ", written, isVisit ? ` (${said})` : ", the archive\u2019s end"];
}
