"""The same archive gives the same bytes: repeated, elsewhere, in another process, with any order of sets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from collector.pages.site_pages import SitePages
from tests.pages.archives import hash_of
from tests.support.archives import journal_name

_PRINT = """\
import sys
from pathlib import Path
from tests.pages.archives import hash_of
print(hash_of(Path(sys.argv[1])))
"""


def test_a_second_build_in_another_folder_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(sample, tmp_path / "another name"))
    assert hash_of(sample) == hash_of(copy)
    assert [task.key for task in SitePages(sample).plan()] == [task.key for task in SitePages(copy).plan()]


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_with_any_order_of_sets(sample: Path, root: Path, seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _PRINT, sample],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root), "TZ": "Pacific/Apia", "LC_ALL": "C"},
        cwd="/",
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert told.stdout.strip() == hash_of(sample)


def test_another_journal_is_another_task(sample: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(sample, tmp_path / "archive"))
    before = {task.name: task.key for task in SitePages(copy).plan()}
    journal = copy / journal_name("python", "2018-01")
    journal.write_bytes(journal.read_bytes().rstrip(b"\n").rpartition(b"\n")[0] + b"\n")
    after = {task.name: task.key for task in SitePages(copy).plan()}
    assert {name for name in before if before[name] != after[name]} == {"docker.io/library/python"}
