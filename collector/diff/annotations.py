"""Compares base image and source by the annotations of two images, which are more reliable than deductions from steps.

Only annotations of the manifest and of its entry in the index count. Labels with the same names do not count, because
an image inherits them from its base image. An annotation is compared only if both images have it.
"""

from __future__ import annotations

import re
from typing import Literal

from collector.diff.changes import Reason, SettingChange
from collector.diff.word_diff import bounded
from collector.model.annotations import BASE_DIGEST, BASE_NAME, REVISION, SOURCE, VERSION
from collector.model.images import Image

_COMPARED = (BASE_NAME, BASE_DIGEST, VERSION, REVISION, SOURCE)
_SOURCES: tuple[tuple[str, Literal["version", "source"]], ...] = (
    (VERSION, "version"),
    (REVISION, "source"),
    (SOURCE, "source"),
)
_MAX_NAME = 100
_MAX_VALUE = 40
"""Characters; a longer value is left out of a reason."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_COMMIT_SHOWN = 10


def compare_annotations(before: Image, after: Image) -> tuple[SettingChange, ...]:
    """The annotations on base image and source that differ.

    Pages show no annotations, so nothing is compared if one of the two images comes from a page.
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
    """Whether the base image changed, by its digest or name; None if the annotations do not tell."""
    digests, names = _both(before, after, BASE_DIGEST), _both(before, after, BASE_NAME)
    if digests is not None:
        return digests[0] != digests[1]
    return True if names is not None and names[0] != names[1] else None


def base_names(before: Image, after: Image) -> tuple[str, str]:
    """The names of the base images of both; empty unless both images name theirs."""
    old, new = _both(before, after, BASE_NAME) or ("", "")
    return _line(old)[:_MAX_NAME], _line(new)[:_MAX_NAME]


def source_moved(before: Image, after: Image) -> bool | None:
    """Whether the source changed, by its revision; None if the annotations do not tell."""
    revisions = _both(before, after, REVISION)
    return None if revisions is None else revisions[0] != revisions[1]


def source_reason(before: Image, after: Image) -> Reason | None:
    """The version that changed, else the revision or address of the source; None if the annotations show no change."""
    if source_moved(before, after) is False:
        return None
    for name, detail in _SOURCES:
        values = _both(before, after, name)
        if values is not None and values[0] != values[1]:
            old, new = (_short(value) for value in values)
            is_short = max(len(old), len(new)) <= _MAX_VALUE and old != new
            old, new = (old, new) if is_short else ("", "")
            return Reason(code="source-changed", detail=detail, before=old, after=new)
    return None


def _both(before: Image, after: Image, name: str) -> tuple[str, str] | None:
    """The values of both images; None unless both have one."""
    if not before.annotations or not after.annotations:
        return None
    old, new = dict(before.annotations).get(name), dict(after.annotations).get(name)
    return (old, new) if old and new else None


def _short(value: str) -> str:
    return value[:_COMMIT_SHOWN] if _COMMIT.match(value) else _line(value)


def _line(value: str) -> str:
    return " ".join(value.split())


def _shown(value: str | None) -> str | None:
    return None if value is None else bounded(value)
