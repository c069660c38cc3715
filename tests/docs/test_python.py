"""`site_src/python.md`: its examples are run, and give the shown output."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from collector import open_archive
from collector.errors import UsageError


def test_the_examples_give_what_is_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    text = (root / "site_src" / "python.md").read_text(encoding="utf-8").replace("\n```\n", "\n\n")
    test = doctest.DocTestParser().get_doctest(text, {}, "python.md", "site_src/python.md", 0)
    assert len(test.examples) > 10
    told: list[str] = []
    doctest.DocTestRunner().run(test, out=told.append)
    assert not told, "".join(told)


def test_a_time_without_a_zone_is_refused(root: Path) -> None:
    with pytest.raises(UsageError, match=r"not a date: '2017-06-30T00:00:00'"):
        open_archive(root / "examples/archive").resolve("python:3.6-slim", as_of=datetime(2017, 6, 30))  # noqa: DTZ001


def test_the_package_is_cheap_to_import() -> None:
    script = "import collector, sys; print(*(name for name in sys.modules if name.startswith('collector.')))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
