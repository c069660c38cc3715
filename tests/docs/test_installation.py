"""The wheel works where it is installed: the program, the sample, the man pages, the completion of a shell."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from collector import __version__


@pytest.fixture(scope="module")
def prefix(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with the dependencies of the tests' environment: nothing is fetched."""
    folder = tmp_path_factory.mktemp("installation")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (wheel,) = dist.glob("*.whl")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", wheel], check=True)
    return folder


def run(prefix: Path, *command: str | Path, cwd: Path) -> str:
    """What a command prints, with the programs of the installation before all others."""
    env = os.environ | {"PATH": f"{prefix / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd, env=env).stdout


def test_the_program_is_that_of_the_wheel(prefix: Path, tmp_path: Path) -> None:
    assert run(prefix, "repo-info", "--version", cwd=tmp_path) == f"repo-info {__version__}\n"
    where = run(prefix, "python", "-c", "import collector; print(collector.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(prefix)


def test_the_demo_needs_no_checkout(prefix: Path, tmp_path: Path) -> None:
    run(prefix, "repo-info", "demo", "--no-serve", "--site", "site", cwd=tmp_path)
    assert (tmp_path / "site" / "repos" / "python" / "3.6-slim" / "index.html").is_file()


def test_the_man_pages_are_where_man_looks(prefix: Path, root: Path) -> None:
    installed = prefix / "share" / "man" / "man1"
    assert {page.name for page in installed.iterdir()} == {page.name for page in (root / "man").iterdir()}


def test_bash_completes_verbs_and_options(prefix: Path, root: Path, tmp_path: Path) -> None:
    guide = (root / "site_src" / "command-line.md").read_text(encoding="utf-8")
    setup = 'eval "$(_REPO_INFO_COMPLETE=bash_source repo-info)"'
    assert setup in guide
    script = f"""
        {setup}
        complete -p repo-info >&2
        COMP_WORDS=(repo-info hi) COMP_CWORD=1; _repo_info_completion repo-info; echo "${{COMPREPLY[@]}}"; COMPREPLY=()
        COMP_WORDS=(repo-info find --arch) COMP_CWORD=2; _repo_info_completion repo-info; echo "${{COMPREPLY[@]}}"
    """
    assert run(prefix, "bash", "-c", script, cwd=tmp_path).split() == ["history", "--archive"]
