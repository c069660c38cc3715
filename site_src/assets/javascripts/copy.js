// A copy button for every block of code. From a block with a terminal session, it copies the commands without their prompts.

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

function copiedText(code) {
  const text = code.textContent.replace(/\n$/, "");
  const lines = text.split("\n");
  if (!code.matches(".language-console") || !lines[0].startsWith("$ ")) return text;
  return lines
    .filter((line) => /^[$>] /.test(line))
    .map((line) => line.slice(2))
    .join("\n");
}

export function mountCopyButtons(place) {
  for (const code of place?.querySelectorAll("pre > code:not(.language-diff)") ?? []) {
    const label = `Copy: ${code.textContent.trim().slice(0, 60)}`;
    const button = h("button", { type: "button", class: "ri-copy", "aria-label": label, "aria-live": "polite" }, "Copy");
    button.addEventListener("click", () => copy(button, copiedText(code)));
    code.parentElement.prepend(button);
    code.parentElement.classList.add("ri-copyable");
  }
}
