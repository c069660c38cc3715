// The reader's platform. The browser remembers it, and the address names it, so that it can be shared. The page of a tag shows it
// first, and whether it is behind.

import { h } from "./dom.js";

const KEY = "repo-info.platform";

// The slug of the platform in the address, else of the remembered one: `linux-arm64-v8`; empty if there is neither.
export function myPlatform() {
  const asked = new URLSearchParams(location.search).get("platform");
  if (asked !== null) return asked;
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage is refused
  }
}

function remember(slug) {
  try {
    if (slug) localStorage.setItem(KEY, slug);
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is refused: the address still has it.
  }
  const url = new URL(location.href);
  if (slug) url.searchParams.set("platform", slug);
  else url.searchParams.delete("platform");
  history.replaceState(null, "", url);
}

export function mount() {
  const table = document.querySelector(".ri-tag h2#platforms + table");
  const rows = [...table.tBodies[0].rows].filter((row) => slugOf(row));
  if (rows.length < 2) return;
  const status = h("span", { role: "status" });
  const options = rows.map((row) => h("option", { value: slugOf(row) }, row.cells[0].textContent));
  const box = h("select", { "aria-label": "My platform" }, h("option", { value: "" }, "My platform"), options);
  const show = (slug) => {
    table.tBodies[0].prepend(...rows); // in the order of the page
    const mine = rows.find((row) => slugOf(row) === slug);
    for (const row of rows) row.classList.toggle("ri-mine", row === mine);
    if (mine) table.tBodies[0].prepend(mine);
    status.textContent = mine ? sentence(table, mine) : slug ? `This tag has no image for ${slug}` : "";
    box.value = mine ? slug : "";
  };
  box.addEventListener("change", () => {
    remember(box.value);
    show(box.value);
  });
  table.before(h("p", { class: "ri-filter" }, box, status));
  show(myPlatform());
}

function slugOf(row) {
  return /([^/]+)\/(?:index\.html)?(?:\?.*)?$/.exec(row.cells[0].querySelector("a")?.getAttribute("href") ?? "")?.[1];
}

// Whether a platform is behind, in a sentence: `linux/s390x is up to date: its image is of 2018-01-07 (base image moved)`.
function sentence(table, row) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const cell = (name) => row.cells[heads.indexOf(name)]?.textContent ?? "";
  const states = { "to follow": "is behind: the latest release is to follow", skipped: "is behind: it skipped the latest release" };
  return `${cell("Platform")} ${states[cell("Latest release")] ?? "is up to date"}; its image is of ${cell("Since")} (${cell("Why")})`;
}
