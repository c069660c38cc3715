"""Files that take the place of others in one step."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from collector.errors import naming

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_FOUND = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Draft(NamedTuple):
    """A file that will take the place of another. Nobody else writes to it."""

    path: Path
    descriptor: int
    """Open for writing until the block of `draft_file` ends."""


def replace_file(path: Path, content: bytes, *, is_synced: bool = False, mode: int | None = None) -> None:
    """Put a file in the place of another one, or of none. A link is replaced, and never followed.

    Args:
        is_synced: whether the content is on the disk before it gets its name.
        mode: its permissions; those of a new file if None.

    Raises:
        OSError: it cannot be written, and the error names a file; what was there is unchanged.
    """
    with draft_file(path) as draft, naming(draft.path), os.fdopen(draft.descriptor, "wb", closefd=False) as file:
        file.write(content)
        if mode is not None:
            os.fchmod(draft.descriptor, mode)
        if is_synced:
            file.flush()
            os.fsync(draft.descriptor)


@contextmanager
def draft_file(path: Path) -> Iterator[Draft]:
    """An empty file beside `path`, which takes its place if the block ends well, and is removed otherwise.

    Another process that drafts the same file waits.

    Raises:
        OSError: it cannot be made, or not be renamed.
    """
    draft = _new_draft(path.with_name(f".{path.name}.new"))
    try:
        yield draft
        draft.path.replace(path)
    except BaseException:
        draft.path.unlink(missing_ok=True)
        raise
    finally:
        os.close(draft.descriptor)


def _new_draft(path: Path) -> Draft:
    while True:
        try:
            draft = Draft(path, os.open(path, _NEW, 0o666))
        except FileExistsError:
            _remove_abandoned(path)
            continue
        _lock(draft.descriptor)
        if _is_at(draft):  # a process that saw the file before its lock may have removed it
            return draft
        os.close(draft.descriptor)


def _remove_abandoned(path: Path) -> None:
    """Remove a draft that a killed run has left, or a link that somebody has put there; wait for one in use."""
    try:
        found = Draft(path, os.open(path, _FOUND))
    except FileNotFoundError:
        return
    except OSError:
        path.unlink(missing_ok=True)
        return
    try:
        _lock(found.descriptor)
        if _is_at(found):
            path.unlink()
    finally:
        os.close(found.descriptor)


def _lock(descriptor: int) -> None:
    # Some file systems have no locks. There, two processes that write one file at a time may both fail.
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_at(draft: Draft) -> bool:
    """Whether the name is still that of the open file."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(draft.descriptor), draft.path.lstat())
    return False
