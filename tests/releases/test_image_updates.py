"""The cause of an image's update."""

from __future__ import annotations

from typing import get_args

from collector.diff.changes import ReasonCode
from collector.diff.images import ImageDiffer
from collector.model.packages import BY_PAGE, ImagePackages, Inventory, package_list
from collector.model.times import Time
from collector.releases.image_updates import CAUSES, ImageUpdates
from tests.releases.made_up import AMD64, ARM, built
from tests.support.archives import deb, digest

_OF_STATES = {
    "first-seen",
    "gone",
    "unreadable",
    "back",
    "platform-removed",
    "platform-added",
    "new-platform",
    "platform-back",
    "platform-absent",
    "platform-dropped",
    "artifacts",
    "index",
    "same",
}
"""Reasons of a tag's state, which no image has."""


def test_every_reason_of_an_image_has_a_cause() -> None:
    assert sorted(get_args(ReasonCode)) == sorted([*CAUSES, *_OF_STATES])


def test_packages_that_are_known_on_one_platform_do_not_make_another_update_of_its_base() -> None:
    before, after = built(AMD64, base=1), built(AMD64, base=2)
    packages = {
        one.config.digest: _with_openssl(version) for one, version in ((before, "1.1.0f-3"), (after, "1.1.0f-3+deb9u1"))
    }
    updates = ImageUpdates(ImageDiffer(packages.get))
    (amd64,) = updates.between(before, after).parts
    (arm,) = updates.between(built(ARM, base=1), built(ARM, base=2)).parts
    assert [one.name for one in amd64.reason.moved] == ["openssl"]
    assert (amd64.cause, amd64.signs) == (arm.cause, arm.signs)


def _with_openssl(version: str) -> ImagePackages:
    packages = package_list([deb("openssl", version)])
    time = Time("2018-01-01T00:00:00Z")
    return ImagePackages(Inventory(config=digest(version), packages=packages.id, by=BY_PAGE, time=time), packages)
