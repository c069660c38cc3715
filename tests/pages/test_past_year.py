"""The last year of an image's tags as text, on invented archives."""

from __future__ import annotations

from pathlib import Path

from collector.archive.store import Archive
from collector.model.images import State
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.histories import Histories
from collector.pages.past_year import PastYear, past_year
from tests.pages.archives import Seen, alone, write_archive
from tests.releases.made_up import built


def at(tag: str, day: str, state: State) -> Seen:
    return Seen(tag=tag, time=Time(f"{day}T12:00:00Z"), state=state)


def state(version: str, base: int = 1) -> State:
    return alone(built(version=version, base=base))


def year_of(folder: Path, *seen: Seen) -> PastYear:
    holdings = Archive(write_archive(folder / "archive", app=list(seen))).load(parse_repository("app"))
    return past_year(Histories(holdings), holdings.known_until)


HISTORY = (
    at("1", "2023-01-31", state("1.0")),
    at("1", "2023-02-01", state("1.1")),
    at("1", "2023-03-05", state("1.1", base=2)),
    at("1", "2023-03-06", state("1.2", base=2)),
    at("1.2", "2023-03-06", state("1.2", base=2)),
    at("1", "2024-01-31", state("1.3", base=2)),
    at("1.3", "2024-01-31", state("1.3", base=2)),
)


def test_the_days_of_each_reason_in_the_year_until_the_last_change(tmp_path: Path) -> None:
    year = year_of(tmp_path, *HISTORY)
    assert year.until == "2024-01-31"
    assert year.releases == {"1.3": "version 01-31 03-06 02-01; base 03-05", "1.2": "first seen 03-06"}


def test_a_year_without_a_release_says_so(tmp_path: Path) -> None:
    late = at("2", "2026-05-05", state("2.0"))
    assert year_of(tmp_path, *HISTORY, late).releases == {"2": "first seen 05-05", "1.3": "none", "1.2": "none"}


def test_another_tag_that_changes_moves_the_year_and_nothing_else_does(tmp_path: Path) -> None:
    before = year_of(tmp_path / "before", *HISTORY)
    later = year_of(tmp_path / "later", *HISTORY, at("2", "2024-02-01", state("2.0")))
    assert year_of(tmp_path / "again", *HISTORY) == before
    assert (later.until, later.releases["1.3"]) == ("2024-02-01", "version 01-31 03-06; base 03-05")


def test_the_first_year_of_the_calendar_has_none(tmp_path: Path) -> None:
    assert year_of(tmp_path, at("1", "0001-03-01", state("1"))) == PastYear()
