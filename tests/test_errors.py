"""The tree in the docstring of `collector.errors` is the tree of the classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector import errors
from collector.errors import RepoInfoError

INDENT = 4
"""Characters that one level takes."""


def drawn() -> Iterator[tuple[int, str]]:
    """Depth and name of each line of the tree."""
    for bars, name in re.findall(r"^    ([│├└─ ]*)(\w+) {2,}\S", errors.__doc__ or "", re.MULTILINE):
        yield len(bars) // INDENT, name


def defined(kind: type[RepoInfoError], depth: int = 0) -> Iterator[tuple[int, str]]:
    is_public = not kind.__name__.startswith("_")
    if is_public:
        yield depth, kind.__name__
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from defined(below, depth + is_public)


def test_the_tree_has_every_error_in_its_place() -> None:
    assert sorted(drawn()) == sorted(defined(RepoInfoError))


def test_every_error_says_what_it_is() -> None:
    for _, name in defined(RepoInfoError):
        kind = getattr(errors, name)
        assert kind.__doc__
        error = kind("app:1: is wrong", hint="mend it")
        assert (str(error), error.hint) == ("app:1: is wrong", "mend it")
