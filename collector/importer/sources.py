"""The paths of a repo-info archive that are pages, and the versions of each, in little memory."""

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
    """`repos/<image>/remote/<tag>.md`, or the same in `local`."""

    repository: Repository
    kind: _Kind
    tag: Tag


def parse_page_path(path: bytes) -> PagePath | None:
    """The image and the tag of a page's path; None if the path is not that of a page.

    Raises:
        InvalidValue: the path looks like that of a page, but such an image or tag cannot exist, or the image has
        another usual name, so that two paths would be the page of one tag.
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
        raise InvalidValue(f"path: {match['image'][:200]!r} must be written {repository.familiar!r}")
    return PagePath(repository, kind, parse_tag(match["tag"]))


class Version(NamedTuple):
    """One version of one tag's page."""

    tag: Tag
    commit: int
    """Its place in the log."""
    now: Now
    blob: str
    """The id of the page's content; empty if the page was deleted."""


_ENTRY = struct.Struct(">IB32s")
_STATES: tuple[Now, ...] = ("file", "gone", "other")


class Versions:
    """All versions of all pages of one image, in 37 bytes each, so that millions fit into memory."""

    def __init__(self) -> None:
        self._of: dict[Tag, bytearray] = defaultdict(bytearray)

    def add(self, tag: Tag, commit: int, now: Now, blob: str) -> None:
        self._of[tag] += _ENTRY.pack(commit, _STATES.index(now), bytes.fromhex(blob))

    def __iter__(self) -> Iterator[Version]:
        """Versions tag by tag, each from the oldest to the newest: the order in which git finds objects fastest."""
        for tag in sorted(self._of):
            for commit, state, blob in _ENTRY.iter_unpack(self._of[tag]):
                now = _STATES[state]
                yield Version(tag, commit, now, _hex(blob) if now == "file" else "")

    def __len__(self) -> int:
        return sum(len(packed) for packed in self._of.values()) // _ENTRY.size


def _hex(blob: bytes) -> str:
    """The id of an object: a sha1 of 20 bytes, or a sha256 of 32."""
    return (blob if any(blob[20:]) else blob[:20]).hex()


class History(msgspec.Struct, kw_only=True):
    """The log of a source, grouped by image."""

    commits: list[Commit] = []
    pages: dict[Repository, Versions] = {}
    local_pages: dict[Repository, Versions] = {}
    strange_paths: list[tuple[str, str]] = []
    """The first commit and the reason, for each path that looks like that of a page but cannot be one."""


def gather(changes: Iterable[PathChange], wanted: Callable[[Repository], bool]) -> History:
    """Group a log by image."""
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
            case PagePath(repository=repository, kind=kind, tag=tag) if wanted(repository):
                pages = history.pages if kind == "remote" else history.local_pages
                versions = pages.setdefault(repository, Versions())
                versions.add(tag, len(history.commits) - 1, change.now, change.blob)
    return history


def _understand(path: bytes) -> PagePath | InvalidValue | None:
    try:
        return parse_page_path(path)
    except InvalidValue as error:
        return error
