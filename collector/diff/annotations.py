"""What annotations say of why an image is another: the first witness, before all that is deduced from steps.

Only the annotations of the manifest, and of its entry in the index, count. Labels with the same names do not: a label
is inherited from the base image, and then tells of the base. What only one of the two images says is no witness.
"""

from __future__ import annotations

import re

from collector.diff.changes import SettingChange
from collector.diff.word_diff import bounded
from collector.model.annotations import BASE_DIGEST, BASE_NAME, REVISION, SOURCE, VERSION
from collector.model.images import Image

_COMPARED = (BASE_NAME, BASE_DIGEST, VERSION, REVISION, SOURCE)
_LONGEST_NAME = 100
_LONGEST_VALUE = 40
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_COMMIT_SHOWN = 10


def compare_annotations(before: Image, after: Image) -> tuple[SettingChange, ...]:
    """The annotations that tell what an image is made of, where they differ.

    Pages say nothing of annotations, so that there is nothing to compare where one of the two is from a page.
    """
    if before.config.runtime is None or after.config.runtime is None:
        return ()
    old, new = dict(before.annotations), dict(after.annotations)
    return tuple(
        SettingChange(kind="annotation", name=name, before=_shown(old.get(name)), after=_shown(new.get(name)))
        for name in _COMPARED
        if old.get(name) != new.get(name)
    )


def base_moved(before: Image, after: Image) -> bool | None:
    """Whether the base image is another, by its digest or name; None where the annotations do not tell."""
    digests, names = _both(before, after, BASE_DIGEST), _both(before, after, BASE_NAME)
    if digests is not None:
        return digests[0] != digests[1]
    return True if names is not None and names[0] != names[1] else None


def base_words(before: Image, after: Image) -> str:
    """`base image debian:12 moved`, `base image debian:11 → debian:12`, or without a name."""
    names = _both(before, after, BASE_NAME)
    if names is None:
        return "base image moved"
    old, new = (_line(name)[:_LONGEST_NAME] for name in names)
    return f"base image {new} moved" if old == new else f"base image {old} → {new}"


def source_moved(before: Image, after: Image) -> bool | None:
    """Whether the source is another, by its revision; None where the annotations do not tell."""
    revisions = _both(before, after, REVISION)
    return None if revisions is None else revisions[0] != revisions[1]


def source_words(before: Image, after: Image) -> str:
    """`version 1.0 → 1.1`, else `source 1a2b3c4d5e → 6f7a8b9c0d`; empty where the source is not known to be another."""
    if source_moved(before, after) is False:
        return ""
    for name, what in ((VERSION, "version"), (REVISION, "source"), (SOURCE, "source")):
        values = _both(before, after, name)
        if values is not None and values[0] != values[1]:
            old, new = (_short(value) for value in values)
            is_short = max(len(old), len(new)) <= _LONGEST_VALUE and old != new
            return f"{what} {old} → {new}" if is_short else f"{what} changed"
    return ""


def _both(before: Image, after: Image, name: str) -> tuple[str, str] | None:
    """The values of both images, where both have one."""
    old, new = dict(before.annotations).get(name), dict(after.annotations).get(name)
    return (old, new) if old and new else None


def _short(value: str) -> str:
    return value[:_COMMIT_SHOWN] if _COMMIT.match(value) else _line(value)


def _line(value: str) -> str:
    return " ".join(value.split())


def _shown(value: str | None) -> str | None:
    return None if value is None else bounded(value)
