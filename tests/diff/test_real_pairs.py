"""Changes between real states of real tags: golden files, each read by a person when it was recorded.

RECORD=1 python -m pytest tests/diff -n 0       records them anew
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from collector.diff import Differ, compare
from collector.diff.changes import Change, ReasonCode, SettingKind
from collector.pages.reason_text import published_change
from tests.diff.builders import said
from tests.diff.cases import FIXTURES, History, Pair
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parent / "golden"
PAIRS = sorted(path.stem for path in FIXTURES.glob("*.json") if not path.stem.endswith("-history"))
HISTORIES = sorted(path.stem for path in FIXTURES.glob("*-history.json"))


def read_pair(name: str) -> Pair:
    return msgspec.json.decode((FIXTURES / f"{name}.json").read_bytes(), type=Pair)


def read_history(name: str) -> History:
    return msgspec.json.decode((FIXTURES / f"{name}.json").read_bytes(), type=History)


def changes_of(history: History) -> list[Change]:
    states = {state.digest: state for state in history.states}
    return [change for _, change in Differ().history(history.periods, states.get)]


@pytest.mark.parametrize("name", PAIRS)
def test_a_real_pair_gives_the_change_that_was_read_and_found_right(name: str) -> None:
    pair = read_pair(name)
    change = compare(pair.before, pair.after)
    encoded = msgspec.json.format(msgspec.json.encode(published_change(change)), indent=1).decode()
    assert_golden(GOLDEN / f"{name}.json", f"{encoded}\n")


@pytest.mark.parametrize("name", HISTORIES)
def test_a_real_history_reads_as_a_person_wrote_it(name: str) -> None:
    history = read_history(name)
    told = zip(history.periods, changes_of(history), strict=True)
    lines = [f"{period.since}  {said(change)}" for period, change in told]
    assert_golden(GOLDEN / f"{name}.txt", "\n".join(lines) + "\n")


def test_every_golden_file_belongs_to_a_fixture() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted([*PAIRS, *HISTORIES])


def test_the_real_pairs_show_nearly_every_reason() -> None:
    changes = [compare(pair.before, pair.after) for pair in map(read_pair, PAIRS)]
    changes += [change for name in HISTORIES for change in changes_of(read_history(name))]
    seen = {reason.code for change in changes for reason in change.reasons}
    # Pages that could not be read, and layers recompressed, are made up in test_reasons.py; what only registries
    # tell is made up in test_registry.py, and what package lists tell in test_package_changes.py. Releases have
    # reasons of their own (tests/releases).
    of_releases = {"new-platform", "platform-back", "platform-absent", "platform-dropped"}
    others = {"unreadable", "repacked", "same", "source-changed", "artifacts", "packages-updated"}
    assert set(get_args(ReasonCode)) - seen == others | of_releases


def test_the_real_pairs_show_most_kinds_of_settings() -> None:
    changes = [compare(pair.before, pair.after) for pair in map(read_pair, PAIRS)]
    seen = {setting.kind for change in changes for setting in change.settings}
    # What official images hardly ever change is made up in test_settings.py.
    assert set(get_args(SettingKind)) - seen <= {
        "healthcheck",
        "working_directory",
        "user",
        "annotation",
        "on_build",
        "stop_timeout",
    }


@pytest.mark.parametrize("name", PAIRS)
def test_the_published_form_reads_back_as_the_same_change(name: str) -> None:
    pair = read_pair(name)
    change = compare(pair.before, pair.after)
    assert msgspec.json.decode(msgspec.json.encode(change), type=Change) == change


@pytest.mark.parametrize("name", PAIRS)
def test_places_refer_to_steps_and_settings(name: str) -> None:
    pair = read_pair(name)
    change = compare(pair.before, pair.after)
    assert {place for image in change.images for place in image.steps} == set(range(len(change.steps)))
    assert {place for image in change.images for place in image.settings} == set(range(len(change.settings)))


def test_one_differ_for_all_pairs_gives_what_a_new_one_for_each_does() -> None:
    pairs = [read_pair(name) for name in PAIRS]
    differ = Differ()
    for _ in range(2):
        for pair in pairs:
            assert differ.change(pair.before, pair.after) == compare(pair.before, pair.after)
