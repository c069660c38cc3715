"""The cause of an image's update."""

from __future__ import annotations

from typing import get_args

from collector.diff.changes import ReasonCode
from collector.releases.image_updates import CAUSES

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
