"""The version that an image names."""

from __future__ import annotations

import pytest

from collector.diff.changes import Moved, Reason
from collector.model.images import Config
from collector.model.times import Time
from collector.pages.current_version import CurrentVersion, current_version
from collector.releases import Release
from collector.releases.release import Cause
from tests.diff.builders import image

FIRST, SECOND, THIRD = (Time(f"2024-01-0{day}T00:00:00Z") for day in (1, 2, 3))


def config(*steps: str) -> Config:
    return image("a", *steps).config


def release(since: Time, cause: Cause, *moved: Moved) -> Release:
    reason = Reason(code="dockerfile-changed", detail="version" if moved else "", moved=moved)
    return Release(cause=cause, reasons=(reason,), since=since, updated=since, states=(0,))


BEGUN = release(FIRST, "first-seen")
MOVED = release(SECOND, "version", Moved("A_VERSION", "1.0", "1.1"))


def test_the_variable_of_the_image_s_own_name_comes_first() -> None:
    found = current_version(
        "me/a", config("ENV B_VERSION=7", "ENV A_VERSION=1.1"), [BEGUN, MOVED, release(THIRD, "base")]
    )
    assert found == CurrentVersion(variable="A_VERSION", value="1.1", since=SECOND)


def test_otherwise_the_variable_that_its_releases_move_comes_first() -> None:
    found = current_version("b", config("ENV A_VERSION=1.1"), [BEGUN, MOVED])
    assert found == CurrentVersion(variable="A_VERSION", value="1.1", since=SECOND)


def test_a_version_without_a_release_is_as_old_as_the_tag() -> None:
    found = current_version("a", config("ENV A_VERSION=1.0"), [BEGUN, release(THIRD, "base")])
    assert found == CurrentVersion(variable="A_VERSION", value="1.0", since=FIRST)


@pytest.mark.parametrize("value", ["latest", "1" * 41, ""])
def test_a_variable_that_is_not_a_version_is_ignored(value: str) -> None:
    assert current_version("a", config(f"ENV A_VERSION={value}"), [BEGUN]) is None
    assert current_version("a", config("RUN b"), [BEGUN]) is None
