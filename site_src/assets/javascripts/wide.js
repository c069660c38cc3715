// Tables that are too wide scroll by themselves: those can be reached, and then scrolled, by keys.

export function mount(place) {
  const reach = () => {
    for (const table of place.querySelectorAll("table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(reach).observe(place); // its first call is at once
}
