"""Folders to compare or copy as a whole."""

from __future__ import annotations

import shutil
from pathlib import Path


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files below a folder: relative path → content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copy_site(site: Path, target: Path) -> Path:
    """Copy a built site with its build folder."""
    shutil.copytree(site, target)
    shutil.copytree(bench_of(site), bench_of(target))
    return target


def bench_of(site: Path) -> Path:
    """The build folder beside a site."""
    return site.with_name(f".{site.name}.build")
