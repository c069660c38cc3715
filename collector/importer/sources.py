"""Which paths of a repo-info archive are pages, and what changed in each, kept small in memory."""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from collector.errors import InvalidValue
from collector.importer.log import Commit, Now, PathChange
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
    """What a path is the page of, or None if it is not a page.

    Raises:
        InvalidValue: it has the form of a page's path, but not of an image and a tag that can exist, or it
            names the image in a way that would let two paths be the page of one tag.
    """
    try:
        match = _PAGE.match(path.decode())
    except UnicodeDecodeError:
        raise InvalidValue(f"path: not UTF-8: {path[:200]!r}") from None
    if not match:
        return None
    kind: _Kind = "remote" if match["kind"] == "remote" else "local"
    repository = parse_repository(match["image"])
    if repository.familiar != match["image"]:
        raise InvalidValue(f"path: {match['image'][:200]!r} is not how {repository.familiar!r} is written")
    return PagePath(repository, kind, parse_tag(match["tag"]))


class Version(NamedTuple):
    """One version of one tag's page."""

    tag: Tag
    commit: int
    """Its place in the log."""
    now: Now
    blob: str
    """The page's content; empty if there is no file."""


_ENTRY = struct.Struct(">IB32s")
_STATES: tuple[Now, ...] = ("file", "gone", "other")


class Versions:
    """All versions of all pages of one image: 37 bytes each, so that millions fit."""

    def __init__(self) -> None:
        self._of: dict[Tag, bytearray] = defaultdict(bytearray)

    def add(self, tag: Tag, commit: int, now: Now, blob: str) -> None:
        self._of[tag] += _ENTRY.pack(commit, _STATES.index(now), bytes.fromhex(blob))

    def __iter__(self) -> Iterator[Version]:
        """Tag by tag and oldest first within each: the order in which git finds objects fastest."""
        for tag in sorted(self._of):
            for commit, state, blob in _ENTRY.iter_unpack(self._of[tag]):
                now = _STATES[state]
                yield Version(tag, commit, now, _hex(blob) if now == "file" else "")

    def __len__(self) -> int:
        return sum(len(packed) for packed in self._of.values()) // _ENTRY.size


def _hex(blob: bytes) -> str:
    """An object's id: sha1 in 20 bytes, or sha256 in 32."""
    return (blob if any(blob[20:]) else blob[:20]).hex()


class History(msgspec.Struct, kw_only=True):
    """A source's log, gathered by image."""

    commits: list[Commit] = []
    pages: dict[Repository, Versions] = {}
    local_pages: int = 0
    """Versions of `local/` pages, which are not imported yet."""
    strange_paths: list[tuple[str, str]] = []
    """Commit and reason, for paths that look like a page's and cannot be; the first commit of each."""


def gather(changes: Iterable[PathChange], wanted: Callable[[Repository], bool]) -> History:
    """Sort a log by image."""
    history = History()
    known: dict[bytes, PagePath | InvalidValue | None] = {}
    for change in changes:
        if not history.commits or history.commits[-1] is not change.commit:
            history.commits.append(change.commit)
        if change.path not in known:
            known[change.path] = page = _understand(change.path)
            if isinstance(page, InvalidValue):
                history.strange_paths.append((change.commit.id, str(page)))
        match known[change.path]:
            case PagePath(kind="local"):
                history.local_pages += change.now == "file"
            case PagePath(repository=repository, tag=tag) if wanted(repository):
                versions = history.pages.setdefault(repository, Versions())
                versions.add(tag, len(history.commits) - 1, change.now, change.blob)
    return history


def _understand(path: bytes) -> PagePath | InvalidValue | None:
    try:
        return parse_page_path(path)
    except InvalidValue as error:
        return error
