// The search box in the header. A suggestion leads to its page, any other text to the page that lists all matches.

import { ComboBox } from "./combobox.js";
import { loadNames } from "./names.js";
import { digestPage } from "./site.js";
import { entered, suggest } from "./suggestions.js";

const MAX_OPTIONS = 10;

export function mountSearchBox(input) {
  const box = new ComboBox(input, {
    id: "ri-search",
    label: "Search results",
    suggest: (query) => suggest(query, MAX_OPTIONS),
    choose: ({ href }) => location.assign(href),
    enter: () => {
      const query = input.value.trim();
      if (query) entered(query).catch(() => digestPage(query)).then((address) => location.assign(address));
    },
  });
  loadNames().catch(() => {}); // before the first key
  if (input.value) box.update();
}
