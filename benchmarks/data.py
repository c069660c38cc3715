"""Finds the real archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from collector.errors import SourceError

BUNDLE = "repo-info-2018.bundle"
LOCAL_BUNDLE = "repo-info-local-2018.bundle"


def find_source(named: Path | None, environment: Mapping[str, str], root: Path) -> Path | None:
    """The git archive to measure with, or None: the named one, else the bundle in REPO_INFO_DATA, or in
    `../shared/data` beside the project.

    Raises:
        SourceError: the named archive or REPO_INFO_DATA does not exist.
    """
    folder = environment.get("REPO_INFO_DATA")
    found = named or (Path(folder) if folder else root.parent / "shared" / "data") / BUNDLE
    if found.exists():
        return found.resolve()
    if named or folder:
        raise SourceError(f"{found}: not found", hint="name a git archive, or use --sample")
    return None
