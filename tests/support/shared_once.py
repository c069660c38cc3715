"""Files and folders that are made once in a test run and shared by all its workers."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The path `folder/name`, made by the first worker that asks for it, while the others wait.

    `make` receives a path at which nothing exists, and creates a file or a folder there. If it fails, nothing
    is left behind, and the next worker tries again.
    """
    target, partial = folder / name, folder / f"{name}.partial"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _remove(partial)
            make(partial)
            partial.rename(target)
    return target


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
