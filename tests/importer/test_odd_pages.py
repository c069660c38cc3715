"""Pages of unusual forms, too large pages and strange paths: none is dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.importer.git_objects import MAX_PAGE
from collector.model.references import parse_repository
from tests.importer.conftest import Import
from tests.support.archives import digest, docker_image, index, journal_name, single
from tests.support.exports import expect_whole, exported
from tests.support.histories import History, page
from tests.support.pages import missing_page, page_of

TOOL = parse_repository("tool")
ONE = page("tool", "1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe not utf-8",
        missing_page("tool", "1").encode() + b"\0\x1b[31m",
        missing_page("tool", "2").encode(),
        page_of("tool", "1", single(docker_image("x"))).replace("linux; amd64", "linux; arm", 1).encode(),
        page_of("tool", "1", index("x", docker_image("x"))).replace("list.v2", "list.v9").encode(),
        page_of("tool", "1", index("x", docker_image("x"))).replace("Platforms:", "Platforms: 2").encode(),
    ],
)
def test_a_page_that_is_not_understood_is_kept_and_reported(
    history: History, take: Import, tmp_path: Path, raw: bytes
) -> None:
    history.commit({ONE: raw, page("tool", "2"): missing_page("tool", "2")})
    report = take(history.path)
    assert [(one.image, one.tag, one.commit) for one in report.not_understood] == [("tool", "1", history.tip)]
    archive = expect_whole(history.path, tmp_path / "archive")
    (period,) = archive.load(TOOL).periods("1")
    assert period.is_unreadable
    assert take(history.path).added == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"\tSize: 1000.0 KB (1000000 bytes)", b"\tSize: 1 MB", "linux; arm variant v7: not a size"),
        (b"-\tImage ID: `", b"-\tA line that no page has\n-\tImage ID: `", "section: unknown form"),
        (b"manifest.v2", b"manifest.list.v2", "not the media type of a manifest"),
        (b"ADD file", b"ADD \xff", "not UTF-8"),
        (b"$ docker pull tool@sha256:", b"$ docker pull tool@sha256:x", "not a digest"),
    ],
)
def test_an_unreadable_section_does_not_hide_the_others(
    history: History, take: Import, tmp_path: Path, old: bytes, new: bytes, problem: str
) -> None:
    arm, other = docker_image("arm", platform="linux/arm/v7"), docker_image("other", platform="linux/s390x")
    state = index("x", docker_image("x"), arm, other)
    head, first, second, third = page_of("tool", "1", state).encode().split(b"\n### ")
    assert old in second
    raw = b"\n### ".join([head, first, second.replace(old, new), third])
    history.commit({ONE: raw})
    history.commit({ONE: missing_page("tool", "1"), page("tool", "2"): raw.replace(b"tool:1", b"tool:2")})
    report = take(history.path)
    assert [(one.tag, problem in one.reason) for one in report.not_understood] == [("1", True), ("2", True)]
    holdings = expect_whole(history.path, tmp_path / "archive").load(TOOL)
    found = holdings.state(digest("x index"))
    assert found is not None
    assert found.all_images == (state.all_images[0], state.all_images[2])
    assert found.unread == (arm.platform,)
    assert len(holdings.texts) == 1


def test_a_page_without_a_readable_section(history: History, take: Import, tmp_path: Path) -> None:
    usual = page_of("tool", "1", index("x", docker_image("x"), docker_image("arm", platform="linux/arm")))
    history.commit({ONE: usual.replace("Layers:", "Layer:")})
    take(history.path)
    (period,) = expect_whole(history.path, tmp_path / "archive").load(TOOL).periods("1")
    assert period.digest == digest("x index")


def test_a_page_that_is_understood_and_not_written_as_usual_is_kept_too(
    history: History, take: Import, tmp_path: Path
) -> None:
    usual = page_of("tool", "1", index("x", docker_image("x")), counted=True)
    history.commit({ONE: usual.replace("Platforms: 1", "Platforms: 01")})
    history.commit({ONE: usual.replace("Total Size: **1000.0 KB", "Total Size: **0.9 MB")})
    report = take(history.path)
    assert (report.kept_pages, report.not_understood) == (2, [])
    archive = expect_whole(history.path, tmp_path / "archive")
    assert archive.load(TOOL).periods("1")[0].digest == digest("x index")


def test_a_page_too_large_is_lost_and_tried_again(
    history: History, take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({ONE: b"x" * (MAX_PAGE + 1), page("tool", "2"): missing_page("tool", "2")})
    for added in (1, 0):
        report = take(history.path)
        assert (report.added, report.not_understood) == (added, [])
        assert [(one.tag, one.reason) for one in report.lost] == [
            ("1", f"the page is larger than {MAX_PAGE} bytes; not read")
        ]
        assert list(exported(Archive(tmp_path / "archive"))) == [page("tool", "2")]
    monkeypatch.setattr("collector.importer.git_objects.MAX_PAGE", MAX_PAGE + 1)  # a later version of the program
    assert take(history.path).added == 1
    expect_whole(history.path, tmp_path / "archive")


def test_the_largest_page_can_be_read_back(history: History, take: Import, tmp_path: Path) -> None:
    """Control characters take six bytes each in JSON."""
    history.commit({ONE: b"\x01" * MAX_PAGE})
    take(history.path)
    expect_whole(history.path, tmp_path / "archive")


def test_a_link_in_the_place_of_a_page(history: History, take: Import, tmp_path: Path) -> None:
    history.commit({ONE: missing_page("tool", "1")})
    history.commit({ONE: "/etc/passwd"}, mode="120000")
    report = take(history.path)
    assert [one.reason for one in report.not_files] == ["the page is a symbolic link or a submodule"]
    assert report.not_understood == []
    archive = Archive(tmp_path / "archive")
    assert [period.gone for period in archive.load(TOOL).periods("1")] == ["missing", None]
    assert exported(archive) == {}
    assert take(history.path).added == 0


def test_paths_that_cannot_be_a_page_are_reported_once(history: History, take: Import, tmp_path: Path) -> None:
    strange = ["repos/UPPER/remote/1.md", "repos/a b/remote/1.md", "repos/library/tool/remote/1.md"]
    strange += ["repos/index.docker.io/library/tool/remote/1.md", "repos/tool/remote/-x.md", "repos/a\nb/remote/1.md"]
    strange += ["repos/tool/remote/a\nb.md", "repos/tool/remote/\udcff.md", f"repos/tool/remote/{'x' * 129}.md"]
    other = ["repos/tool/remote/1.txt", "repos/tool/1.md", "repos/remote/1.md", "other/tool/remote/1.md"]
    history.commit({path: missing_page("tool", "1") for path in [*strange, *other, ONE]})
    history.commit(dict.fromkeys(strange, "again"))
    report = take(history.path)
    assert len(report.strange_paths) == len(strange)
    assert report.versions == 1
    names = {path.relative_to(tmp_path / "archive").as_posix() for path in (tmp_path / "archive").rglob("*.jsonl")}
    assert names == {journal_name("tool", "2016-11")}


def test_other_registries(history: History, take: Import, tmp_path: Path) -> None:
    names = ["ghcr.io/owner/name", "localhost:5000/x", "ghcr.io/owner/name/2016-11.jsonl", "owner/name"]
    history.commit({page(name, "1"): missing_page(name, "1") for name in names[:2] + names[3:]})
    take(history.path)
    archive = expect_whole(history.path, tmp_path / "archive")
    assert sorted(map(str, archive.repositories())) == sorted(names[:2] + names[3:])
