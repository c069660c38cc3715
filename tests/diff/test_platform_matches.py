from __future__ import annotations

import msgspec

from collector.diff.platform_matches import match_platforms
from collector.model.platforms import Platform
from tests.diff.builders import image, state


def platform(os: str, architecture: str = "amd64", variant: str = "", version: str = "") -> Platform:
    return Platform(os=os, architecture=architecture, variant=variant, os_version=version)


def matched(before: list[Platform], after: list[Platform]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    old = state(*(image(f"old {place}", platform=each) for place, each in enumerate(before)))
    new = state(*(image(f"new {place}", platform=each) for place, each in enumerate(after)))
    matching = match_platforms(old, new)
    return (
        [(str(one.image.platform), str(two.image.platform)) for one, two in matching.both],
        [placed.slug for placed in matching.removed],
        [placed.slug for placed in matching.added],
    )


def test_platforms_in_both_removed_and_added() -> None:
    before = [platform("linux"), platform("linux", "arm", "v5")]
    after = [platform("linux", "arm", "v7"), platform("linux")]
    assert matched(before, after) == ([("linux/amd64", "linux/amd64")], ["linux-arm-v5"], ["linux-arm-v7"])


def test_a_month_s_update_of_windows_is_the_same_platform() -> None:
    before = [platform("windows", version="10.0.14393.1944"), platform("windows", version="10.0.16299.125")]
    after = [platform("windows", version="10.0.14393.2007"), platform("windows", version="10.0.17134.1")]
    assert matched(before, after) == (
        [("windows/amd64 10.0.14393.1944", "windows/amd64 10.0.14393.2007")],
        ["windows-amd64-10.0.16299"],
        ["windows-amd64-10.0.17134"],
    )


def test_a_missing_os_version_matches_the_only_candidate() -> None:
    assert matched([platform("windows")], [platform("windows", version="10.0.14393.1593")])[0] == [
        ("windows/amd64", "windows/amd64 10.0.14393.1593")
    ]
    two = [platform("windows", version="10.0.14393.1593"), platform("windows", version="10.0.16299.125")]
    both, removed, added = matched([platform("windows")], two)
    assert (both, removed, added) == ([], ["windows-amd64"], ["windows-amd64-10.0.14393", "windows-amd64-10.0.16299"])


def test_two_spellings_are_one_platform() -> None:
    both, removed, added = matched(
        [platform("linux", "arm"), platform("linux", "aarch64")],
        [platform("linux", "arm", "v5"), platform("linux", "arm", "v7"), platform("linux", "arm64", "v8")],
    )
    assert both == [("linux/arm", "linux/arm/v7"), ("linux/aarch64", "linux/arm64/v8")]
    assert (removed, added) == ([], ["linux-arm-v5"])


def test_two_images_for_one_platform_match_in_their_order() -> None:
    same = platform("windows", version="10.0.14393.1944")
    both, removed, added = matched([same, same], [same])
    assert (len(both), removed, added) == (1, ["windows-amd64-10.0.14393-2"], [])


def test_attestations_are_not_images() -> None:
    unknown = platform("unknown", "unknown")
    assert matched([platform("linux"), unknown], [platform("linux"), unknown, unknown])[1:] == ([], [])


def test_a_platform_that_could_not_be_read_is_neither_removed_nor_added() -> None:
    amd64, arm = platform("linux"), platform("linux", "arm", "v7")
    both = state(image("one", platform=amd64), image("two", platform=arm))
    partly = msgspec.structs.replace(state(image("three", platform=amd64)), unread=(arm,))
    matching = match_platforms(both, partly)
    assert (len(matching.both), matching.removed, matching.added) == (1, [], [])
    matching = match_platforms(partly, both)
    assert (len(matching.both), matching.removed, matching.added) == (1, [], [])
