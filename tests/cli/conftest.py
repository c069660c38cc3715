"""What the tests of the command line share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import main

Run = Callable[..., Result]
Golden = Callable[[str, str], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the program in this process; what it does not mean to raise is raised."""
    monkeypatch.delenv("REPO_INFO_ARCHIVE", raising=False)

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="repo-info")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the test works."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def sample(root: Path) -> Path:
    """The bundled sample archive."""
    return root / "examples" / "archive"


@pytest.fixture
def golden() -> Golden:
    """Compares a text with the one in `golden/`; RECORD=1 writes it there."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / f"{name}.txt"
        if os.environ.get("RECORD"):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no golden file {path.name}: record it with RECORD=1, and read it"
        expected = path.read_text(encoding="utf-8")
        assert expected
        assert text == expected

    return compare
