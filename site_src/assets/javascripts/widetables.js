// Makes tables that are too wide, and so scroll by themselves, reachable and scrollable with the keyboard.

export function mount(place) {
  const reach = () => {
    for (const table of place.querySelectorAll("table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(reach).observe(place); // calls `reach` at once
}
