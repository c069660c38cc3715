"""`repo-info import`, from a small repository grown here."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from collector.classic.pages import Head, render_page
from tests.cli.conftest import Run
from tests.cli.processes import on_a_terminal, start


def missing(image: str, tag: int) -> str:
    """The classic page of a tag that does not exist."""
    return render_page(image, str(tag), Head(digest=None), ())


def commit(repository: Path, day: str, pages: dict[str, str | None]) -> str:
    """Write (or, with None, delete) files, and commit them at noon; returns the id of the commit."""
    repository.mkdir(exist_ok=True)
    git = ["git", "-C", str(repository), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    if not (repository / ".git").exists():
        subprocess.run([*git, "init", "-q"], check=True)
    for path, text in pages.items():
        file = repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text)
    moment = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", day], check=True, env={**os.environ, **moment})
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True).stdout.decode().strip()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two images: pages that are understood, one that is not, one that is deleted, one in local/."""
    repository = tmp_path / "source"
    commit(
        repository,
        "2017-01-01",
        {"repos/tool/remote/1.md": missing("tool", 1), "repos/tool/remote/2.md": missing("tool", 2)},
    )
    commit(
        repository,
        "2017-02-01",
        {
            "repos/tool/remote/odd.md": "what no one \x1b[31m understands",
            "repos/tool/remote/2.md": None,
            "repos/tool/local/1.md": "later",
            "repos/UPPER/remote/1.md": "impossible",
            "repos/other/remote/1.md": missing("other", 1),
        },
    )
    return repository


def test_a_first_import_and_a_second(run: Run, source: Path, tmp_path: Path) -> None:
    first = run("import", source, "--archive", tmp_path / "a")
    assert first.exit_code == 0
    assert first.stdout.splitlines()[0] == "2 images, 4 page versions, 1 deletion: 5 of them new"
    assert "1 version of local/ pages: nothing new" in first.stdout
    assert (
        "repo-info: 1 page was in local/ and not understood; nothing of it is kept:\n  tool:1 in commit "
        in first.stderr
    )
    again = run("import", source, "--archive", tmp_path / "a")
    assert (again.exit_code, again.stdout.splitlines()[0]) == (
        0,
        "2 images, 4 page versions, 1 deletion: nothing new",
    )


def test_what_is_not_understood_is_told_with_image_tag_commit_and_reason(
    run: Run, source: Path, tmp_path: Path
) -> None:
    result = run("import", source, "--archive", tmp_path / "a")
    head = subprocess.run(["git", "-C", source, "rev-parse", "HEAD"], check=True, capture_output=True).stdout.decode()
    lines = result.stderr.splitlines()
    assert lines[0] == "repo-info: 1 page was not understood, and kept unchanged:"
    assert lines[1].startswith(f"  tool:odd in commit {head.strip()}: ")
    assert lines[4] == "repo-info: 1 path below repos/ cannot belong to a page:"
    assert "UPPER" in lines[5]
    assert "\x1b" not in result.stdout + result.stderr


def test_a_page_that_is_not_kept_is_not_reported_as_kept(run: Run, source: Path, tmp_path: Path) -> None:
    commit(source, "2017-03-01", {"repos/tool/remote/odd.md": "x" * (2**22 + 1)})
    (source / "repos/tool/remote/1.md").unlink()
    (source / "repos/tool/remote/1.md").symlink_to("2.md")
    commit(source, "2017-03-02", {})
    for _ in "12":
        result = run("import", source, "--archive", tmp_path / "a")
        assert result.exit_code == 0
        assert "repo-info: 1 page was lost: the archive has nothing of it, and the next import tries again:\n" in (
            result.stderr
        )
    first = run("import", source, "--archive", tmp_path / "b").stderr
    assert "repo-info: 1 page was not a regular file; what the tag pointed at is unknown:\n  tool:1 in commit " in first
    assert first.count("kept unchanged") == 1


def test_the_json_form_lists_everything(run: Run, source: Path, tmp_path: Path) -> None:
    for number in range(30):
        commit(source, "2017-03-01", {f"repos/tool/remote/odd{number}.md": f"{number}"})
    result = run("import", source, "--archive", tmp_path / "a", "--json")
    report = json.loads(result.stdout)
    assert (report["images"], report["versions"], report["deletions"], report["added"]) == (2, 34, 1, 35)
    assert (report["local_pages"], len(report["not_understood"]), len(report["strange_paths"])) == (1, 31, 1)
    assert sorted(report["not_understood"][0]) == ["commit", "image", "reason", "tag"]
    assert "  and 11 more\n" in result.stderr


def test_only_some_images_and_only_until_a_day(run: Run, source: Path, tmp_path: Path) -> None:
    run("import", source, "--archive", tmp_path / "a", "--image", "other", "--image", "library/other")
    assert [path.parent.name for path in (tmp_path / "a").rglob("*.jsonl")] == ["other"]
    result = run("import", source, "--archive", tmp_path / "b", "--until", "2017-01-31")
    assert result.stdout.startswith("1 image, 2 page versions, 0 deletions: 2 of them new")


@pytest.mark.parametrize("source", ["none", "empty", "file"], indirect=False)
def test_an_invalid_source_is_an_error(run: Run, in_folder: Path, source: str) -> None:
    (in_folder / "empty").mkdir()
    (in_folder / "file").write_text("no bundle")
    result = run("import", source, "--archive", "a")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("repo-info: ")
    assert result.stderr.count("\n") == 1


def test_a_folder_with_other_files_does_not_become_an_archive(run: Run, source: Path, tmp_path: Path) -> None:
    result = run("import", source, "--archive", source)
    assert result.exit_code == 1
    assert "not an archive, and not empty" in result.stderr


def test_progress_is_for_terminals(source: Path, tmp_path: Path) -> None:
    bar = on_a_terminal("import", source, "--archive", tmp_path / "a", stream="stderr")
    assert "Importing" in bar
    assert "100%" in bar
    process = start("import", source, "--archive", tmp_path / "b", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert b"Importing" not in b"".join(process.communicate())
