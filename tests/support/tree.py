"""HTML as a tree, so that a test can check where a text is, and that it is nothing but text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import msgspec

CLOSES = {
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "tbody": ("td", "th", "tr", "thead"),
    "/thead": ("td", "th", "tr"),
    "/table": ("td", "th", "tr", "thead", "tbody"),
    "li": ("li",),
}
"""A tag → the elements whose end tags may be left out before it, innermost first (HTML Standard, 13.1.2.4)."""

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Node(msgspec.Struct, kw_only=True):
    """An element with its children, which are elements and texts."""

    name: str
    attributes: dict[str, str] = {}
    children: list[Node | str] = []

    @property
    def text(self) -> str:
        """The text of all nodes below."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def iter(self, name: str = "") -> Iterator[Node]:
        """The elements below in order: those of one name, or all."""
        for child in self.children:
            if isinstance(child, Node):
                if name in {"", child.name}:
                    yield child
                yield from child.iter(name)

    def only(self, name: str) -> Node:
        """The only element below with this name."""
        (found,) = self.iter(name)
        return found

    @property
    def names(self) -> list[str]:
        """The names of all elements below, in order."""
        return [node.name for node in self.iter()]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node(name="")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_before(tag)
        node = Node(name=tag, attributes={name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self._close_before(f"/{tag}")
        opened = self._open.pop()
        assert opened.name == tag, f"</{tag}> closes <{opened.name}>"

    def _close_before(self, tag: str) -> None:
        for name in CLOSES.get(tag, ()):
            if self._open[-1].name == name:
                self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_html(html: str) -> Node:
    """Parse well-formed HTML.

    Raises:
        AssertionError: an element is not closed, or not in its place.
    """
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder._open) == 1, f"<{builder._open[-1].name}> is not closed"
    return builder.root
