from __future__ import annotations

from collector.diff import Differ
from collector.model.digests import Digest
from collector.model.images import Gone, State
from collector.model.timelines import Period
from collector.model.times import Time
from tests.diff.builders import ROOT, image, layer, said, state

ONE = state(image("one", ROOT, "ENV A=1", layers=(layer("a"),)))
TWO = state(image("two", ROOT, "ENV A=2", layers=(layer("a"),)))
STATES = {each.digest: each for each in (ONE, TWO)}


def period(day: int, digest: Digest | None = None, gone: Gone | None = None) -> Period:
    since = Time(f"2018-01-{day:02}T00:00:00Z")
    return Period(tag="latest", since=since, until=None, source="git:0", digest=digest, gone=gone)


def told(*what: State | Gone | None) -> list[str]:
    """The history of a tag that pointed at these, was gone, or (None) could not be understood."""
    periods = [
        period(day, digest=each.digest) if isinstance(each, State) else period(day, gone=each)  # None is neither
        for day, each in enumerate(what, 1)
    ]
    return [f"{change.reason.code}: {said(change)}" for _, change in Differ().history(periods, STATES.get)]


def test_first_seen_changed_gone_and_back() -> None:
    assert told(ONE, TWO, "missing", ONE) == [
        "first-seen: first seen",
        "dockerfile-changed: A 1 → 2",
        "gone: removed from the registry",
        "back: back; A 2 → 1",
    ]


def test_back_unchanged() -> None:
    assert told(ONE, "removed", ONE)[1:] == ["gone: no longer followed", "back: back, unchanged"]


def test_not_there_at_first() -> None:
    assert told("missing", ONE) == ["gone: did not exist yet", "first-seen: first seen"]


def test_gone_in_two_ways() -> None:
    assert told(ONE, "missing", "removed", "missing")[1:] == [
        "gone: removed from the registry",
        "gone: still gone, and no longer followed",
        "gone: still gone",
    ]


def test_an_unreadable_state() -> None:
    assert told(None, ONE, None, ONE, None, TWO) == [
        "unreadable: could not be read",
        "first-seen: first readable",
        "unreadable: could not be read",
        "same: readable again, unchanged",
        "unreadable: could not be read",
        "dockerfile-changed: A 1 → 2",
    ]


def test_an_unknown_state_counts_as_unreadable() -> None:
    unknown = state(image("three"))
    assert told(ONE, unknown) == ["first-seen: first seen", "unreadable: could not be read"]


def test_a_cached_comparison_belongs_to_its_values_and_not_only_to_their_digests() -> None:
    less = State(digest=TWO.digest, media_type=TWO.media_type, all_images=())
    differ = Differ()
    assert said(differ.change(ONE, TWO)) == "A 1 → 2"
    assert said(differ.change(ONE, less)) == "linux/amd64 removed"
    assert said(differ.change(ONE, TWO)) == "A 1 → 2"


def test_platforms_of_a_tag_that_came_and_went() -> None:
    differ = Differ()
    (added,) = differ.change(None, ONE).platforms_added
    (removed,) = differ.change(ONE, None).platforms_removed
    assert (added.platform, added.slug, added.size) == ("linux/amd64", "linux-amd64", 10)
    assert added == removed
