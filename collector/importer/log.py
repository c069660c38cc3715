"""The log of a source: every change to every path on its main line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Literal

import msgspec

from collector.archive.facts import PAGE_SOURCE
from collector.importer.commit_times import CommitTimes
from collector.importer.git import running
from collector.model.times import Time, time_of

_OPTIONS = """
    --reverse --topo-order --first-parent --diff-merges=first-parent --root
    --raw -z --no-abbrev --no-renames -O/dev/null --no-color
"""

Now = Literal["file", "gone", "other"]


class Commit(msgspec.Struct, frozen=True, dict=True):
    """One commit of the main line."""

    id: str
    seconds: int
    """The time of the commit, in Unix time, from `CommitTimes`."""

    @cached_property
    def time(self) -> Time:
        return time_of(datetime.fromtimestamp(self.seconds, UTC))

    @cached_property
    def source(self) -> str:
        """The source of the observations that are made from this commit."""
        return f"{PAGE_SOURCE}{self.id}"


class PathChange(msgspec.Struct, frozen=True):
    """One path that a commit changed."""

    commit: Commit
    path: bytes
    now: Now
    """`other`: a symbolic link or a submodule."""
    blob: str
    """The id of the new content; empty if the file was deleted."""


def iter_changes(git_dir: Path, commits: CommitTimes, folder: str, until: int | None = None) -> Iterator[PathChange]:
    """Every change to a path below `folder` on a main line, oldest first.

    A merge counts as one commit of the line into which it was merged.

    Raises:
        SourceError: git cannot read the history.
    """
    arguments = ["log", *_OPTIONS.split(), "--format=tformat:%H", "--end-of-options", commits.tip, "--"]
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
                name = said.decode()
                commit = Commit(name, commits.seconds[name])


def _change(commit: Commit, said: bytes, path: bytes) -> PathChange:
    """Parse `:100644 100644 <old id> <new id> M`."""
    _, mode, _, blob, kind = said.split(b" ")
    if kind == b"D":
        return PathChange(commit, path, "gone", "")
    if not mode.startswith(b"100"):
        return PathChange(commit, path, "other", "")
    return PathChange(commit, path, "file", blob.decode())


def _iter_tokens(stdout: IO[bytes]) -> Iterator[bytes]:
    """The tokens between NULs."""
    rest = b""
    while block := stdout.read1(2**20):  # type: ignore[attr-defined]
        *tokens, rest = (rest + block).split(b"\0")
        yield from tokens
    if rest:
        yield rest
