"""The only place that runs git: opening a source, reading its log, streaming its objects.

The source is untrusted. Only plumbing that runs no hooks and no filters is used, names of paths are
read as bytes between NULs, and every object's size is known before it is read.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from collector.errors import SourceError

LARGEST_PAGE = 16 * 2**20
"""Bytes. The largest real page has 0.1 MiB; what is larger is passed over and reported."""


ReadObjects = Callable[[list[str]], Iterator[bytes | None]]


class Commit(msgspec.Struct, frozen=True):
    """One commit of the main line."""

    id: str
    seconds: int
    """When it was committed, in Unix time; never before the commit that it follows."""


class PathChange(msgspec.Struct, frozen=True):
    """One path that a commit changed."""

    commit: Commit
    path: bytes
    blob: str | None
    """The object's id, or None where the path was deleted."""


@contextmanager
def open_source(source: Path) -> Iterator[Path]:
    """The git directory of a repository (bare or not) or of a bundle, which is unpacked for the time of reading.

    Raises:
        SourceError: there is nothing at `source`, or git cannot read it.
    """
    if source.is_dir():
        yield Path(_run(source, "rev-parse", "--absolute-git-dir").strip().decode())
    elif source.is_file():
        with tempfile.TemporaryDirectory(prefix="repo-info-") as folder:
            _run(Path(folder), "init", "--quiet", "--bare")
            _run(Path(folder), "fetch", "--quiet", "--no-tags", str(source.resolve()), "+refs/heads/*:refs/heads/*")
            yield Path(folder)
    else:
        raise SourceError(f"{source}: not found", hint="name a git repository or a bundle of one")


def main_branch(git_dir: Path) -> str:
    """The commit to import up to: HEAD where it leads to one, else the only branch, else `main` or `master`.

    Raises:
        SourceError: there is no branch, or no telling which.
    """
    lines = _run(git_dir, "for-each-ref", "--format=%(refname)", "refs/heads").decode().split()
    head = subprocess.run(
        _git(git_dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"), check=False, capture_output=True
    )
    if head.returncode == 0:
        return head.stdout.decode().strip()
    wanted = lines if len(lines) == 1 else [ref for ref in ("refs/heads/main", "refs/heads/master") if ref in lines]
    if not wanted:
        hint = "make HEAD point at the branch to import"
        raise SourceError(f"{git_dir}: which of {len(lines)} branches to import cannot be told", hint=hint)
    return _run(git_dir, "rev-parse", "--verify", wanted[0]).decode().strip()


def iter_changes(git_dir: Path, tip: str, folder: str, until: int | None = None) -> Iterator[PathChange]:
    """Every change of a path below `folder` on the main line up to `tip`, oldest first.

    A merge counts as one step of the line it was merged into. A clock that went backwards does not
    reorder anything: a commit is taken to be no older than the one before it.
    """
    arguments = ["log", "--reverse", "--topo-order", "--first-parent", "-m", "--root", "--raw", "-z"]
    arguments += ["--no-abbrev", "--no-renames", "--format=tformat:%H %ct", tip, "--", folder]
    with _process(git_dir, *arguments) as process:
        commit = Commit("", 0)
        tokens = _iter_tokens(process.stdout)
        for token in tokens:
            if token.lstrip(b"\n").startswith(b":"):
                _, mode, _, blob, kind = token.lstrip(b"\n").split(b" ")
                path = next(tokens)
                if until is None or commit.seconds <= until:
                    is_file = kind != b"D" and mode.startswith(b"100")
                    yield PathChange(commit, path, blob.decode() if is_file else None)
            elif token.strip():
                commit_id, seconds = token.strip().split(b" ")
                commit = Commit(commit_id.decode(), max(commit.seconds, int(seconds)))


@contextmanager
def reading_objects(git_dir: Path) -> Iterator[ReadObjects]:
    """One process that gives objects' contents, for as many requests as the caller makes.

    Yields:
        A function from object ids to their contents, in the same order; None for one that is too large.
    """
    with _process(git_dir, "cat-file", "--batch", stdin=subprocess.PIPE) as process:

        def read(blobs: list[str]) -> Iterator[bytes | None]:
            feeder = threading.Thread(target=_feed, args=(process.stdin, blobs), daemon=True)
            feeder.start()
            for _ in blobs:
                yield _read_object(process.stdout)
            feeder.join()

        yield read
        process.stdin.close()


def _read_object(stdout: IO[bytes]) -> bytes | None:
    name, *rest = stdout.readline().split() or [b"(no answer)"]
    if len(rest) != 2:
        raise SourceError(f"object {name.decode()} is missing", hint="run `git fsck` on the source")
    size = int(rest[1])
    if size > LARGEST_PAGE:
        _skip(stdout, size + 1)
        return None
    return stdout.read(size + 1)[:size]


class _Process(msgspec.Struct):
    stdin: IO[bytes]
    stdout: IO[bytes]


@contextmanager
def _process(git_dir: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> Iterator[_Process]:
    """A running git; fails when git did, and ends it when the caller stops early."""
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(
            _git(git_dir, *arguments), stdin=stdin, stdout=subprocess.PIPE, stderr=messages, bufsize=2**20
        )
        assert process.stdout is not None
        try:
            yield _Process(process.stdin or process.stdout, process.stdout)
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code:
            messages.seek(0)
            raise SourceError(f"git {arguments[0]}: {_first_line(messages.read(4096))}", hint="run `git fsck` on it")


def _feed(stdin: IO[bytes], blobs: list[str]) -> None:
    """Ask for objects from a second thread: git answers while it is being asked, and both pipes are short."""
    try:
        for blob in blobs:
            stdin.write(blob.encode() + b"\n")
        stdin.flush()
    except BrokenPipeError:
        pass  # git has died; the reader sees the end of its output and says so


def _iter_tokens(stdout: IO[bytes]) -> Iterator[bytes]:
    """The pieces between NULs."""
    rest = b""
    while block := stdout.read1(2**20):  # type: ignore[attr-defined]
        *tokens, rest = (rest + block).split(b"\0")
        yield from tokens
    if rest:
        yield rest


def _skip(stdout: IO[bytes], size: int) -> None:
    while size > 0:
        size -= len(stdout.read(min(size, 2**20)))


def _run(git_dir: Path, *arguments: str) -> bytes:
    result = subprocess.run(_git(git_dir, *arguments), check=False, capture_output=True, stdin=subprocess.DEVNULL)
    if result.returncode:
        hint = "name a git repository or a bundle of one"
        raise SourceError(f"{git_dir}: git {arguments[0]}: {_first_line(result.stderr)}", hint=hint)
    return result.stdout


def _git(git_dir: Path, *arguments: str) -> list[str]:
    """Hooks and file-system monitors, which a repository's own config could name, stay off."""
    safe = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]
    return ["git", *safe, "-C", str(git_dir), *arguments]


def _first_line(output: bytes) -> str:
    return output.decode(errors="replace").strip().partition("\n")[0][:300] or "failed without a message"
