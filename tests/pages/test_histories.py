"""Tags over time, and tags that share an image now."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector.archive.store import Archive
from collector.diff.changes import Reason
from collector.diff.package_changes import no_packages
from collector.diff.summary import summarize
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.documents import Document
from collector.pages.fingerprints import Fingerprints
from collector.pages.histories import Histories, KnownResults
from collector.pages.reason_text import summary_text
from tests.diff.builders import image, layer, named
from tests.pages.archives import Seen, alone, index_of, iter_items, write_archive

WINDOWS = Platform(os="windows", architecture="amd64", os_version="10.0.14393.2007")
LINUX = image("linux", "ADD a in /", "RUN a", layers=(layer("a"), layer("b")))
OTHER = image("other", "ADD a in /", "RUN b", layers=(layer("a"), layer("c")))
ON_WINDOWS = image("windows", "RUN a", platform=WINDOWS, layers=(layer("w"),))
STATE = index_of(LINUX, name="one")
NEXT = index_of(OTHER, name="next")


def day(number: int) -> Time:
    return Time(f"2018-01-{number:02}T00:00:00Z")


def timelines_of(archive: Path, name: str = "app") -> Histories:
    return Histories(Archive(archive).load(parse_repository(name)))


@pytest.fixture(scope="module")
def python(sample: Path) -> Histories:
    return timelines_of(sample, "python")


def test_real_tags_of_the_same_image_are_grouped(python: Histories) -> None:
    assert ("3.6.4-slim", "3.6-slim", "3-slim", "slim") in python.groups
    assert ("3.6.4-stretch", "3.6-stretch") in python.groups
    assert python.groups[0] == ("3.6.4", "3.6", "3", "latest")
    live = {tag for tag in python.changes if python.is_live(tag)}
    assert sorted(tag for group in python.groups for tag in group) == sorted(live)
    assert not live & {"3.6.3", "3.6.3-slim", "3.6.1-windowsservercore"}


def test_an_index_with_windows_and_one_without_are_one_group_and_two_aliases(tmp_path: Path) -> None:
    both, alone_ = index_of(LINUX, ON_WINDOWS, name="both"), index_of(LINUX, name="linux alone")
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="3.6.4", state=both),
            Seen(tag="3", state=both),
            Seen(tag="3.6.4-stretch", state=alone_),
            Seen(tag="3.6", state=alone(LINUX)),
            Seen(tag="nanoserver", state=index_of(ON_WINDOWS, name="windows")),
            Seen(tag="edge", state=NEXT),
        ],
    )
    timelines = timelines_of(archive)
    assert timelines.groups == (("3.6.4", "3.6.4-stretch", "3.6", "3"), ("edge",), ("nanoserver",))
    assert timelines.aliases[both.digest] == ("3.6.4", "3")
    assert timelines.aliases[LINUX.manifest] == ("3.6",)


def test_gone_back_and_unreadable(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="1", time=day(1), gone="missing"),
            Seen(tag="1", time=day(2), state=STATE),
            Seen(tag="1", time=day(3), state=STATE),
            Seen(tag="1", time=day(4)),
            Seen(tag="1", time=day(5), state=STATE),
            Seen(tag="1", time=day(6), gone="removed"),
            Seen(tag="1", time=day(7), state=NEXT),
            Seen(tag="1", time=day(8), gone="missing"),
        ],
    )
    timelines = timelines_of(archive)
    told = [(m.period.since, [r.code for r in m.shared.change.reasons], m.compares) for m in timelines.changes["1"]]
    assert told == [
        (day(1), ["gone"], False),
        (day(2), ["first-seen"], False),
        (day(4), ["unreadable"], False),
        (day(5), ["same"], False),
        (day(6), ["gone"], False),
        (day(7), ["back", "dockerfile-changed"], True),
        (day(8), ["gone"], False),
    ]
    found = timelines.last_state("1")
    assert found
    assert (found[0].period.since, found[1].digest) == (day(7), NEXT.digest)
    assert not timelines.is_live("1")
    assert timelines.groups == ()


def lose_layer(archive: Path, name: str) -> None:
    """Remove the fact of a layer from the archive."""
    (journal,) = archive.rglob("2018-01.*.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    lost = [line for line in lines if '"fact":"layer"' in line and named(name) in line]
    assert len(lost) == 1
    journal.write_text("".join(line for line in lines if line not in lost))


def test_a_first_state_is_told_apart_from_the_first_that_could_be_read(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="1", time=day(1), state=STATE),
            Seen(tag="1", time=day(2), state=NEXT),
            Seen(tag="2", time=day(3), state=NEXT),
        ],
    )
    lose_layer(archive, "b")
    timelines = timelines_of(archive)
    told = [timelines.changes[tag][-1].shared.text for tag in ("1", "2")]
    assert told == ["first readable", "first seen"]


def test_a_summary_is_that_of_the_whole_change(python: Histories) -> None:
    found = {id(one.shared): one.shared for moments in python.changes.values() for one in moments}
    for difference in list(found.values())[::7]:
        assert difference.summary == summarize(difference.change)
        assert difference.text == summary_text(difference.change.reasons)


def test_cached_changes_are_not_computed_again(python: Histories) -> None:
    remembered = (Reason(code="same", detail="readable-again"),)
    summaries = {key: msgspec.structs.replace(one, reasons=remembered) for key, one in python.summaries.items()}
    left_out = next(iter(summaries))
    del summaries[left_out]
    again = Histories(python.holdings, KnownResults(change_summaries=summaries))
    told = {one.shared.key: one.shared.text for moments in again.changes.values() for one in moments if one.compares}
    assert told.pop(left_out) == summary_text(python.summaries[left_out].reasons)
    assert set(told.values()) == {"readable again, unchanged"}
    assert again.summaries.keys() == python.summaries.keys()


def test_a_more_complete_state_has_another_cache_key() -> None:
    page, registry = (alone(image("a", *steps, layers=(layer("a"),))) for steps in (("RUN a",), ("RUN a", "USER b")))
    assert page.digest == registry.digest
    prints = {Fingerprints(no_packages).of(state) for state in (page, registry, page, None)}
    assert len(prints) == 3


def page_of(archive: Path, address: str) -> Document:
    (found,) = (item for item in iter_items(archive) if isinstance(item, Document) and item.address == address)
    return found


def last_seen(tmp_path: Path, **last: object) -> Document:
    archive = write_archive(
        tmp_path / "archive",
        app=[Seen(tag="1", time=day(1), state=STATE), Seen(tag="1", time=day(2), **last)],  # type: ignore[arg-type]
    )
    return page_of(archive, "repos/app/1/")


def test_the_page_of_a_tag_that_is_gone_shows_what_it_was(tmp_path: Path) -> None:
    page = last_seen(tmp_path, gone="removed")
    assert "**This tag has been gone** since 2018-01-02" in page.markdown
    assert "the registry may still have it" in page.markdown
    assert f"docker pull app:1@{STATE.digest}" in page.markdown
    assert "docker pull app:1\n" not in page.markdown
    assert "gone" in page.description


def test_the_page_of_a_tag_that_could_not_be_read_says_so(tmp_path: Path) -> None:
    page = last_seen(tmp_path)
    assert "**The newest page of this tag could not be read**" in page.markdown
    assert f"docker pull app:1@{STATE.digest}" in page.markdown


def test_a_tag_that_never_existed_is_not_called_gone(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", gone="missing")])
    page = page_of(archive, "repos/app/1/")
    assert "**This tag did not exist**" in page.markdown
    assert "docker pull" not in page.markdown
    assert "did not exist" in page.description


def test_a_tag_with_an_incomplete_state_never_shows_another_digest(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "archive",
        app=[Seen(tag="1", time=day(1), state=STATE), Seen(tag="1", time=day(2), state=NEXT)],
    )
    lose_layer(archive, "c")
    page = page_of(archive, "repos/app/1/")
    assert "**The archive lacks a part of this tag's current state.**" in page.markdown
    assert f"docker pull app:1@{NEXT.digest}" in page.markdown
    assert f"docker pull app:1@{STATE.digest}" not in page.markdown


def test_a_difference_that_many_tags_share_is_computed_once(python: Histories) -> None:
    found = [change.shared for moments in python.changes.values() for change in moments if change.compares]
    assert len(found) > 2 * len({id(difference) for difference in found})
