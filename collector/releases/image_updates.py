"""What a platform's new image brings: its causes, and signs by which the same update is known on other platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import msgspec

from collector.diff.changes import Moved, Reason, ReasonCode
from collector.diff.configs import ConfigChange
from collector.diff.images import ImageDiffer
from collector.diff.reasons import attributed_edits, moved_base
from collector.model.images import Config, Image
from collector.releases.release import CAUSE_WEIGHT, Cause

CAUSES: Mapping[ReasonCode, Cause] = {
    "dockerfile-changed": "steps",
    "source-changed": "steps",
    "files-changed": "steps",
    "base-moved": "base",
    "packages-updated": "packages",
    "rebuilt": "rebuilt",
    "repacked": "metadata",
    "metadata": "metadata",
}
"""Reason of an image → the cause of its update, where the reason's detail names no other."""
_HASH = re.compile(r"\b[0-9a-f]{32,}\b", re.ASCII)
"""Checksums differ between platforms that have the same update."""
_VERSION_PIECE = re.compile(r"\d+|[A-Za-z]+", re.ASCII)
_BEFORE_RELEASE = frozenset("a alpha b beta c dev m milestone pre preview rc snapshot".split())
_WINDOWS = "Windows"


class UpdatePart(msgspec.Struct, frozen=True, array_like=True):
    """One cause of an update."""

    cause: Cause
    signs: tuple[str, ...]
    """Updates of one cause are the same if they have one of these in common."""
    reason: Reason


class ImageUpdate(msgspec.Struct, frozen=True, array_like=True):
    """What an image brings to its platform."""

    parts: tuple[UpdatePart, ...]
    """The weightiest cause first; at least one."""

    @property
    def cause(self) -> Cause:
        return self.parts[0].cause


class ImageUpdates:
    """Compares a platform's images. Keep one for many comparisons."""

    def __init__(self, differ: ImageDiffer) -> None:
        self._differ = differ

    def between(self, before: Image, after: Image) -> ImageUpdate:
        """The updates that the image `after` brings to a platform with the image `before`."""
        difference = self._differ.compare(before, after)
        parts = [self._part(reason, before, after, difference.config) for reason in difference.reasons]
        return ImageUpdate(tuple(sorted(parts, key=lambda part: CAUSE_WEIGHT[part.cause])))

    def _part(self, reason: Reason, before: Image, after: Image, change: ConfigChange) -> UpdatePart:
        cause = _cause_of(reason)
        system = after.platform.os
        if cause in ("version", "steps"):
            own, base = attributed_edits(before, after, change)
            edits = _hash_of(tuple(text or "" for edit in own or base for text in edit))
            signs = (*_version_signs(reason), f"edits {edits}", f"recipe {self._recipe(after.config)}")
        elif cause == "base":
            _, base = attributed_edits(before, after, change)
            signs = (f"base {system} {_base_value(reason, moved_base(base))}",)
        else:
            signs = (f"{cause} {system}",)
        return UpdatePart(cause, signs, reason)

    def _recipe(self, config: Config) -> str:
        """The image's own steps as a hash. A platform that skipped an update has other edits, and the same steps."""
        read = self._differ.read(config)
        return _hash_of(tuple(read.texts[read.base :]))


class SharedUpdates:
    """Compares each pair of images once: the tags of a repository share images. Its holdings must keep them all."""

    def __init__(self, updates: ImageUpdates) -> None:
        self._updates = updates
        self._between: dict[tuple[int, int], ImageUpdate] = {}
        """The identities of two images → their updates."""

    def between(self, before: Image, after: Image) -> ImageUpdate:
        """As `ImageUpdates.between`."""
        pair = id(before), id(after)
        found = self._between.get(pair)
        if found is None:
            found = self._between[pair] = self._updates.between(before, after)
        return found


def _cause_of(reason: Reason) -> Cause:
    if reason.detail == "version" and reason.code in ("dockerfile-changed", "source-changed"):
        return "version"
    if reason.detail == "root-filesystem":
        return "root-filesystem"
    return CAUSES[reason.code]


def _version_signs(reason: Reason) -> Iterator[str]:
    """The new version, and whether it is higher or lower. Platforms may come from different versions."""
    moved = (*reason.moved, Moved(reason.detail, reason.before, reason.after))
    for one in moved:
        if one.after:
            way = "up" if _version_key(one.before) < _version_key(one.after) else "down"
            yield f"{way} {one.name} {one.after}"


def _version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts `1.0rc1` before `1.0`, and `1.0` before `1.0-1` and `1.0.1`."""
    pieces = _VERSION_PIECE.findall(version)
    return (*map(_rank, pieces), (1, 0, ""))


def _rank(piece: str) -> tuple[int, int, str]:
    if piece.isdigit():
        return (3, int(piece), "")
    return (0 if piece.lower() in _BEFORE_RELEASE else 2, 0, piece)


def _base_value(reason: Reason, versions: Sequence[Moved]) -> str:
    """The new version of the base, or its name.

    Each release of Windows has its own numbers. The packages that differ are no sign, because they may be known on one
    platform only.
    """
    is_windows = any(one.name == _WINDOWS for one in reason.moved[:1])
    version = "" if is_windows or not versions else f"{versions[0].name} {versions[0].after}"
    return f"{reason.before} {reason.after} {version}" if reason.before != reason.after else version


@lru_cache(maxsize=256)
def _hash_of(texts: tuple[str, ...]) -> str:
    """The platforms of an index usually have the same texts."""
    return sha256(_HASH.sub("", "\0".join(texts)).encode()).hexdigest()[:16]
