"""Which paths of a repo-info archive are pages, and what changed in each, kept small in memory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from collector.errors import InvalidValue
from collector.importer.git import Commit, PathChange
from collector.model.references import Repository, Tag, parse_repository, parse_tag

FOLDER = "repos"

_PAGE = re.compile(r"repos/(?P<image>.+)/(?P<kind>remote|local)/(?P<tag>[^/]+)\.md\Z", re.DOTALL)
_Kind = Literal["remote", "local"]


class PagePath(msgspec.Struct, frozen=True):
    """`repos/<image>/remote/<tag>.md`."""

    repository: Repository
    kind: _Kind
    tag: Tag


def parse_page_path(path: bytes) -> PagePath | None:
    """What a path is the page of, or None where it is no page.

    Raises:
        InvalidValue: it has the form of a page's path, but not of an image and a tag that can exist.
    """
    try:
        match = _PAGE.match(path.decode())
    except UnicodeDecodeError:
        raise InvalidValue(f"path: not UTF-8: {path[:200]!r}") from None
    if not match:
        return None
    kind: _Kind = "remote" if match["kind"] == "remote" else "local"
    return PagePath(parse_repository(match["image"]), kind, parse_tag(match["tag"]))


class Version(NamedTuple):
    """One version of one tag's page."""

    tag: Tag
    commit: int
    """Its place in the log."""
    blob: str | None
    """None where the page was deleted."""


class Versions:
    """All versions of all pages of one image: 36 bytes each, so that millions fit."""

    def __init__(self) -> None:
        self._of: dict[Tag, bytearray] = defaultdict(bytearray)

    def add(self, tag: Tag, commit: int, blob: str | None) -> None:
        self._of[tag] += commit.to_bytes(4, "big") + (bytes.fromhex(blob) if blob else b"").ljust(32, b"\0")

    def __iter__(self) -> Iterator[Version]:
        """Tag by tag and oldest first within each: the order in which git finds objects fastest."""
        for tag in sorted(self._of):
            packed = self._of[tag]
            for start in range(0, len(packed), 36):
                blob = packed[start + 4 : start + 36]
                yield Version(tag, int.from_bytes(packed[start : start + 4], "big"), _hex(blob))

    def __len__(self) -> int:
        return sum(len(packed) for packed in self._of.values()) // 36


def _hex(blob: bytearray) -> str | None:
    if not any(blob):
        return None
    return (blob[:20] if not any(blob[20:]) else blob).hex()


class History(msgspec.Struct, kw_only=True):
    """A source's log, gathered by image."""

    commits: list[Commit] = []
    pages: dict[Repository, Versions] = {}
    local_pages: int = 0
    """Versions of `local/` pages, which are not imported yet."""
    strange_paths: list[tuple[str, str]] = []
    """Commit and reason, for paths that look like a page's and cannot be."""


def gather(changes: Iterable[PathChange], wanted: Callable[[Repository], bool]) -> History:
    """Sort a log by image."""
    history = History()
    known: dict[bytes, PagePath | InvalidValue | None] = {}
    for change in changes:
        if not history.commits or history.commits[-1] != change.commit:
            history.commits.append(change.commit)
        if change.path not in known:
            known[change.path] = _understand(change.path)
        match known[change.path]:
            case InvalidValue() as error:
                history.strange_paths.append((change.commit.id, str(error)))
            case PagePath(kind="local"):
                history.local_pages += change.blob is not None
            case PagePath(repository=repository, tag=tag) if wanted(repository):
                versions = history.pages.setdefault(repository, Versions())
                versions.add(tag, len(history.commits) - 1, change.blob)
    return history


def _understand(path: bytes) -> PagePath | InvalidValue | None:
    try:
        return parse_page_path(path)
    except InvalidValue as error:
        return error
