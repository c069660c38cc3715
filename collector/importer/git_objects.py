"""Streams objects out of a source, with one `git cat-file --batch` for a whole import."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from collector.errors import SourceError
from collector.importer.git import Running, running

MAX_PAGE = 4 * 2**20
"""Bytes. Larger pages are not imported, and every import reports them. The largest real page has 0.1 MiB.

In JSON a page may grow sixfold, and a line of a journal must not exceed the limit of journals."""

ReadObjects = Callable[[Sequence[str]], Iterator[bytes | None]]


@contextmanager
def reading_objects(git_dir: Path) -> Iterator[ReadObjects]:
    """Start one process that returns the contents of objects, for any number of requests, one after another.

    Yields:
        A function from the ids of objects to their contents, in the same order; None for an object that is too large.

    Raises:
        SourceError: an object is missing or damaged.
    """
    with running(git_dir, "cat-file", "--batch") as git:

        def read(blobs: Sequence[str]) -> Iterator[bytes | None]:
            feeder = threading.Thread(target=_feed, args=(git.stdin, blobs), daemon=True)
            feeder.start()
            for blob in blobs:
                yield _read_object(git, blob)
            feeder.join()

        yield read


def _read_object(git: Running, blob: str) -> bytes | None:
    """Read `<id> <type> <size>`, the content and a line feed; or `<id> missing`."""
    header = git.stdout.readline().split()
    if len(header) != 3:
        reason = "is missing" if header else f"cannot be read: {git.complaint()}"
        raise SourceError(f"object {blob} {reason}", hint="run `git fsck` on the source; it may be a partial clone")
    size = int(header[2])
    if size > MAX_PAGE:
        _skip(git.stdout, size + 1)
        return None
    content = git.stdout.read(size)
    if not git.stdout.read(1):
        raise SourceError(f"object {blob} cannot be read: {git.complaint()}", hint="run `git fsck` on the source")
    return content


def _feed(stdin: IO[bytes], blobs: Sequence[str]) -> None:
    """Request objects from a second thread: git answers while requests are still being sent, and both pipes are
    short.
    """
    try:
        for blob in blobs:
            stdin.write(blob.encode() + b"\n")
        stdin.flush()
    except (BrokenPipeError, ValueError):
        pass  # git has ended; the reader raises the error


def _skip(stdout: IO[bytes], size: int) -> None:
    while size > 0 and (read := len(stdout.read(min(size, 2**20)))):
        size -= read
