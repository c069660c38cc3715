// A button on every block of code that copies it.

import { h } from "./dom.js";

const SHOWN_FOR = 2000; // milliseconds

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => (button.textContent = "Copy"), SHOWN_FOR);
}

export function mountCopyButtons(place) {
  for (const code of place?.querySelectorAll("pre > code:not(.language-diff)") ?? []) {
    const label = `Copy: ${code.textContent.trim().slice(0, 60)}`;
    const button = h("button", { type: "button", class: "ri-copy", "aria-label": label, "aria-live": "polite" }, "Copy");
    button.addEventListener("click", () => copy(button, code.textContent.replace(/\n$/, "")));
    code.parentElement.prepend(button);
    code.parentElement.classList.add("ri-copyable");
  }
}
