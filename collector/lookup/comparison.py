"""Compares what two references point at, with the packages that their archive knows."""

from __future__ import annotations

from collector.diff.changes import Change
from collector.diff.differ import compare
from collector.lookup.targets import Load, target_state
from collector.model.digests import Digest
from collector.model.packages import ImagePackages
from collector.model.references import Asked


def compare_references(load: Load, before: Asked, after: Asked) -> Change:
    """The differences between two states, of one repository or of two.

    Raises:
        NotFound: the image or tag does not exist, or not at that time.
        ArchiveError: the archive lacks a part of a state.
    """
    old = load(before.repository)
    new = old if after.repository == before.repository else load(after.repository)

    def packages_of(config: Digest) -> ImagePackages | None:
        return new.image_packages(config) or old.image_packages(config)

    return compare(target_state(old, before), target_state(new, after), packages_of)
