"""The log of a source: every change of every path on its main line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Literal

import msgspec

from collector.archive.facts import PAGE_SOURCE
from collector.importer.git import running
from collector.model.times import Time, time_of

_LATEST = 253402300799
"""9999-12-31T23:59:59Z in Unix time; no later moment can be written."""
_OPTIONS = """
    --reverse --topo-order --first-parent --diff-merges=first-parent --root
    --raw -z --no-abbrev --no-renames -O/dev/null --no-color
"""

Now = Literal["file", "gone", "other"]


class Commit(msgspec.Struct, frozen=True, dict=True):
    """One commit of the main line."""

    id: str
    seconds: int
    """When it was committed, in Unix time; never before the commit that it follows."""

    @cached_property
    def time(self) -> Time:
        return time_of(datetime.fromtimestamp(self.seconds, UTC))

    @cached_property
    def source(self) -> str:
        """What an observation of a page in it names as its source."""
        return f"{PAGE_SOURCE}{self.id}"


class PathChange(msgspec.Struct, frozen=True):
    """One path that a commit changed."""

    commit: Commit
    path: bytes
    now: Now
    """`other`: a symbolic link or a submodule."""
    blob: str
    """The id of the file's content; empty where there is no file."""


def iter_changes(git_dir: Path, tip: str, folder: str, until: int | None = None) -> Iterator[PathChange]:
    """Every change of a path below `folder` on the main line up to `tip`, oldest first.

    A merge counts as one step of the line it was merged into. A clock that went backwards does not
    reorder anything: a commit is taken to be no older than the one before it.

    Raises:
        SourceError: git cannot read the history.
    """
    arguments = ["log", *_OPTIONS.split(), "--format=tformat:%H %ct", "--end-of-options", tip, "--"]
    with running(git_dir, *arguments, f":(top,literal){folder}") as git:
        commit = Commit("", 0)
        tokens = _iter_tokens(git.stdout)
        for token in tokens:
            said = token.lstrip(b"\n")
            if said.startswith(b":"):
                path = next(tokens)
                if until is None or commit.seconds <= until:
                    yield _change(commit, said, path)
            elif said:
                commit = _next_commit(commit, said)


def _change(commit: Commit, said: bytes, path: bytes) -> PathChange:
    """From `:100644 100644 <old id> <new id> M`."""
    _, mode, _, blob, kind = said.split(b" ")
    if kind == b"D":
        return PathChange(commit, path, "gone", "")
    if not mode.startswith(b"100"):
        return PathChange(commit, path, "other", "")
    return PathChange(commit, path, "file", blob.decode())


def _next_commit(last: Commit, said: bytes) -> Commit:
    """From `<id> <seconds>`; the seconds are missing where the commit's own date cannot be read."""
    commit_id, _, seconds = said.strip().partition(b" ")
    moment = min(int(seconds), _LATEST) if seconds.isdigit() else 0
    return Commit(commit_id.decode(), max(last.seconds, moment))


def _iter_tokens(stdout: IO[bytes]) -> Iterator[bytes]:
    """The pieces between NULs."""
    rest = b""
    while block := stdout.read1(2**20):  # type: ignore[attr-defined]
        *tokens, rest = (rest + block).split(b"\0")
        yield from tokens
    if rest:
        yield rest
