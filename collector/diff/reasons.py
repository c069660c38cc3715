"""The rules of all reasons: why an image or a state differs from the previous one.

The reasons of one platform's image (`image_reasons`) follow from its annotations where both images have them (see
`collector.diff.annotations`), else from its steps, their dates and its layers:

`dockerfile-changed`  a step of the image's own (see `collector.diff.base_image`) was added, removed or changed. The
                      facts are those that help most: a version that moved (`PYTHON_VERSION 3.6.3 → 3.6.4`), else
                      another variable, else what changed inside the steps (a version, else packages, flags, an
                      address, a short passage), else which instructions changed or how many steps.
`source-changed`      no step of the image's own changed, and the annotations say that the source did: the revision is
                      another or, where none is said, the version or the address of the source. What BuildKit copies
                      into an image leaves no trace in its steps, so this is often the only sign of a change.
`files-changed`       the only own steps that changed are ADD and COPY, and only in the checksum of what they add: the
                      Dockerfile is the same, the files beside it are not. An `ADD … in /` as first of them, or a
                      step that names what made the filesystem (`# debian.sh`), is a new root filesystem.
`base-moved`          there are layers that were not there before, and steps that came from the base image changed or
                      have the same text and another date; or the version of Windows or its layers (of a foreign
                      media type, often with no step) are others. Where a version moved in the base it is named,
                      else the date of a Debian.
                      Where both images say the digest of their base, that decides: another one is `base-moved`
                      whatever the steps say, the same one is not, and all steps that changed are the image's own.
                      Without digests another name of the base decides. Where the base moved and the revision did
                      not, all steps that changed are the base's. The base is named where both images name it.
                      Where the packages of both are known, those that differ come behind the versions.
`packages-updated`    there are new layers, the packages of both images are known and differ, and the base did not move.
`rebuilt`             all steps have the same text, the base did not move, there are new layers, and the packages are
                      the same or not known.
`repacked`            the same Image ID, and so the same content, in layers recompressed.
`metadata`            the same layers and steps under another manifest or config.

Of a state (`state_reasons`): those of its images, and

`platform-added`, `platform-removed`   an image for a platform is in one of the two states only.
`artifacts`           there are other manifests that are of no image.
`index`               every image is the same, and the index around them is another; perhaps its attestations are.
`same`                the same digest.

Of a tag's history (`collector.diff.differ`): `first-seen`, `gone`, `back`, `unreadable`.

What is deduced, without annotations, can be wrong: a rebuild on a base whose steps and dates did not move counts as
`rebuilt`, and the changes of a base that is not found count as the Dockerfile's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, get_args

import msgspec

from collector.diff.annotations import base_moved, base_names, source_moved, source_reason
from collector.diff.changes import Counted, Moved, PlatformFact, Reason, ReasonCode, Where
from collector.diff.configs import ConfigChange, TextEdit
from collector.diff.package_changes import PackagesDifference
from collector.diff.package_reasons import with_packages
from collector.diff.step_reasons import file_counts, listed, moved_roots, moved_versions, root_changed, steps_reason
from collector.model.digests import Digest
from collector.model.images import Image

WEIGHT: dict[ReasonCode, int] = {code: place for place, code in enumerate(get_args(ReasonCode))}

_MAX_NAMED = 3
"""The number of platforms that are named; the others are counted."""

_MAX_NAME = 100
"""Characters of a platform's name; an index may contain any text."""

_MAX_WINDOWS_VERSION = 40


def image_reasons(
    before: Image, after: Image, change: ConfigChange, packages: PackagesDifference | None, *, new_layers: bool
) -> tuple[Reason, ...]:
    """Why an image differs from the previous one of its platform, in order of weight.

    `packages`: None if they are not known.
    """
    if before.config.digest == after.config.digest:
        return (Reason(code="repacked") if new_layers else Reason(code="metadata", detail="config"),)
    own_edits, base_edits = attributed_edits(before, after, change)
    base_reason = _base_reason(before, after, change, base_edits, new_layers=new_layers)
    reasons = []
    if own_edits:
        reasons.append(_own_reason(own_edits, same_command=before.config.cmd == after.config.cmd))
    elif base_edits and base_reason is None:
        reasons.append(steps_reason(base_edits))
    elif source := source_reason(before, after):
        reasons.append(source)
    if base_reason:
        reasons.append(with_packages(base_reason, packages))
    elif packages and packages.changes:
        reasons.append(with_packages(Reason(code="packages-updated"), packages))
    if not reasons and new_layers:
        reasons.append(with_packages(Reason(code="rebuilt"), packages))
    return tuple(reasons) or (Reason(code="metadata", detail="layers"),)


def attributed_edits(
    before: Image, after: Image, change: ConfigChange
) -> tuple[tuple[TextEdit, ...], tuple[TextEdit, ...]]:
    """The changed steps of the image's own Dockerfile and those of the base, by annotations or else by deduction."""
    moved = base_moved(before, after)
    everything = (*change.base_edits, *change.own_edits)
    if moved is False:
        return everything, ()
    if moved and source_moved(before, after) is False:
        return (), everything
    return change.own_edits, change.base_edits


def _base_reason(
    before: Image, after: Image, change: ConfigChange, base_edits: tuple[TextEdit, ...], *, new_layers: bool
) -> Reason | None:
    moved = base_moved(before, after)
    windows = _moved_windows(before, after)
    if moved is None:
        moved = new_layers and (
            bool(base_edits or change.base_rebuilt or windows) or _foreign_layers(before) != _foreign_layers(after)
        )
    if not moved:
        return None
    old, new = base_names(before, after)
    versions = [windows] if windows else moved_base(base_edits)
    return listed(Reason(code="base-moved", before=old, after=new), versions)


# The platforms of an index usually differ in the same steps.
@lru_cache(maxsize=256)
def moved_base(edits: tuple[TextEdit, ...]) -> Sequence[Moved]:
    """The versions that moved in the steps of the base; else the dates of its root filesystem."""
    return moved_versions(edits) or moved_roots(edits)


def _moved_windows(before: Image, after: Image) -> Moved | None:
    """The version of Windows below an image, if both images state one and they differ."""
    old, new = before.platform.os_version, after.platform.os_version
    if old == new or not old or not new:
        return None
    return Moved("Windows", old[:_MAX_WINDOWS_VERSION], new[:_MAX_WINDOWS_VERSION])


def _foreign_layers(image: Image) -> list[str]:
    """Layers that only Microsoft may distribute."""
    return [layer.digest for layer in image.layers if ".foreign." in layer.media_type]


@lru_cache(maxsize=256)
def _own_reason(edits: tuple[TextEdit, ...], *, same_command: bool) -> Reason:
    if root_changed(edits, same_command=same_command):
        return Reason(code="files-changed", detail="root-filesystem")
    files = file_counts(edits)
    return steps_reason(edits) if files is None else Reason(code="files-changed", counts=files)


def state_reasons(
    images: Sequence[tuple[str, tuple[Reason, ...]]],
    *,
    unchanged: int,
    added: Sequence[PlatformFact],
    removed: Sequence[PlatformFact],
    attestations_changed: bool,
    artifacts: tuple[Sequence[Digest], Sequence[Digest]] = ((), ()),
) -> tuple[Reason, ...]:
    """Why a state differs from the previous one, in order of weight.

    Args:
        images: the reasons of each platform whose image changed, by its name.
        unchanged: the number of platforms with the same image in both.
        artifacts: the manifests that are not images, before and after.
    """
    reasons = [_joined(code, images, unchanged) for code in {one.code for _, each in images for one in each}]
    if added:
        reasons.append(Reason(code="platform-added", counts=_platform_counts("added", added)))
    if removed:
        reasons.append(Reason(code="platform-removed", counts=_platform_counts("removed", removed)))
    if counts := _artifact_counts(*artifacts):
        reasons.append(Reason(code="artifacts", counts=counts))
    if not reasons:
        reasons.append(Reason(code="index", detail="attestations" if attestations_changed else ""))
    return tuple(sorted(reasons, key=lambda reason: WEIGHT[reason.code]))


def _joined(code: ReasonCode, images: Sequence[tuple[str, tuple[Reason, ...]]], unchanged: int) -> Reason:
    """One reason for several platforms: the facts that most of them share, and the platforms if not all have it."""
    having = [(platform, one) for platform, each in images for one in each if one.code == code]
    reason = most_shared([one for _, one in having])
    total = len(images) + unchanged
    if len(having) == total:
        return reason
    where = Where(platform=having[0][0][:_MAX_NAME], count=len(having), total=total)
    return msgspec.structs.replace(reason, where=where)


def most_shared(reasons: Sequence[Reason]) -> Reason:
    """The facts that most platforms have; of several that as many have, the first."""
    return reasons[0] if len(reasons) == 1 else Counter(reasons).most_common(1)[0][0]


def _artifact_counts(before: Sequence[Digest], after: Sequence[Digest]) -> tuple[Counted, ...]:
    added, removed = len(set(after) - set(before)), len(set(before) - set(after))
    if added == removed == 1:
        return (Counted("changed", "", 1),)
    counts = (Counted("added", "", added), Counted("removed", "", removed))
    return tuple(counted for counted in counts if counted.count)


def _platform_counts(kind: Literal["added", "removed"], platforms: Sequence[PlatformFact]) -> tuple[Counted, ...]:
    """Each platform with its number of images; if there are many platforms, only the total number of images."""
    names = Counter(fact.platform[:_MAX_NAME] for fact in platforms)
    if len(names) > _MAX_NAMED:
        return (Counted(kind, "", len(platforms)),)
    return tuple(Counted(kind, name, count) for name, count in names.items())
