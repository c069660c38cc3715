// A button for light or dark colours. Without a choice, the style sheets follow the system.

import { h } from "./dom.js";

const system = matchMedia("(prefers-color-scheme: dark)");
const html = document.documentElement;

function isDark() {
  return html.dataset.colours ? html.dataset.colours === "dark" : system.matches;
}

function choose(colours) {
  // Choosing the system's own colours removes the choice, so that the page follows the system again.
  const chosen = (colours === "dark") === system.matches ? "" : colours;
  if (chosen) html.dataset.colours = chosen;
  else delete html.dataset.colours;
  try {
    if (chosen) localStorage.setItem("repo-info.colours", chosen);
    else localStorage.removeItem("repo-info.colours");
  } catch {
    // Storage is refused: the choice applies to this page only.
  }
}

export function mountColours(place) {
  const button = h("button", { type: "button", class: "ri-colours" });
  const show = () => {
    button.title = isDark() ? "Switch to light colours" : "Switch to dark colours";
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    show();
  });
  system.addEventListener("change", show);
  show();
  place.append(button);
}
