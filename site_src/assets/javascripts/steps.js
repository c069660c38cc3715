// On the page of a platform whose image another tag's page tells in full: brings its settings, steps and layers here.

import { mountCopyButtons } from "./copy.js";
import { h } from "./dom.js";
import { inSite } from "./site.js";

export function mount() {
  const link = document.querySelector(".ri-platform a[href$='#steps-and-layers']");
  const url = link && inSite(link.href);
  if (!url) return;
  fetch(url)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((text) => show(link.closest("p"), partOf(text, url)))
    .catch(() => {}); // the link stays
}

// From the first of their headings to the end of the article: what our own build rendered, so elements are taken as they are.
function partOf(text, url) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const part = [];
  const first = page.getElementById("settings") ?? page.getElementById("steps-and-layers");
  for (let element = first; element; element = element.nextElementSibling) part.push(element);
  for (const link of part.flatMap((element) => [...element.querySelectorAll("a[href]")])) {
    link.href = new URL(link.getAttribute("href"), url).href;
  }
  return part;
}

function show(paragraph, part) {
  if (!part.length) return;
  const holder = h("div", {}, part);
  mountCopyButtons(holder);
  paragraph.replaceWith(...holder.childNodes);
}
