"""The state of a build, kept beside the site, so that the next build can skip everything that has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.model.json_text import NOT_DECODABLE
from collector.pages.left_out import Rank
from collector.site.incremental import TaskEntry
from collector.site.plain_files import read_plain

_MAX_STATE = 2**30
_MAX_MARK = 64
"""Bytes: the digits of a sha256."""


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one build. The store beside it has the records of its tasks."""

    key: str
    """Covers everything that every page depends on: frame, templates, code, tools. If it differs, every page is
    rendered again.
    """
    frame: TaskEntry
    tasks: dict[str, TaskEntry]
    last: TaskEntry
    """Covers the site-wide outputs."""
    left_out: Rank = 0
    """The rank up to which the site leaves out its pages."""

    @property
    def entries(self) -> Iterator[TaskEntry]:
        yield self.frame
        yield from self.tasks.values()
        yield self.last


def mark_of(state: BuildState) -> bytes:
    """The content of the site's mark, which ensures that a state is used only for its own site."""
    # The frame's key covers all installed packages, most of which do not affect the site.
    frame = msgspec.structs.replace(state.frame, key="")
    return sha256(msgspec.msgpack.encode(msgspec.structs.replace(state, frame=frame))).hexdigest().encode()


def read_state(path: Path, mark: Path) -> BuildState | None:
    """The state of the site with this mark; None if there is none or it cannot be read."""
    content = read_plain(path.parent, path.name, _MAX_STATE)
    if content is None:
        return None
    try:
        state = msgspec.msgpack.decode(content, type=BuildState)
    except NOT_DECODABLE:
        return None
    return state if read_plain(mark.parent, mark.name, _MAX_MARK) == mark_of(state) else None
