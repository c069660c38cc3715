// The box in the header as a combobox (WAI-ARIA APG, "Editable Combobox With List Autocomplete").

import { h } from "./dom.js";
import { loadNames } from "./names.js";
import { digestPage } from "./site.js";

import { suggest } from "./suggestions.js";

const SHOWN = 10;

class SearchBox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.list = h("div", { id: "ri-search-list", role: "listbox", class: "ri-search__list", "aria-label": "Search results" });
    this.status = h("p", { class: "ri-search__status", role: "status" });
    this.panel = h("div", { class: "ri-search__panel", hidden: true }, this.list, this.status);
    input.after(this.panel);
    const attributes = { role: "combobox", "aria-controls": "ri-search-list", "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.update());
    input.addEventListener("focus", () => this.update());
    input.addEventListener("keydown", (event) => this.press(event));
    input.form.addEventListener("focusout", (event) => {
      if (!input.form.contains(event.relatedTarget)) this.close();
    });
    // Pressing on a result must not take the focus away from the box, or the list would close before the click.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
  }

  async update() {
    const query = this.input.value.trim();
    const turn = ++this.asked;
    if (!query) return this.close();
    let answered = false;
    for await (const { options, status } of suggest(query, SHOWN)) {
      if (turn !== this.asked) return; // something else was typed meanwhile
      this.show(options, status);
      answered = true;
    }
    if (!answered && turn === this.asked) this.show([], "Nothing found");
  }

  show(options, status) {
    this.options = options.map(({ href, title, note, gone }, at) =>
      h(
        "a",
        { role: "option", id: `ri-search-${at}`, href, tabindex: -1, "aria-selected": "false", class: gone ? "ri-gone" : null },
        h("span", { class: "ri-search__title" }, title),
        note ? h("span", { class: "ri-search__note" }, note) : null,
      ),
    );
    this.list.replaceChildren(...this.options);
    this.status.textContent = status;
    this.activate(-1);
    this.panel.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.asked += 1;
    this.panel.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  activate(at) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.options[at];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    const last = this.options.length - 1;
    const moves = {
      ArrowDown: this.active < last ? this.active + 1 : -1,
      ArrowUp: this.active < 0 ? last : this.active - 1,
    };
    if (event.key in moves && last >= 0) {
      event.preventDefault();
      if (this.panel.hidden) this.update();
      else this.activate(moves[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.go(this.options[this.active]);
    } else if (event.key === "Escape") {
      if (this.panel.hidden) this.input.value = "";
      else event.preventDefault();
      this.close();
    }
  }

  // To the chosen result; without one, to the page that lists all.
  go(option) {
    const query = this.input.value.trim();
    if (option) location.assign(option.href);
    else if (query) location.assign(digestPage(query));
  }
}

export function mountSearchBox(input) {
  const box = new SearchBox(input);
  loadNames().catch(() => {}); // ahead of the first key
  if (input.value) box.update();
}

