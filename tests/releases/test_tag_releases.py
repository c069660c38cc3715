"""The rules of releases, each on the smallest history that shows it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from collector.diff.changes import Moved, Reason
from collector.diff.differ import Differ
from collector.model.images import Gone, State
from collector.model.platforms import Platform
from collector.model.timelines import Period
from collector.model.times import time_of
from collector.releases import ImageUpdates, TagState, releases_of
from collector.releases.platform_images import PlatformImages
from tests.diff.builders import named, state
from tests.releases.folded import written
from tests.releases.made_up import AMD64, ARM, S390X, START, WINDOWS, Shown, built, fold, on

BOTH = on(AMD64, ARM)


def test_a_version_reaches_platform_after_platform() -> None:
    new = [built(version="2")]
    releases = fold((0, BOTH), (9, new), (9.5, [*new, built(ARM, version="2")]))
    assert written(releases) == ["2018-01-10 version 2 2/2", "2018-01-01 first-seen 2/2"]
    assert releases[-1].states == (1, 2)
    assert releases[-1].since < releases[-1].updated


def test_a_platform_that_the_index_left_out_follows_for_thirty_days_and_is_then_dropped() -> None:
    new = [built(version="2")]
    changes: list[tuple[float, Shown]] = [(0, BOTH), (9, new)]
    assert written(fold(*changes, until=39))[0] == "2018-01-10 version 2 1/2 arm64/v8 to follow"
    assert written(fold(*changes, until=40))[0] == "2018-01-10 version 2 1/2 arm64/v8 dropped"
    late = (38, [*new, built(ARM, version="2")])
    assert written(fold(*changes, late, until=99))[0] == "2018-01-10 version 2 2/2"
    too_late = (40, [*new, built(ARM, version="2")])
    assert written(fold(*changes, too_late))[:2] == [
        "2018-02-10 platform-back 1/1",
        "2018-01-10 version 2 1/2 arm64/v8 dropped",
    ]


def test_a_platform_that_keeps_its_image_skips_the_release_when_its_time_is_over() -> None:
    changes: list[tuple[float, Shown]] = [(0, BOTH), (9, [built(base=2), BOTH[1]])]
    assert written(fold(*changes, until=16))[0] == "2018-01-10 base 1/2 arm64/v8 to follow"
    assert written(fold(*changes, until=17))[0] == "2018-01-10 base 1/2 arm64/v8 skipped"


def test_a_later_release_overtakes_an_earlier_one() -> None:
    first, second = built(version="2"), built(version="3")
    both = [second, built(ARM, version="3")]
    assert written(fold((0, BOTH), (9, [first, BOTH[1]]), (10, [second, BOTH[1]]), (11, both))) == [
        "2018-01-11 version 3 2/2",
        "2018-01-10 version 2 1/2 arm64/v8 skipped until 2018-01-11",
        "2018-01-01 first-seen 2/2",
    ]


def test_two_releases_are_open_at_once() -> None:
    one, two, three = on(AMD64, run="other"), on(AMD64, run="third"), on(ARM, run="other")
    releases = fold((0, BOTH), (9, [*one, BOTH[1]]), (10, [*two, BOTH[1]]), (11, [*two, *three]))
    assert written(releases)[:2] == ["2018-01-11 steps 1/2 arm64/v8 to follow", "2018-01-10 steps 2/2"]
    assert releases[1].states == (1, 3)


def test_a_rollback_is_a_separate_release() -> None:
    releases = fold((0, on(AMD64, version="2")), (9, on(AMD64, version="3")), (10, on(AMD64, version="2")))
    assert [one.reasons[0].moved for one in releases[1:]] == [
        (Moved("TOOL_VERSION", "2", "3"),),
        (Moved("TOOL_VERSION", "3", "2"),),
    ]


def test_a_base_below_a_version_does_not_split_its_release() -> None:
    new = [built(version="2", base=2), BOTH[1]]
    (_, release) = fold(
        (0, BOTH), (9, new), (9.2, [new[0], built(ARM, version="2")]), (12, on(AMD64, ARM, version="2", base=2))
    )
    assert [reason.code for reason in release.reasons] == ["dockerfile-changed", "base-moved"]
    assert release.states == (1, 2, 3)


def test_a_base_that_a_platform_gets_within_a_day_of_the_version_belongs_to_that_release() -> None:
    first, second = on(AMD64, version="2"), on(AMD64, version="2", base=2)
    assert len(fold((0, on(AMD64)), (9, first), (9.9, second))) == 2
    assert len(fold((0, on(AMD64)), (9, first), (10.1, second))) == 3


def test_new_platforms_within_a_week_are_one_release() -> None:
    releases = fold((0, on(AMD64)), (40, on(AMD64, ARM)), (46, on(AMD64, ARM, S390X)))
    assert written(releases)[0] == "2018-02-10 new-platform arm64/v8 s390x"
    assert releases[-1].reasons[0].code == "new-platform"


def test_the_platforms_of_a_new_tag_follow_its_first() -> None:
    assert written(fold((0, on(AMD64)), (9, on(AMD64, ARM)))) == ["2018-01-01 first-seen 2/2"]


def test_a_new_platform_that_comes_with_a_version_belongs_to_its_release() -> None:
    releases = fold((0, on(AMD64)), (9, on(AMD64, ARM, version="2")))
    assert written(releases) == ["2018-01-10 version 2 1/1", "2018-01-01 first-seen 1/1"]
    assert [reason.code for reason in releases[-1].reasons] == ["dockerfile-changed", "new-platform"]


def test_windows_is_not_expected_to_take_the_base_of_linux() -> None:
    old = [*BOTH, built(WINDOWS)]
    new = [built(base=2), built(ARM, base=2), old[2]]
    assert written(fold((0, old), (9, new), until=99))[0] == "2018-01-10 base 2/2"
    assert fold((0, old), (9, new))[-1].of == 3


@pytest.mark.parametrize("gone", ["missing", "removed"])
def test_a_tag_that_was_gone_starts_over_and_is_compared_with_its_last_state(gone: Gone) -> None:
    releases = fold((0, BOTH), (9, gone), (60, on(AMD64, ARM, version="2")))
    assert [one.cause for one in releases] == ["first-seen", "gone", "back"]
    assert [reason.code for reason in releases[-1].reasons] == ["back", "dockerfile-changed"]
    assert releases[1].reasons == (Reason(code="gone", detail="not-followed" if gone == "removed" else ""),)


def test_a_tag_that_comes_back_unchanged() -> None:
    assert fold((0, BOTH), (9, "missing"), (10, BOTH))[-1].reasons == (Reason(code="back", detail="same-digest"),)


def test_an_unreadable_state_is_not_a_boundary() -> None:
    new = [built(version="2")]
    releases = fold((0, BOTH), (9, [*new, BOTH[1]]), (10, None), (11, [*new, built(ARM, version="2")]))
    assert written(releases) == ["2018-01-11 unreadable", "2018-01-10 version 2 2/2", "2018-01-01 first-seen 2/2"]
    assert releases[1].states == (1, 3)


def test_platforms_that_are_only_absent_return_in_the_same_release() -> None:
    releases = fold((0, BOTH), (9, BOTH[:1]), (9.5, BOTH))
    assert written(releases)[0] == "2018-01-10 platform-absent arm64/v8 returned"
    assert written(fold((0, BOTH), (9, BOTH[:1]), until=60))[0] == "2018-01-10 platform-absent arm64/v8 dropped"


def test_a_windows_version_that_an_index_begins_to_say_is_the_same_platform() -> None:
    bare = Platform(os="windows", architecture="amd64")
    releases = fold((0, [built(bare)]), (40, [built(WINDOWS, version="2")]))
    assert written(releases)[0] == "2018-02-10 version 2 1/1"


def test_a_platform_with_a_new_name_is_here_though_its_old_name_could_not_be_read() -> None:
    bare = Platform(os="windows", architecture="amd64")
    platforms = PlatformImages()
    platforms.enter(state(built(bare)), 0)
    found = platforms.enter(msgspec.structs.replace(state(built(WINDOWS)), unread=(bare,)), 1)
    assert [one.platform.slug for one in found.images] == ["windows-amd64-10.0.14393"]
    assert (found.has_returned, found.left) == (False, frozenset())


def test_a_platform_that_gets_another_name_keeps_its_part_in_earlier_releases() -> None:
    versioned = Platform(os="linux", architecture="amd64", os_version="5.10")
    shown = [
        (0, on(AMD64)),
        (9, [built(base=2), built(ARM)]),
        (12, [built(base=2), built(ARM, base=2)]),
        (40, [built(versioned, base=2, again=1), built(ARM, base=2)]),
    ]
    assert written(fold(*shown)) == ["2018-02-10 rebuilt 1/1", "2018-01-10 base 2/2", "2018-01-01 first-seen 1/1"]


def test_a_release_names_a_platform_as_the_tag_did_then() -> None:
    versioned = Platform(os="linux", architecture="amd64", os_version="5.10")
    skipped = (9, [built(), built(ARM, base=2)])
    absent = (30, on(ARM, base=2))
    later = fold((0, BOTH), skipped, absent, (40, [built(versioned, version="2"), built(ARM, base=2)]), until=99)
    assert written(later) == [
        "2018-02-10 version 2 1/2 arm64/v8 skipped",
        "2018-01-31 platform-absent amd64 returned",
        "2018-01-10 base 1/2 amd64 skipped",
        "2018-01-01 first-seen 2/2",
    ]


def test_several_images_for_one_platform_are_one_platform() -> None:
    first, second, third = built(), built(again=1), built(again=2)
    assert [one.cause for one in fold((0, [first, second]), (9, [second, first]), (20, [second, third]))] == [
        "first-seen",
        "index",
        "rebuilt",
    ]


def test_a_new_index_around_the_same_images_joins_a_release_or_forms_one() -> None:
    one, other = state(*BOTH), State(digest=named("other"), media_type="other", all_images=tuple(BOTH))
    assert one.digest != other.digest
    periods = [
        Period(tag="1", since=time_of(START), until=None, source="test", digest=one.digest),
        Period(tag="1", since=time_of(START + timedelta(days=2)), until=None, source="test", digest=other.digest),
    ]
    states = {one.digest: one, other.digest: other}
    found = [
        TagState(period=period, state=states[period.digest], reasons=change.reasons)
        for period, change in Differ().history(periods, states.__getitem__)
        if period.digest
    ]
    compare = ImageUpdates(Differ().images).between
    assert [one.cause for one in releases_of(found, compare, known_until=periods[-1].since)] == ["first-seen", "index"]
