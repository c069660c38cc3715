// The list of editions in the header. An edition leads to the same page in it, or to the nearest existing page above it.

import { h } from "./dom.js";
import { fetchOnce, inSite, pathInSite } from "./site.js";

export const CURRENT = "latest"; // at the site's root
const IN_EDITION = new RegExp(`^(${CURRENT}|\\d{4}-\\d{2}-\\d{2})/(.*)$`);

export async function mount() {
  const place = document.querySelector(".md-version");
  const versions = await fetchOnce("versions.json").catch(() => null);
  if (!versions) return; // the link to the list of editions stays
  const { edition, page } = partsOf(pathInSite(location));
  const shown = place.textContent.trim();
  const list = h("ul", { class: "md-version__list", hidden: true });
  for (const { version, title } of versions) {
    const link = h("a", { class: "md-version__link", href: inSite(folderOf(version) + page) }, title);
    if (version === edition) link.setAttribute("aria-current", "true");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in another window, where the 404 page redirects
      event.preventDefault();
      nearest(version, page).then((address) => location.assign(address ?? link.href));
    });
    list.append(h("li", { class: "md-version__item" }, link));
  }
  const button = h("button", { class: "md-version__current", type: "button", "aria-label": `${shown}: choose an edition` }, shown);
  const show = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  show(false);
  button.addEventListener("click", () => show(list.hidden));
  place.replaceChildren(button, list);
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    show(false);
    button.focus();
  });
  place.addEventListener("focusout", ({ relatedTarget }) => {
    if (!place.contains(relatedTarget)) show(false);
  });
}

// The edition of a path and the page in it; `latest` if the path names none.
export function partsOf(path) {
  const [, edition, page] = IN_EDITION.exec(path) ?? [null, CURRENT, path];
  return { edition, page };
}

export const isInEdition = (path) => IN_EDITION.test(path);

// The page in an edition, or else the nearest existing page above it; null if the edition does not exist.
export async function nearest(edition, page) {
  const parts = page.replace(/[^/]*$/, "").split("/").slice(0, -1);
  for (let end = parts.length; end >= 0; end -= 1) {
    const address = inSite(folderOf(edition) + parts.slice(0, end).map((part) => `${part}/`).join(""));
    if (address && (await isThere(address))) return address;
  }
  return null;
}

function folderOf(edition) {
  return edition === CURRENT ? "./" : `${edition}/`;
}

async function isThere(address) {
  try {
    return (await fetch(new URL("index.html", address), { method: "HEAD" })).ok;
  } catch {
    return false;
  }
}
