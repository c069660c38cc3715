"""Sources that mean no good, or are broken: nothing of theirs is run, nothing is dropped in silence."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from collector.archive.export import ClassicExporter
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import SourceError
from collector.importer.git_objects import MAX_PAGE
from collector.model.images import Image
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.importer.conftest import Import
from tests.support.archives import digest, docker_image, index, journal_name, single
from tests.support.exports import exported, iter_checked, journals
from tests.support.histories import DAY, START, History, git, page
from tests.support.pages import missing_page, page_of

TOOL = parse_repository("tool")
ONE = page("tool", "1")


def expect_whole(history: History, root: Path) -> Archive:
    """All that git has comes back byte for byte, and the archive is without a fault."""
    archive = Archive(root / "archive")
    assert [one.name for one in iter_checked(history.path, archive) if not one.is_same] == []
    assert list(verify(archive)) == []
    return archive


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
    archive = expect_whole(history, tmp_path)
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
def test_a_section_that_cannot_be_read_hides_no_other(
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
    holdings = expect_whole(history, tmp_path).load(TOOL)
    found = holdings.state(digest("x index"))
    assert found is not None
    assert found.all_images == (state.all_images[0], state.all_images[2])
    assert found.unread == (arm.platform,)
    assert len(holdings.texts) == 1


def test_a_page_of_which_no_section_can_be_read(history: History, take: Import, tmp_path: Path) -> None:
    usual = page_of("tool", "1", index("x", docker_image("x"), docker_image("arm", platform="linux/arm")))
    history.commit({ONE: usual.replace("Layers:", "Layer:")})
    take(history.path)
    (period,) = expect_whole(history, tmp_path).load(TOOL).periods("1")
    assert period.digest == digest("x index")


def test_a_page_that_is_understood_and_not_written_as_usual_is_kept_too(
    history: History, take: Import, tmp_path: Path
) -> None:
    usual = page_of("tool", "1", index("x", docker_image("x")), counted=True)
    history.commit({ONE: usual.replace("Platforms: 1", "Platforms: 01")})
    history.commit({ONE: usual.replace("Total Size: **1000.0 KB", "Total Size: **0.9 MB")})
    report = take(history.path)
    assert (report.kept_pages, report.not_understood) == (2, [])
    archive = expect_whole(history, tmp_path)
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
    expect_whole(history, tmp_path)


def test_the_largest_page_can_be_read_back(history: History, take: Import, tmp_path: Path) -> None:
    """Control characters take six bytes each in JSON."""
    history.commit({ONE: b"\x01" * MAX_PAGE})
    take(history.path)
    expect_whole(history, tmp_path)


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
    archive = expect_whole(history, tmp_path)
    assert sorted(map(str, archive.repositories())) == sorted(names[:2] + names[3:])


def test_two_tags_with_one_content(history: History, take: Import, tmp_path: Path) -> None:
    """The content is the first tag's page, and nobody's where it lies under the second."""
    two = page("tool", "2")
    history.commit({ONE: missing_page("tool", "1"), two: missing_page("tool", "1")})
    report = take(history.path)
    assert [one.tag for one in report.not_understood] == ["2"]
    expect_whole(history, tmp_path)


def test_a_page_that_contradicts_an_earlier_one(history: History, take: Import, tmp_path: Path) -> None:
    """The first word on a digest stays; the page is kept beside it."""
    known = docker_image("x", layers=("one", "two"))
    usual = page_of("tool", "1", index("x", known))
    history.commit({ONE: usual})
    for old, new in [
        ("1000.0 KB (1000000 bytes)", "2.0 MB (2000000 bytes)"),
        ("ADD file:1", "ADD file:2"),
        (digest("x config"), digest("other config")),
        (digest("one"), digest("two")),
        ("linux; amd64", "linux; arm64"),
        ("manifest.v2+json", "manifest.v1+json"),
    ]:
        assert old in usual
        history.commit({ONE: usual.replace(old, new)})
    report = take(history.path)
    assert report.kept_pages == 6
    archive = expect_whole(history, tmp_path)
    state = archive.load(TOOL).state(digest("x index"))
    assert state is not None
    assert state.all_images == (known,)


def test_one_config_on_two_platforms(history: History, take: Import, tmp_path: Path) -> None:
    """The platform of a single manifest is its config's, which an index may have known by another name."""
    config = docker_image("x", platform="linux/arm/v5")
    history.commit({ONE: page_of("tool", "1", index("i", config))})
    alone = page_of("tool", "2", single(docker_image("x", platform="linux/arm/v7")))
    history.commit({page("tool", "2"): alone})
    history.commit(
        {page("tool", "3"): alone.replace("`tool:2`", "`tool:3`").replace(digest("x manifest"), digest("y"))}
    )
    take(history.path)
    expect_whole(history, tmp_path)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_digest_that_is_an_index_and_a_manifest(
    history: History, take: Import, tmp_path: Path, order: tuple[int, int]
) -> None:
    one = docker_image("x")
    pages = [single(one), index("i", docker_image("y"))]
    texts = [page_of("tool", "1", state) for state in pages]
    texts[1] = texts[1].replace(digest("i index"), one.manifest)
    for place in order:
        history.commit({ONE: texts[place]})
    report = take(history.path)
    assert [problem.reason for problem in report.not_understood] == [
        f"{one.manifest} is stated to be an index and also a manifest"
    ]
    expect_whole(history, tmp_path)
    assert take(history.path).added == 0


def test_an_index_that_holds_itself(history: History, take: Import, tmp_path: Path) -> None:
    text = page_of("tool", "1", index("i", docker_image("x"), docker_image("y", platform="linux/arm64")))
    history.commit({ONE: text.replace(digest("y manifest"), digest("i index"))})
    assert len(take(history.path).not_understood) == 1
    expect_whole(history, tmp_path)


def test_a_merge_is_one_step_of_the_line_it_was_merged_into(history: History, take: Import, tmp_path: Path) -> None:
    history.commit({ONE: missing_page("tool", "1")})
    base = history.tip
    history.commit({"README.md": "on the line"})
    line = history.tip
    history.commit({ONE: page_of("tool", "1", single(docker_image("x")))}, parents=f"from {base}")
    side = history.tip
    merged = {ONE: page_of("tool", "1", single(docker_image("x"))), page("tool", "2"): missing_page("tool", "2")}
    history.commit(merged, parents=f"from {line}\nmerge {side}")
    report = take(history.path)
    assert report.versions == 3
    holdings = expect_whole(history, tmp_path).load(TOOL)
    assert {seen.source for tag in holdings.tags for seen in holdings.observations[tag]} == {
        f"git:{base}",
        f"git:{history.tip}",
    }


def test_a_clock_that_goes_backwards(history: History, take: Import, tmp_path: Path) -> None:
    states = [single(docker_image(name)) for name in "abc"]
    for state, day in zip(states, (0, -400, 2), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    take(history.path)
    holdings = expect_whole(history, tmp_path).load(TOOL)
    assert [seen.digest for seen in holdings.observations["1"]] == [state.digest for state in states]
    assert [seen.time[:10] for seen in holdings.observations["1"]] == ["2016-11-24", "2016-11-24", "2016-11-26"]


def test_a_clock_far_ahead_moves_its_own_commit_alone(history: History, take: Import, tmp_path: Path) -> None:
    """A machine of 2038 amid a history of 2016: what follows keeps its dates, and the report says what was assumed."""
    states = [single(docker_image(name)) for name in "abcde"]
    for state, day in zip(states, (0, 1, 8000, 3, 4), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    ahead = git(history.path, "rev-parse", "main~2")
    report = take(history.path, now="2026-11-28T00:00:00Z")
    holdings = expect_whole(history, tmp_path).load(TOOL)
    assert [seen.digest for seen in holdings.observations["1"]] == [state.digest for state in states]
    assert [seen.time[:16] for seen in holdings.observations["1"]] == [
        "2016-11-24T15:06",
        "2016-11-25T15:06",
        "2016-11-27T15:06",
        "2016-11-27T15:06",
        "2016-11-28T15:06",
    ]
    (notice,) = report.notices
    assert notice == (
        f"commit {ahead} is dated 2038-10-20T15:06:40Z, which contradicts the commits around it: "
        "assumed to be of 2016-11-27T15:06:39Z"
    )


def test_commits_that_follow_correct_what_an_import_could_not_know(
    history: History, take: Import, tmp_path: Path
) -> None:
    states = [single(docker_image(name)) for name in "abcd"]
    for state, day in zip(states[:2], (0, 8000), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    report = take(history.path, now="2026-11-28T00:00:00Z")
    assert "2038-10-20T15:06:40Z, in the future" in report.notices[0]
    archive = Archive(tmp_path / "archive")
    assert [fault.message for fault in verify(archive, now=Time("2026-11-28T00:00:00Z"))] == [
        "2038-10-20T15:06:40Z is in the future"
    ]
    for state, day in zip(states[2:], (2, 3), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    assert take(history.path, now="2026-11-28T00:00:00Z").added == 3
    seen = expect_whole(history, tmp_path).load(TOOL).observations["1"]
    assert [one.digest for one in seen] == [state.digest for state in states]
    assert max(one.time for one in seen) == "2016-11-27T15:06:40Z"
    assert take(history.path, now="2026-11-28T00:00:00Z").added == 0


@pytest.mark.parametrize("date", ["99999999999999 +0000", "-5 +0000", "soon"])
def test_a_commit_with_an_impossible_date(history: History, take: Import, tmp_path: Path, date: str) -> None:
    history.commit({ONE: missing_page("tool", "1")})
    raw = git(history.path, "cat-file", "commit", history.tip) + "\n"
    head, _, _ = raw.partition("committer ")
    odd = f"{head}committer Test <test@example.org> {date}\n\ntest\n"
    commit = git(history.path, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=odd.encode())
    git(history.path, "update-ref", "refs/heads/main", commit)
    assert take(history.path).added == 1
    expect_whole(history, tmp_path)


def test_a_missing_object(grown: History, take: Import, tmp_path: Path) -> None:
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    (grown.path / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match=f"object {blob} is missing"):
        take(grown.path)


def test_a_damaged_object(grown: History, take: Import, tmp_path: Path) -> None:
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    path = grown.path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=blob):
        take(grown.path)


def test_a_damaged_history(grown: History, take: Import) -> None:
    commit = git(grown.path, "rev-parse", "main~2")
    (grown.path / "objects" / commit[:2] / commit[2:]).unlink()
    with pytest.raises(SourceError, match="git"):
        take(grown.path)


def test_what_was_whole_before_the_damage_is_kept_and_the_rest_follows(
    grown: History, take: Import, tmp_path: Path
) -> None:
    take(grown.path, into="undisturbed")
    blob = git(grown.path, "rev-parse", f"main:{ONE}")
    path = grown.path / "objects" / blob[:2] / blob[2:]
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(SourceError):
        take(grown.path)
    assert list(verify(Archive(tmp_path / "archive"))) == []
    path.write_bytes(content)
    take(grown.path)
    assert journals(tmp_path / "archive") == journals(tmp_path / "undisturbed")


def test_nothing_that_a_source_names_is_run(
    grown: History, take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor", "core.pager", "pager.log", "pager.cat-file", "gpg.program", "core.sshCommand", "core.editor",
        "diff.external", "core.alternateRefsCommand", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
    ):  # fmt: skip
        git(grown.path, "config", name, str(trap))
    for name, value in [
        ("log.showSignature", "true"), ("log.follow", "true"), ("color.ui", "always"), ("log.diffMerges", "off"),
        ("remote.origin.url", str(tmp_path)), ("remote.origin.promisor", "true"),
        ("extensions.partialClone", "origin"), ("diff.renames", "copies"),
    ]:  # fmt: skip
        git(grown.path, "config", name, value)
    signed = git(grown.path, "cat-file", "commit", "main").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    commit = git(grown.path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode() + b"\n")
    git(grown.path, "update-ref", "refs/heads/main", commit)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (grown.path / "hooks").mkdir(exist_ok=True)
        (grown.path / "hooks" / hook).symlink_to(trap)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    assert take(grown.path).versions == 16
    assert not sprung.exists()


@pytest.mark.parametrize(
    "config",
    ["[include]\n\tpath = pipe\n", '[includeIf "gitdir:/**"]\n\tpath = pipe\n', "[", "[mailmap]\n\tfile = pipe\n"],
)
def test_the_configuration_of_a_source_has_no_say(grown: History, take: Import, tmp_path: Path, config: str) -> None:
    """Who opens the pipe waits for ever."""
    tip = grown.tip
    os.mkfifo(grown.path / "pipe")
    (grown.path / "config").write_text(config.replace("pipe", str(grown.path / "pipe")))
    (grown.path / "info").mkdir(exist_ok=True)
    (grown.path / "info" / "grafts").write_text(f"{tip}\n")  # a history of one commit
    assert take(grown.path).versions == 16


def test_a_partial_clone_fetches_nothing(grown: History, take: Import, tmp_path: Path) -> None:
    git(grown.path, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{grown.path}", "partial")
    with pytest.raises(SourceError, match=r"is missing|cannot be read"):
        take(tmp_path / "partial")
    assert git(tmp_path / "partial", "cat-file", "--batch-check", "--batch-all-objects").count(" blob ") == 0


def test_objects_are_what_their_ids_say(history: History, take: Import, tmp_path: Path) -> None:
    """A replacement would give other bytes under the same id."""
    history.commit({ONE: missing_page("tool", "1"), page("tool", "2"): "other"})
    git(history.path, "replace", *(git(history.path, "rev-parse", f"main:{page('tool', tag)}") for tag in "12"))
    take(history.path)
    exporter = ClassicExporter(Archive(tmp_path / "archive").load(TOOL))
    assert dict(exporter.iter_pages())["1"] == missing_page("tool", "1").encode()


def dated(*days: int) -> Image:
    """One image, always the same, whose layers have the dates that the storage answers on some day."""
    one = docker_image("x", layers=tuple(f"layer {place}" for place in range(len(days))))
    layers = (
        msgspec.structs.replace(layer, last_modified=Time(f"2025-10-{day:02}T12:00:00Z"))
        for layer, day in zip(one.layers, days, strict=True)
    )
    return msgspec.structs.replace(one, layers=tuple(layers))


def test_dates_of_layers_that_flap_cost_what_differs(history: History, take: Import, tmp_path: Path) -> None:
    days = [(1, 1, 1), (1, 2, 1), (1, 2, 3), (1, 1, 3), (1, 2, 3), (1, 1, 1), (4, 2, 3)]
    for each in days:
        history.commit({ONE: page_of("tool", "1", index("x", dated(*each)))})
    assert take(history.path).kept_pages == 0
    archive = expect_whole(history, tmp_path)
    observations = archive.load(TOOL).observations["1"]
    times = [seen.time for seen in observations]
    second, third, fourth = (Time(f"2025-10-0{day}T12:00:00Z") for day in (2, 3, 4))
    assert [(seen.dates, seen.dates_as) for seen in observations] == [
        (None, None),
        ({"1": second}, None),
        ({"2": third}, times[1]),
        ({"2": third}, None),
        (None, times[2]),
        (None, None),
        ({"0": fourth}, times[4]),
    ]
    assert len(archive.load(TOOL).periods("1")) == 1


def test_an_import_goes_on_from_dates_that_the_archive_has(history: History, take: Import, tmp_path: Path) -> None:
    pages = [page_of("tool", "1", index("x", dated(*each))) for each in [(1, 1), (2, 3), (2, 3), (2, 4)]]
    for each in pages[:2]:
        history.commit({ONE: each})
    take(history.path)
    for each in pages[2:]:
        history.commit({ONE: each, page("tool", "2"): each.replace("tool:1", "tool:2")})
    take(history.path)
    expect_whole(history, tmp_path)


def test_64_versions_of_one_image_cost_less_than_two_pages(history: History, take: Import, tmp_path: Path) -> None:
    """The dates of one layer of many are others in every version."""
    days = [(1,) * 40] + [(1,) * place + (2,) + (1,) * (39 - place) for place in range(40)]
    pages = [page_of("tool", "1", index("x", dated(*each))) for each in (days + days[1:])[:64]]
    history.commit({ONE: pages[0]})
    take(history.path)
    first = sum(map(len, journals(tmp_path / "archive").values()))
    for each in pages[1:]:
        history.commit({ONE: each})
    take(history.path)
    expect_whole(history, tmp_path)
    assert sum(map(len, journals(tmp_path / "archive").values())) - first < 2 * len(pages[0])
