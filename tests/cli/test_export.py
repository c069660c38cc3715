"""`repo-info export`: the classic tree in a folder, and nothing outside of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from collector.archive.export import ClassicExporter
from collector.archive.store import Archive
from collector.model.times import parse_as_of
from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, docker_image, single
from tests.support.histories import History


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def expected(sample: Path, *images: str, as_of: str | None = None) -> dict[str, bytes]:
    """The content of the tree, according to the exporter."""
    archive = Archive(sample)
    moment = parse_as_of(as_of) if as_of else None
    return {
        f"repos/{repository.familiar}/remote/{tag}.md": page
        for repository in archive.repositories()
        if not images or repository.familiar in images
        for tag, page in ClassicExporter(archive.load(repository)).iter_pages(moment)
    }


def test_the_whole_tree_and_only_what_differs_the_next_time(run: Run, sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "tree"
    pages = expected(sample)
    result = run("export", "--archive", sample, "--to", target)
    assert (result.exit_code, result.stderr) == (0, "")
    assert tree(target) == pages
    (target / "repos/alpine/remote/3.6.md").write_text("changed")
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*.md") if path.name != "3.6.md"}
    again = json.loads(run("export", "--archive", sample, "--to", target, "--json").stdout)
    assert again == {"failed": [], "pages": len(pages), "removed": 0, "written": 1}
    assert tree(target) == pages
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_an_export_of_an_earlier_date_removes_later_pages(run: Run, sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "tree"
    run("export", "--archive", sample, "--to", target)
    run("export", "--archive", sample, "--to", target, "--as-of", "2016-10-31")
    early = expected(sample, as_of="2016-10-31")
    assert tree(target) == early
    assert len(early) < len(expected(sample))
    run("export", "--archive", sample, "--to", target, "--as-of", "2016-01-01")
    assert list((target / "repos").rglob("remote")) == []


def test_collecting_one_image_does_not_change_other_files(run: Run, sample: Path, tmp_path: Path) -> None:
    others = {
        "README.md": b"ours",
        "repos/alpine/local/3.6.md": b"ours",
        "repos/alpine/remote/notes.txt": b"ours",
        "repos/alpine/remote/.hidden/x.md": b"ours",
        "repos/python/remote/none.md": b"of another image",
    }
    for path, content in {**others, "repos/alpine/remote/none.md": b"goes"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    result = run("export", "--archive", sample, "--to", tmp_path, "--image", "alpine")
    assert result.exit_code == 0
    assert tree(tmp_path) == expected(sample, "alpine") | others


def test_a_target_that_is_a_file_is_wrong_use(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("export", "--archive", sample, "--to", tmp_path / "file")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "not a folder" in result.stderr


@pytest.mark.parametrize("link", ["repos", "repos/alpine", "repos/alpine/remote"])
def test_a_link_does_not_lead_out_of_the_target(run: Run, sample: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "tree" / link).parent.mkdir(parents=True)
    (tmp_path / "tree" / link).symlink_to(outside)
    result = run("export", "--archive", sample, "--to", tmp_path / "tree", "--image", "alpine")
    assert result.exit_code == 1
    assert "a symbolic link leads out of" in result.stderr
    assert tree(outside) == {}


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("export --archive {sample} --to tree --image alpine", "tree/repos/alpine/remote/.3.6.md.new"),
        ("pages --archive {sample} --to files", "files/repos/alpine/.index.md.new"),
        ("import {source} --archive archive", "archive/.archive.json.new"),
    ],
)
def test_a_link_in_the_place_of_a_new_file_is_not_followed(
    run: Run, sample: Path, in_folder: Path, line: str, link: str
) -> None:
    outside, source = in_folder / "outside", History(in_folder / "source.git")
    source.commit({"repos/tool/remote/1.md": "x"})
    outside.write_text("outside")
    (in_folder / link).parent.mkdir(parents=True)
    (in_folder / link).symlink_to(outside)
    result = run(*line.format(sample=sample, source=source.path).split())
    assert (result.exit_code, outside.read_text()) == (0, "outside")


def test_a_page_that_is_a_link_is_replaced_and_not_followed(run: Run, sample: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("outside")
    page = tmp_path / "tree/repos/alpine/remote/3.6.md"
    page.parent.mkdir(parents=True)
    page.symlink_to(outside)
    assert run("export", "--archive", sample, "--to", tmp_path / "tree", "--image", "alpine").exit_code == 0
    assert outside.read_text() == "outside"
    assert not page.is_symlink()


def test_an_image_that_the_archive_does_not_have_is_a_problem(run: Run, sample: Path, tmp_path: Path) -> None:
    result = run("export", "--archive", sample, "--to", tmp_path / "tree", "--image", "ruby")
    assert result.exit_code == 1
    assert "ruby: no such image" in result.stderr
    assert not (tmp_path / "tree").exists()


def test_what_cannot_be_exported_is_reported_and_the_rest_is_written(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:bad", "2017-01-01", single(docker_image("bad", layers=("lost",))))
    (journal,) = (tmp_path / "a").rglob("2017-01.*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"fact":"layer"' not in line))
    builder.see("tool:good", "2017-02-01", gone="missing")
    before = tmp_path / "tree/repos/tool/remote/bad.md"
    before.parent.mkdir(parents=True)
    before.write_text("of an earlier export")
    result = run("export", "--archive", tmp_path / "a", "--to", tmp_path / "tree")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 page in ")
    assert "repo-info: 1 page could not be exported:\n  tool:bad at 2017-01-01T12:00:00Z" in result.stderr
    assert sorted(tree(tmp_path / "tree")) == ["repos/tool/remote/bad.md", "repos/tool/remote/good.md"]
    assert before.read_text() == "of an earlier export"


def test_tables_are_those_of_the_asked_images_and_date(run: Run, sample: Path, in_folder: Path) -> None:
    arguments = ("export", "--archive", sample, "--to", "alpine.sqlite", "--format", "sqlite", "--image", "alpine")
    whole = json.loads(run(*arguments, "--json").stdout)
    assert whole["size"] == (in_folder / "alpine.sqlite").stat().st_size
    assert whole["tables"]["tags"] > whole["tables"]["labels"] == 0
    early = json.loads(run(*arguments, "--json", "--as-of", "2017-06-30").stdout)
    assert 0 < early["tables"]["tags"] < whole["tables"]["tags"]
    (in_folder / "alpine.sqlite").write_text("mine")
    refused = run(*arguments)
    assert (refused.exit_code, refused.stderr) == (
        2,
        "repo-info: alpine.sqlite was not written by repo-info (name a new file)\n",
    )


def test_tables_in_parquet_have_the_same_numbers_of_rows(
    run: Run, sample: Path, in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("export", "--archive", sample, "--image", "alpine", "--as-of", "2017-06-30", "--json", "--to")
    report, other = (json.loads(run(*arguments, form, "--format", form).stdout) for form in ("parquet", "sqlite"))
    assert report["tables"] == other["tables"]
    assert report["size"] == sum(file.stat().st_size for file in (in_folder / "parquet").iterdir())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "collector.tables.parquet_file")
    refused = run(*arguments, "parquet", "--format", "parquet")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "repo-info: --format parquet needs pyarrow (pip install 'repo-info[parquet]')\n",
    )
