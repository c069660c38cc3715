"""The rule against silent skips, tested with separate test runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

def test_passes():
    pass

@pytest.mark.skip(reason="no browser")
def test_without_a_browser():
    pass

def test_a_missing_browser_skips_the_test():
    pytest.skip("no browser")

def test_without_data(data_dir):
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known_to_fail():
    assert False
"""


def run(folder: Path, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest over `TESTS` in a project that has this one's conftest, and no data beside it."""
    project = folder / "outer" / "project"
    shutil.copytree(root / "tests" / "support", project / "tests" / "support", ignore=shutil.ignore_patterns("test_*"))
    for path in ("tests/conftest.py", "tests/browser.py"):
        (project / path).write_bytes((root / path).read_bytes())
    (project / "tests" / "test_some.py").write_text(TESTS)
    (project / "tests" / "test_lacking.py").write_text("import pytest\npytest.importorskip('no_such_component')\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--import-mode=importlib", "-o", "pythonpath=.",
         "--continue-on-collection-errors", "-rA"],
        cwd=project, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_skips_are_allowed_outside_ci(tmp_path: Path, root: Path) -> None:
    result = run(tmp_path, root)
    assert result.returncode == 0, result.stdout
    assert "1 passed, 4 skipped, 1 xfailed" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("variable", [{"CI": "true"}, {"REPO_INFO_NO_SKIP": "1"}])
def test_where_skips_are_forbidden_only_the_data_may_be_missing(
    tmp_path: Path, root: Path, variable: dict[str, str]
) -> None:
    result = run(tmp_path, root, **variable)
    assert result.returncode == 1, result.stdout
    assert "no test may skip here" in result.stdout
    assert "no_such_component" in result.stdout
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 2 errors" in result.stdout.splitlines()[-1]


def test_data_that_is_named_must_be_there(tmp_path: Path, root: Path) -> None:
    result = run(tmp_path, root, REPO_INFO_DATA="/no/such/folder")
    assert result.returncode == 1, result.stdout
    assert "REPO_INFO_DATA names /no/such/folder" in result.stdout
