from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.support.temporary import keep_in_memory


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())


def test_a_run_keeps_its_files_in_memory(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    keep_in_memory(environment, memory=tmp_path, room=0)
    assert environment == {"TMPDIR": str(tmp_path)}


def test_a_chosen_folder_is_kept(tmp_path: Path) -> None:
    environment = {"TMPDIR": "/chosen"}
    keep_in_memory(environment, memory=tmp_path, room=0)
    assert environment == {"TMPDIR": "/chosen"}


def test_without_memory_or_room_the_disk_is_used(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    keep_in_memory(environment, memory=tmp_path / "none", room=0)
    keep_in_memory(environment, memory=tmp_path, room=1 << 62)
    assert environment == {}
