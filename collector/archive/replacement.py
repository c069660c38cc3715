"""Files that take the place of others in one step."""

from __future__ import annotations

import os
from pathlib import Path

from collector.errors import naming

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def replace_file(path: Path, content: bytes, *, is_synced: bool = False, mode: int | None = None) -> None:
    """Put a file in the place of another one, or of none. A link is replaced, and never followed.

    Args:
        is_synced: whether the content is on the disk before it gets its name.
        mode: its permissions; those of a new file if None.

    Raises:
        OSError: it cannot be written, and the error names a file; what was there is unchanged.
    """
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)  # a killed run has left it, or somebody has put a link there
    try:
        with naming(beside), os.fdopen(os.open(beside, _NEW, 0o666), "wb") as file:
            file.write(content)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            if is_synced:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
