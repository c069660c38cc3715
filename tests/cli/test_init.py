"""`init` on the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from collector.archive.store import Archive
from tests.cli.conftest import Run
from tests.cli.processes import COMMAND, read_terminal

FILES = [
    "repo-info.toml",
    "README.md",
    "requirements.txt",
    ".gitattributes",
    ".gitignore",
    ".github/workflows/archive.yml",
    ".github/dependabot.yml",
    "archive/archive.json",
]


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_has_everything(run: Run, in_folder: Path) -> None:
    result = run("init", "images", "--image", "python:3.12-slim", "--image", "python:3.13", "--image", "ghcr.io/a/b")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "".join(f"wrote images/{path}\n" for path in FILES) + "next: read images/README.md\n"
    assert sorted(texts(in_folder / "images")) == sorted(FILES)
    assert Archive(in_folder / "images" / "archive").repositories() == []
    toml = (in_folder / "images" / "repo-info.toml").read_text()
    assert '[[images]]\nname = "python"\ntags = ["3.12-slim", "3.13"]\n' in toml
    assert '[[images]]\nname = "ghcr.io/a/b"\n\n' in toml


def test_a_dry_run_writes_nothing(run: Run, in_folder: Path) -> None:
    result = run("init", "images", "--dry-run", "--ci", "none")
    assert result.stdout == "".join(f"would write images/{path}\n" for path in FILES if "github" not in path)
    assert list(in_folder.iterdir()) == []


def test_the_archive_is_published_if_asked(run: Run, in_folder: Path) -> None:
    run("init", "images", "--publish-archive")
    assert "-o site/archive.tar.zst\n" in (in_folder / "images/.github/workflows/archive.yml").read_text()
    assert run("init", "images").stdout == "images: 8 files, nothing to do\n"
    for nothing in ("--ci", "--publish"):
        refused = run("init", "other", "--publish-archive", nothing, "none")
        assert (refused.exit_code, (in_folder / "other").exists()) == (2, False)
        assert refused.stderr == (
            "repo-info: --publish-archive, and nothing is published (choose another --ci and --publish)\n"
        )


def test_a_second_run_writes_what_is_missing_and_shows_what_differs(run: Run, in_folder: Path) -> None:
    run("init", "images", "--image", "alpine", "--shards", "2")
    folder = in_folder / "images"
    assert run("init", "images").stdout == "images: 8 files, nothing to do\n"
    (folder / ".gitignore").unlink()
    (folder / "README.md").write_text("Ours.\n")
    workflow = folder / ".github" / "workflows" / "archive.yml"
    workflow.write_text(workflow.read_text().replace("name: Archive\n", "name: Ours\x1b[2J\n"))
    before = texts(folder)
    result = run("init", "images", "--json")
    assert texts(folder).keys() - before.keys() == {".gitignore"}
    assert {path: texts(folder)[path] for path in before} == before
    report = json.loads(result.stdout)
    assert report["created"] == [".gitignore"]
    assert sorted(report["kept"]) == sorted(set(FILES) - {".gitignore", ".github/workflows/archive.yml"})
    [difference] = report["differences"]
    assert difference["diff"].splitlines()[:2] == [f"--- {difference['path']}", f"+++ {difference['path']}"]
    shown = run("init", "images").stdout.splitlines()
    assert shown[0] == f"images/{difference['path']} stays; this version would write it differently:"
    assert {r"-name: Ours\x1b[2J", "+name: Archive"} <= set(shown)


def test_what_was_asked_for_is_read_from_the_settings(run: Run, in_folder: Path) -> None:
    run("init", "images", "--ci", "gitlab", "--shards", "3")
    toml = in_folder / "images" / "repo-info.toml"
    toml.write_text(toml.read_text().replace("shards = 3", "shards = 4"))
    assert "+  parallel: 4" in run("init", "images").stdout.splitlines()
    result = run("init", "images", "--shards", "5")
    assert result.stderr == "repo-info: images/repo-info.toml stays as it is: change the images and [init] there\n"
    assert "+  parallel: 5" in result.stdout.splitlines()


@pytest.mark.parametrize("name", ["a//b", "python:", "python@sha256:0"])
def test_an_invalid_image_is_refused_before_anything_is_written(run: Run, in_folder: Path, name: str) -> None:
    result = run("init", "images", "--image", name)
    assert (result.exit_code, result.stdout, list(in_folder.iterdir())) == (2, "", [])
    assert result.stderr.startswith("repo-info: ")


def test_no_link_is_followed_to_compare(run: Run, in_folder: Path) -> None:
    (in_folder / "images").mkdir()
    (in_folder / "images" / ".gitignore").symlink_to("/etc/passwd")
    result = run("init", "images")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("repo-info: images/.gitignore: not a file (")


def test_on_a_terminal_it_asks(in_folder: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*COMMAND, "init", "images"], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, b"python:3.12-slim\nalpine\n\ngitlab\nnone\n")
    shown = read_terminal(ours)
    assert process.wait() == 0
    assert b"Collect every day with (github, gitlab, none) [github]:" in shown
    found = texts(in_folder / "images")
    assert {".gitlab-ci.yml"} == {path for path in found if path.endswith(".yml")}
    assert 'name = "alpine"' in found["repo-info.toml"]
    assert 'publish = "none"' in found["repo-info.toml"]
