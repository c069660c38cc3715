"""The text of a difference on any page: equal differences have equal texts."""

from __future__ import annotations

from playwright.sync_api import Page

_READ = """([selector, until]) => {
  const start = document.querySelector(selector);
  const behind = [...start.parentElement.children].slice([...start.parentElement.children].indexOf(start) + 1);
  const end = behind.findIndex((element) => until && element.matches(until));
  const elements = until ? behind.slice(0, end < 0 ? undefined : end) : [...start.children];
  const text = (part) => part.textContent.trim().replace(/\\s+/g, " ");
  return elements.map((element) => {
    if (element.matches("ul")) return ["list", ...[...element.children].map(text)];
    if (element.matches("table")) return ["table", ...[...element.rows].map((row) => [...row.cells].map(text))];
    if (element.matches("pre")) return ["code", element.querySelector("code").textContent.replace(/\\n$/, "")];
    return ["text", text(element)];
  });
}"""

Read = list[list[object]]
"""The elements in turn: of a list its items, of a table its rows, of text and code what they say."""


def read_inside(page: Page, selector: str) -> Read:
    """The content of an element."""
    parts: Read = page.evaluate(_READ, [selector, None])
    return parts


def read_section(page: Page, heading: str) -> Read:
    """The content after a heading, up to the next."""
    parts: Read = page.evaluate(_READ, [heading, "h2"])
    return parts
