"""Packages within reasons: those that a reader may look for first."""

from __future__ import annotations

import msgspec

from collector.diff.changes import Moved, Reason, SourceChange
from collector.diff.package_changes import PackagesDifference

_MAX_VALUE = 40
"""Characters; a reason has only the name of a package with a longer version."""

_MAX_LISTED = 2
"""The number of values that a reason lists; at least one of them is a package."""


def with_packages(reason: Reason, packages: PackagesDifference | None) -> Reason:
    """The reason with the packages that differ behind its other values. `packages`: None if they are not known."""
    if packages is None:
        return reason
    if not packages.changes:
        return msgspec.structs.replace(reason, detail="same-packages")
    listed = packages.changes[: max(1, _MAX_LISTED - len(reason.moved))]
    return msgspec.structs.replace(
        reason,
        moved=(*reason.moved, *map(moved_source, listed)),
        more=reason.more + len(packages.changes) - len(listed),
    )


def moved_source(change: SourceChange) -> Moved:
    """A source with both versions; without them if they are too long for a summary. If the source has the same version
    and only one package more or less, that package.
    """
    moved = Moved(change.name, change.before, change.after)
    if change.before == change.after and len(change.packages) == 1:
        moved = change.packages[0]
    name, before, after = (" ".join(text.split()) for text in (moved.name, moved.before, moved.after))
    if before == after or max(len(before), len(after)) > _MAX_VALUE:
        before = after = ""
    return Moved(name[:_MAX_VALUE], before, after)
