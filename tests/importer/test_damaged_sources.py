"""Sources with missing or damaged objects: one clear error, and the intact part is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import SourceError
from tests.importer.conftest import Import
from tests.support.exports import journals
from tests.support.histories import History, git, page

ONE = page("tool", "1")


def test_a_missing_object(grown: History, take: Import, tmp_path: Path) -> None:
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    (grown.path / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match=f"object {blob} is missing"):
        take(grown.path)


def test_a_damaged_object(grown: History, take: Import, tmp_path: Path) -> None:
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    path = grown.path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=blob):
        take(grown.path)


def test_a_damaged_history(grown: History, take: Import) -> None:
    commit = git(grown.path, "rev-parse", "main~2")
    (grown.path / "objects" / commit[:2] / commit[2:]).unlink()
    with pytest.raises(SourceError, match="git"):
        take(grown.path)


def test_versions_before_the_damage_are_kept_and_the_rest_follows(grown: History, take: Import, tmp_path: Path) -> None:
    take(grown.path, into="undisturbed")
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    path = grown.path / "objects" / blob[:2] / blob[2:]
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(SourceError):
        take(grown.path)
    assert list(verify(Archive(tmp_path / "archive"))) == []
    path.write_bytes(content)
    take(grown.path)
    assert journals(tmp_path / "archive") == journals(tmp_path / "undisturbed")
