// Shows when the archive last looked at the image of a page, or at the images in an answer. A separate file has these times, so that
// pages stay unchanged if a look finds nothing new.

import { h } from "./dom.js";
import { ago } from "./relative.js";
import { fetchOnce, pathInSite } from "./site.js";

export async function mount(article) {
  const place = document.querySelector("main > a");
  const { end, visits } = await fetchOnce("api/v1/visits.json");
  const asked = Object.entries(visits).flatMap(([time, names]) => names.split(" ").map((name) => ({ name, time })));
  const line = h("p");
  const show = (paths) => {
    const named = asked.length ? paths.filter((path) => path.startsWith("repos/")) : [];
    const looks = new Map(named.flatMap((path) => lastLook(asked, path) ?? []).map(({ name, time }) => [name, time]));
    if (!looks.size && (named.length || !end)) return;
    line.replaceChildren(...words(looks, end, asked.length > 0));
    place.replaceWith(line);
  };
  const answer = article.querySelector(".ri-form + div");
  if (!answer) {
    show([pathInSite(location)]);
    return;
  }
  const showAnswer = () => show([...answer.querySelectorAll("[role=status] a")].filter((link) => !link.closest("[aria-live]")).map(pathInSite));
  showAnswer();
  new MutationObserver(showAnswer).observe(answer, { childList: true, subtree: true });
}

// The last visit of the image or tag at this path. The image with the longest name counts: `app/web` rather than `app`.
function lastLook(asked, path) {
  const found = asked
    .map((one) => ({ ...one, image: one.name.replace(/:[^/]*$/, "") }))
    .filter(({ name, image }) => path.startsWith(`repos/${image}${name.slice(image.length).replace(":", "/")}/`));
  const longest = Math.max(...found.map(({ image }) => image.length));
  return found.filter(({ image }) => image.length === longest).sort((a, b) => (a.time < b.time ? 1 : -1))[0];
}

// `looks`: name → time. The text has the oldest time.
function words(looks, end, isVisited) {
  const time = looks.size ? [...looks.values()].sort()[0] : end;
  const [day, clock] = [time.slice(0, 10), time.slice(11, 16)];
  const said = ago(day, clock);
  const written = h("time", { datetime: time, title: said }, `${day} ${clock} UTC`);
  const names = looks.size > 1 ? ` at these ${looks.size} images and tags` : [...looks.keys()].map((name) => ` at ${name}`)[0];
  const note = isVisited ? ` (${said})${looks.size > 1 ? " or later" : ""}` : ", the archive\u2019s end";
  return [`Last look${names ?? ""}: `, written, note];
}
