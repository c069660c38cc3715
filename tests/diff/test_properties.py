"""Properties of the comparison of any two states."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from collector.diff import compare
from collector.diff.changes import Change, Pair
from collector.model.images import Layer, State
from tests.diff.any_states import LAYERS, STATES
from tests.diff.builders import image, layer, said, state

T = TypeVar("T")


@given(st.one_of(st.none(), STATES), st.one_of(st.none(), STATES))
def test_any_two_states_give_a_change_that_can_be_published(before: State | None, after: State | None) -> None:
    change = compare(before, after)
    assert said(change)
    assert msgspec.json.decode(msgspec.json.encode(change), type=Change) == change
    assert compare(before, after) == change


@given(STATES)
def test_a_state_does_not_differ_from_itself(same: State) -> None:
    change = compare(same, same)
    assert change.reason.code == "same"
    assert (change.images, change.platforms_added, change.platforms_removed) == ((), (), ())
    assert change.unchanged == len(same.images)


@given(STATES, STATES)
def test_every_image_is_reported_once(before: State, after: State) -> None:
    change = compare(before, after)
    both = change.unchanged + len(change.images)
    if change.reason.code != "same":
        assert both + len(change.platforms_removed) == len(before.images)
        assert both + len(change.platforms_added) == len(after.images)


def flipped(pair: Pair[T] | None) -> Pair[T] | None:
    return pair and Pair(pair.after, pair.before)


@given(STATES, STATES)
def test_the_other_way_round_the_facts_are_mirrored(before: State, after: State) -> None:
    there, back = compare(before, after), compare(after, before)
    assert there.platforms_added == back.platforms_removed
    assert there.attestations == flipped(back.attestations)
    assert there.media_type == flipped(back.media_type)
    by_manifests = {image.manifest: image for image in back.images}
    for one in there.images:
        other = by_manifests.get(flipped(one.manifest))
        if other is None or len(by_manifests) < len(back.images):
            continue  # the same two manifests stand for several platforms
        assert one.config == flipped(other.config)
        assert one.size == flipped(other.size)
        assert one.created == flipped(other.created)
        settings = [there.settings[place] for place in one.settings]
        others = [back.settings[place] for place in other.settings]
        assert {(its.kind, its.name, its.before, its.after) for its in settings} == {
            (its.kind, its.name, its.after, its.before) for its in others
        }


@given(st.lists(LAYERS, max_size=6), st.lists(LAYERS, max_size=6))
def test_kept_and_fetched_bytes_are_the_size_of_the_image(before: list[Layer], after: list[Layer]) -> None:
    old, new = image("old", layers=tuple(before)), image("new", layers=tuple(after))
    (change,) = compare(state(old), state(new)).images
    if change.layers is None:
        assert [layer.digest for layer in before] == [layer.digest for layer in after]
        return
    assert change.layers.kept_bytes + change.layers.fetch_bytes == new.size
    assert change.layers.kept + len(change.layers.new) == len(after)
    assert {layer.digest for layer in change.layers.new} == {its.digest for its in after} - {
        its.digest for its in before
    }


def test_a_layer_that_an_image_has_twice_is_fetched_once() -> None:
    old, new = image("old", layers=(layer("a"),)), image("new", layers=(layer("b"), layer("a"), layer("b")))
    (change,) = compare(state(old), state(new)).images
    assert change.layers is not None
    assert (change.layers.fetch_bytes, change.layers.kept_bytes, change.layers.kept) == (10, 20, 2)


def test_a_hundred_thousand_steps_are_compared_and_few_are_listed() -> None:
    before = image("old", *(f"ENV A{number}=1" for number in range(100_000)))
    after = image("new", *(f"ENV A{number}=2" for number in range(100_000)))
    change = compare(state(before), state(after))
    assert change.images[0].left_out == 200_000 + 100_000 - 400
    assert len(msgspec.json.encode(change)) < 100_000


def test_a_step_of_a_megabyte_is_cut() -> None:
    before, after = (
        image("old", "RUN " + "a " * 500_000),
        image("new", "RUN " + "b " * 500_000, "ENV A=" + "c" * 1_000_000),
    )
    change = compare(state(before), state(after))
    assert said(change) == "RUN and ENV added, RUN removed"
    assert len(msgspec.json.encode(change)) < 100_000
