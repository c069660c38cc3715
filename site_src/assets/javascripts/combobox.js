// A box with suggestions (WAI-ARIA APG, "Editable Combobox With List Autocomplete").

import { h } from "./dom.js";

export class ComboBox {
  // `suggest(query)` yields {options, status}, each more complete than the one before. An option is {title, note, gone}, and has
  // `href` if it is a link. `choose(option)` is called when an option is clicked or entered, `enter()` when none is active.
  constructor(input, { id, label, suggest, choose, enter }) {
    Object.assign(this, { input, id, suggest, choose, enter });
    this.options = [];
    this.elements = [];
    this.active = -1;
    this.asked = 0;
    this.list = h("div", { id: `${id}-list`, role: "listbox", class: "ri-search__list", "aria-label": label });
    this.status = h("p", { class: "ri-search__status", role: "status" });
    this.panel = h("div", { class: "ri-search__panel", hidden: true }, this.list, this.status);
    input.after(this.panel);
    const attributes = { role: "combobox", "aria-controls": this.list.id, "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.update());
    input.addEventListener("focus", () => this.update());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("focusout", (event) => {
      if (!this.panel.contains(event.relatedTarget)) this.close();
    });
    // Pressing a result must not move the focus out of the box, or the list would close before the click.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
  }

  async update() {
    this.activate(-1);
    const query = this.input.value.trim();
    const turn = ++this.asked;
    if (!query) return this.close();
    let answered = false;
    for await (const { options, status } of this.suggest(query)) {
      if (turn !== this.asked) return; // the text has changed meanwhile
      this.show(options, status);
      answered = true;
    }
    if (!answered && turn === this.asked) this.show([], "Nothing found");
  }

  // A more complete answer keeps the option that the keys have reached meanwhile.
  show(options, status) {
    const kept = this.elements[this.active]?.getAttribute("href");
    this.options = options;
    this.elements = options.map(({ href, title, note, gone }, at) =>
      h(
        "a",
        { role: "option", id: `${this.id}-${at}`, href, tabindex: -1, "aria-selected": "false", class: gone ? "ri-gone" : null },
        h("span", { class: "ri-search__title" }, title),
        note ? h("span", { class: "ri-search__note" }, note) : null,
      ),
    );
    for (const [at, element] of this.elements.entries()) {
      if (!options[at].href) element.addEventListener("click", () => this.choose(options[at]));
    }
    this.list.replaceChildren(...this.elements);
    this.status.textContent = status;
    this.activate(kept ? options.findIndex((option) => option.href && `${option.href}` === kept) : -1);
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
    this.elements[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const element = this.elements[at];
    if (element) {
      element.setAttribute("aria-selected", "true");
      element.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", element.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    const last = this.elements.length - 1;
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
      const option = this.options[this.active];
      if (option) this.choose(option);
      else this.enter();
    } else if (event.key === "Escape") {
      if (this.panel.hidden) this.input.value = "";
      else event.preventDefault();
      this.close();
    }
  }
}
