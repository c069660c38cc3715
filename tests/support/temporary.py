"""Keeps the temporary folder of a test run in memory if there is enough room."""

from __future__ import annotations

import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

MEMORY = Path("/dev/shm")
"""A file system in memory, on most Linux machines."""

ROOM = 4 << 30
"""The bytes that must be free in it; a run needs less than half of them."""


def keep_in_memory(environment: MutableMapping[str, str], *, memory: Path = MEMORY, room: int = ROOM) -> None:
    """Set TMPDIR to a file system in memory, unless it is set already or there is no room.

    Sites have thousands of small files; on a disk, tests would mostly wait for it.
    """
    if "TMPDIR" in environment or not os.access(memory, os.W_OK | os.X_OK):
        return
    free = os.statvfs(memory)
    if free.f_bavail * free.f_frsize >= room:
        environment["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # forget a folder that was looked up before
