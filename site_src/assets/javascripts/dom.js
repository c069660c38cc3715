// Makes elements from values. Strings become text, never markup.

export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// `numbers`: the indexes of the columns that are aligned to the right.
export function table(headings, rows, numbers = []) {
  const align = (at) => (numbers.includes(at) ? "right" : null);
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, headings.map((heading, at) => h("th", { scope: "col", align: align(at) }, heading)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, at) => h("td", { align: align(at) }, cell))))),
  );
}
