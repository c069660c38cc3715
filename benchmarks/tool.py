"""A site generator, for the table of peers."""

from __future__ import annotations

from importlib.metadata import version

import msgspec


class SearchBox(msgspec.Struct, frozen=True, kw_only=True):
    """The search box of a site, for a browser."""

    input: str
    """CSS."""
    results: str
    """CSS of the links that lead to what was found."""
    nothing: str
    """A regular expression for its message that nothing was found."""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table."""

    title: str
    run: str
    """The name that its build has among `Bench.runs`."""
    distributions: tuple[str, ...]
    """On PyPI."""
    site: str
    """The folder, within that of the benchmark."""
    tag_page: str
    """Address of a tag's page, with `{image}` and `{tag}`."""
    box: SearchBox | None
    """None where it has no search."""
    remarks: str
    """What it is, and what it leaves out."""

    @property
    def versions(self) -> str:
        """Of its distributions."""
        return ", ".join(f"{name} {version(name)}" for name in self.distributions)
