"""Releases as pages and their JSON have them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.model.images import Image
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.pages.addresses import Addresses
from collector.pages.documents import Document
from collector.pages.histories import Histories, KnownResults
from collector.pages.repository_context import RepositoryContext
from collector.site.body import render_body
from tests.diff.builders import image, layer
from tests.pages.archives import Seen, day, index_of, iter_items, write_archive

ARM = Platform(os="linux", architecture="arm64", variant="v8")


def built(version: str, platform: Platform | None = None) -> Image:
    name = f"{version} {platform}"
    steps = ("ADD a in /", f"ENV A_VERSION={version}")
    if platform is None:
        return image(name, *steps, layers=(layer(name),))
    return image(name, *steps, layers=(layer(name),), platform=platform)


OLD, NEW, OLD_ARM, NEW_ARM = built("1"), built("2"), built("1", ARM), built("2", ARM)


@pytest.fixture(scope="module")
def context(sample: Path) -> RepositoryContext:
    repository = parse_repository("python")
    return RepositoryContext(Histories(Archive(sample).load(repository)), Addresses([repository]))


def twin_of(archive: Path, address: str) -> dict[str, object]:
    (found,) = (item for item in iter_items(archive) if isinstance(item, Document) and item.address == address)
    twin: dict[str, object] = json.loads(found.twin)
    return twin


def test_a_release_in_json_names_states_and_platforms(context: RepositoryContext) -> None:
    releases = context.histories.releases("3.6-slim")
    row = context.releases.row("3.6-slim", releases[-2])
    assert (row.cause, row.states, row.of, row.summary) == ("base", (64, 65, 66, 67, 68), 7, "base image moved")
    assert row.skipped == {"linux-s390x": releases[-1].since}
    assert row.arrived["linux-arm64-v8"] == 68


def test_a_release_leaves_out_what_its_only_state_has(context: RepositoryContext) -> None:
    changes = context.histories.changes["3.6-slim"]
    for release in context.histories.releases("3.6-slim"):
        row = context.releases.row("3.6-slim", release)
        if len(row.states) > 1:
            assert (row.since, bool(row.summary)) == (release.since, True)
        elif not row.summary:
            assert context.rows.row(changes[row.states[0]]).summary == changes[row.states[0]].shared.text


def test_every_state_is_below_one_release(context: RepositoryContext) -> None:
    for tag, changes in context.histories.changes.items():
        shown = context.releases.shown(tag, context.histories.releases(tag))
        times = [state.since for one in shown for state in one.states] + [one.since for one in shown if not one.states]
        assert sorted(times) == sorted(change.period.since for change in changes)
        assert len({one.anchor for one in shown}) == len(shown)


def test_cached_releases_are_equal(context: RepositoryContext) -> None:
    known = context.histories.results
    assert known.image_updates
    again = Histories(context.histories.holdings, known)
    assert all(again.releases(tag) == context.histories.releases(tag) for tag in again.changes)
    assert again.results.image_updates == known.image_updates
    wrong = {key: next(iter(known.image_updates.values())) for key in known.image_updates}
    other = Histories(context.histories.holdings, KnownResults(image_updates=wrong))
    assert any(other.releases(tag) != context.histories.releases(tag) for tag in other.changes)


def test_a_platform_says_why_it_differs_from_its_own_last_image(tmp_path: Path) -> None:
    seen = [
        Seen(tag="1", time=day(1), state=index_of(OLD, OLD_ARM, name="a")),
        Seen(tag="1", time=day(20), state=index_of(NEW, name="b")),
        Seen(tag="1", time=day(21), state=index_of(NEW, NEW_ARM, name="c")),
    ]
    twin = twin_of(write_archive(tmp_path / "archive", app=seen), "repos/app/1/")
    platforms = twin["platforms"]
    assert isinstance(platforms, list)
    assert [(row["since"], row["reasons"]) for row in platforms] == [
        (day(20), ["dockerfile-changed"]),
        (day(21), ["dockerfile-changed"]),
    ]


def test_a_tag_that_is_no_longer_followed_is_not_called_removed(tmp_path: Path) -> None:
    state = index_of(OLD, name="a")
    seen = [
        *(Seen(tag=tag, time=day(1), state=state) for tag in ("1", "2")),
        Seen(tag="1", time=day(2), gone="removed"),
        Seen(tag="2", time=day(2), gone="missing"),
    ]
    archive = write_archive(tmp_path / "archive", app=seen)
    assert [twin_of(archive, f"repos/app/{tag}/")["gone"] for tag in "12"] == ["not-followed", "missing"]
    (page,) = (item for item in iter_items(archive) if isinstance(item, Document) and item.address == "repos/app/")
    assert "; 1 tag removed from the registry; 1 tag no longer followed." in page.markdown
    assert "| no longer followed |" in page.markdown
    assert "| removed from the registry |" in page.markdown


def test_the_same_update_of_tags_within_a_week_is_one(tmp_path: Path) -> None:
    third = built("3")
    seen = [
        *(Seen(tag=tag, time=day(1), state=index_of(OLD, name="a")) for tag in ("1", "2", "3", "other")),
        Seen(tag="3", time=day(12), state=index_of(NEW, name="b")),
        Seen(tag="2", time=day(13), state=index_of(NEW, name="b")),
        Seen(tag="other", time=day(15), state=index_of(third, name="c")),
        Seen(tag="1", time=day(20), state=index_of(NEW, name="b")),
    ]
    archive = write_archive(tmp_path / "archive", app=seen)
    repository = parse_repository("app")
    rows = RepositoryContext(Histories(Archive(archive).load(repository)), Addresses([repository])).releases
    assert [[*update] for update in rows.latest(1)] == [["2", "1"]]
    assert [[*update] for update in rows.latest(3)] == [["2", "1"], ["other"], ["3"]]


def test_states_are_folded_below_their_release() -> None:
    rows = [
        "| When (UTC) | What changed | Platforms | Digest |",
        "|---|---|---|---|",
        "| [2018-01-02 03:04](#r-0123456789ab) | **version** A 1 → 2 | 2 of 2 platforms | `x` |",
        "| ↳ 2018-01-03 03:04 | linux/arm64 | | `x` |",
        "| ↳ 2018-01-02 03:04 | linux/amd64 | | `y` |",
        "| [2018-01-01 03:04](#r-0123456789ac-2) | **first seen** | | `z` |",
    ]
    html = render_body("\n".join(rows))
    assert html.count("<tr id=") == 2
    assert (
        "<tr id=r-0123456789ac-2><td>2018-01-01 03:04<td><strong class=f>first seen</strong><td><td><code>z</code>"
        in html
    )
    assert "<tr class=s><td colspan=4><details><summary>2 states</summary><table><thead>" in html
    assert "<tbody><tr><td>2018-01-03 03:04<td>linux/arm64<td><code>x</code>" in html
    assert "<tr id=r-0123456789ab><td>2018-01-02 03:04<td><strong class=v>version</strong> A 1 → 2<td>" in html
    assert "↳" not in html
    assert "<tr class=m>" not in html


def test_months_separate_the_rows_of_a_long_list() -> None:
    days = ["2018-02-30", "2018-01-31", *["2018-01-02"] * 9, "2017-12-31", "9999-99-99"]
    rows = [f"| [{day} 00:00](#r-0{number}) | **base** a | `x` |" for number, day in enumerate(days)]
    html = render_body("\n".join(["| When (UTC) | What changed | Digest |", "|---|---|---|", *rows]))
    found = re.findall(r"<tr class=m><th colspan=3>([^<]*)<tr id=(r-\d+)>", html)
    assert found == [
        ("February 2018", "r-00"),
        ("January 2018", "r-01"),
        ("December 2017", "r-011"),
        ("9999-99", "r-012"),
    ]


def test_text_of_an_image_cannot_forge_a_row() -> None:
    text = "| a | b |\n|---|---|\n| \\[2018\\]\\(#r-0123456789ab\\) | ↳ <tr id=r-0> |\n"
    html = render_body(text)
    assert "<details" not in html
    assert "<tr id=r" not in html
