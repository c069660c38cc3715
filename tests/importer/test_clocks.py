"""Histories whose clocks are wrong, or whose line has merges: observations keep their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.importer.conftest import Import
from tests.support.archives import docker_image, single
from tests.support.exports import expect_whole
from tests.support.histories import DAY, START, History, git, page
from tests.support.pages import missing_page, page_of

TOOL = parse_repository("tool")
ONE = page("tool", "1")


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
    holdings = expect_whole(history.path, tmp_path / "archive").load(TOOL)
    assert {seen.source for tag in holdings.tags for seen in holdings.observations[tag]} == {
        f"git:{base}",
        f"git:{history.tip}",
    }


def test_a_clock_that_goes_backwards(history: History, take: Import, tmp_path: Path) -> None:
    states = [single(docker_image(name)) for name in "abc"]
    for state, day in zip(states, (0, -400, 2), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    take(history.path)
    holdings = expect_whole(history.path, tmp_path / "archive").load(TOOL)
    assert [seen.digest for seen in holdings.observations["1"]] == [state.digest for state in states]
    assert [seen.time[:10] for seen in holdings.observations["1"]] == ["2016-11-24", "2016-11-24", "2016-11-26"]


def test_a_clock_far_ahead_affects_only_its_own_commit(history: History, take: Import, tmp_path: Path) -> None:
    """A commit from 2038 in a history of 2016: later commits keep their dates, and the report names the assumed
    time.
    """
    states = [single(docker_image(name)) for name in "abcde"]
    for state, day in zip(states, (0, 1, 8000, 3, 4), strict=True):
        history.commit({ONE: page_of("tool", "1", state)}, at=START + day * DAY)
    ahead = git(history.path, "rev-parse", "main~2")
    report = take(history.path, now="2026-11-28T00:00:00Z")
    holdings = expect_whole(history.path, tmp_path / "archive").load(TOOL)
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


def test_later_commits_correct_the_times_of_an_import(history: History, take: Import, tmp_path: Path) -> None:
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
    seen = expect_whole(history.path, tmp_path / "archive").load(TOOL).observations["1"]
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
    expect_whole(history.path, tmp_path / "archive")
