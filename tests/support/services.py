"""Programs that `make system` unpacks but does not install, because their packages would start services."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

_CACHE = Path(__file__).resolve().parents[2] / ".cache"


def program_of(name: str) -> str:
    """The path of a program: the system's, else the unpacked one."""
    unpacked = ":".join(str(_CACHE / name / "usr" / folder) for folder in ("bin", "sbin"))
    program = shutil.which(name) or shutil.which(name, path=unpacked)
    if program is None:
        pytest.skip(f"there is no {name} here: make system")
    return program


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
