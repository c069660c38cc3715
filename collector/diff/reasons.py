"""Why an image or a state differs from the one before: the rules of every reason.

Of one platform's image (`image_reasons`), from its annotations where both images have them (see
`collector.diff.annotations`), else from its steps, their dates and its layers:

`dockerfile-changed`  a step of the image's own (see `collector.diff.base_image`) was added, removed or changed. The
                      words say what tells most: a version that moved (`PYTHON_VERSION 3.6.3 → 3.6.4`), else another
                      variable, else a version inside one step, else which instructions changed or how many steps.
`source-changed`      no step of the image's own changed, and the annotations say that the source did: the revision is
                      another or, where none is said, the version or the address of the source. What BuildKit copies
                      into an image leaves no trace in its steps, so that this is often all that tells of it.
`files-changed`       the only own steps that changed are ADD and COPY, and only in the checksum of what they add: the
                      Dockerfile is the same, the files beside it are not. An `ADD … in /` as first of them is
                      called a new root filesystem.
`base-moved`          there are layers that were not there before, and steps that came from the base image changed or
                      have the same text and another date; or the version of Windows or its layers (of a foreign
                      media type, often with no step) are others. Where a version moved in the base it is named.
                      Where both images say the digest of their base, that decides: another one is `base-moved`
                      whatever the steps say, the same one is not, and all steps that changed are the image's own.
                      Without digests another name of the base decides. Where the base moved and the revision did
                      not, all steps that changed are the base's. The base is named where both images name it.
`rebuilt`             all steps have the same text, the base did not move, and there are new layers.
`repacked`            the same Image ID, and so the same content, in layers compressed anew.
`metadata`            the same layers and steps under another manifest or config.

Of a state (`state_reasons`): those of its images, and

`platform-added`, `platform-removed`   an image for a platform is in one of the two states only.
`artifacts`           there are other manifests that are of no image.
`index`               every image is the same, and the index around them is another; perhaps its attestations are.
`same`                the same digest.

Of a tag's history (`collector.diff.differ`): `first-seen`, `gone`, `back`, `unreadable`.

What is deduced, without annotations, can be wrong: a rebuild on a base whose steps and dates did not move counts as
`rebuilt`, and a base that nothing tells of makes its changes look like the Dockerfile's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from collector.diff.annotations import base_moved, base_words, source_moved, source_words
from collector.diff.changes import PlatformFact, Reason, ReasonCode
from collector.diff.configs import ConfigChange, TextEdit
from collector.diff.values import files_words, root_changed, telling_words, version_words
from collector.model.digests import Digest
from collector.model.images import Image

WEIGHT: dict[ReasonCode, int] = {code: place for place, code in enumerate(get_args(ReasonCode))}

_MOST_NAMED = 3
"""Platforms that are named; more are counted."""

_LONGEST_NAME = 100
"""Characters of a platform's name; an index may say anything."""


def image_reasons(before: Image, after: Image, change: ConfigChange, *, new_layers: bool) -> tuple[Reason, ...]:
    """Why one image differs from the one before it on its platform, the weightiest first."""
    if before.config.digest == after.config.digest:
        text = "same image, layers compressed anew" if new_layers else "only metadata: same Image ID"
        return (Reason(code="repacked" if new_layers else "metadata", text=text),)
    own_edits, base_edits = _whose_edits(before, after, change)
    base_reason = _base_reason(before, after, change, base_edits, new_layers=new_layers)
    reasons = []
    if own_edits:
        reasons.append(_own_reason(own_edits))
    elif base_edits and base_reason is None:
        reasons.append(Reason(code="dockerfile-changed", text=telling_words(base_edits)))
    elif source := source_words(before, after):
        reasons.append(Reason(code="source-changed", text=source))
    if base_reason:
        reasons.append(base_reason)
    if not reasons and new_layers:
        reasons.append(Reason(code="rebuilt", text="rebuilt without a change of steps"))
    return tuple(reasons) or (Reason(code="metadata", text="only metadata: same layers and steps"),)


def _whose_edits(before: Image, after: Image, change: ConfigChange) -> tuple[Sequence[TextEdit], Sequence[TextEdit]]:
    """The steps that changed of the image's own Dockerfile, and those of the base: by annotations, else as deduced."""
    moved = base_moved(before, after)
    everything = (*change.base_edits, *change.own_edits)
    if moved is False:
        return everything, ()
    if moved and source_moved(before, after) is False:
        return (), everything
    return change.own_edits, change.base_edits


def _base_reason(
    before: Image, after: Image, change: ConfigChange, base_edits: Sequence[TextEdit], *, new_layers: bool
) -> Reason | None:
    moved = base_moved(before, after)
    windows = windows_words(before, after)
    if moved is None:
        moved = new_layers and bool(base_edits or change.base_rebuilt or windows is not None)
    if not moved:
        return None
    version = windows or version_words(base_edits)
    return Reason(code="base-moved", text=base_words(before, after) + (f": {version}" if version else ""))


def windows_words(before: Image, after: Image) -> str | None:
    """How Windows below an image moved: `Windows 10.0.14393.1944 → 10.0.14393.2007`.

    Empty where its layers moved and the version is the same or not said; None where nothing moved.
    """
    old, new = before.platform.os_version, after.platform.os_version
    if old != new and old and new:
        return f"Windows {old[:40]} → {new[:40]}"
    return "" if _foreign_layers(before) != _foreign_layers(after) else None


def _foreign_layers(image: Image) -> list[str]:
    """Layers that only Microsoft may hand out."""
    return [layer.digest for layer in image.layers if ".foreign." in layer.media_type]


def _own_reason(edits: Sequence[TextEdit]) -> Reason:
    files = files_words(edits)
    if files is None:
        return Reason(code="dockerfile-changed", text=telling_words(edits))
    return Reason(code="files-changed", text="new root filesystem" if root_changed(edits) else files)


def state_reasons(
    images: Sequence[tuple[str, tuple[Reason, ...]]],
    *,
    unchanged: int,
    added: Sequence[PlatformFact],
    removed: Sequence[PlatformFact],
    attestations_changed: bool,
    artifacts: tuple[Sequence[Digest], Sequence[Digest]] = ((), ()),
) -> tuple[Reason, ...]:
    """Why a state differs from the one before it, the weightiest reason first.

    Args:
        images: the platforms whose image changed, by name, with the reasons of each.
        unchanged: how many platforms have the same image in both.
        artifacts: what is no image, before and after.
    """
    reasons = [_joined(code, images, unchanged) for code in {one.code for _, each in images for one in each}]
    if added:
        reasons.append(Reason(code="platform-added", text=f"{_names(added)} added"))
    if removed:
        reasons.append(Reason(code="platform-removed", text=f"{_names(removed)} removed"))
    if words := _artifact_words(*artifacts):
        reasons.append(Reason(code="artifacts", text=words))
    if not reasons:
        what = "other attestations" if attestations_changed else "another index"
        reasons.append(Reason(code="index", text=f"same images, {what}"))
    return tuple(sorted(reasons, key=lambda reason: WEIGHT[reason.code]))


def _joined(code: ReasonCode, images: Sequence[tuple[str, tuple[Reason, ...]]], unchanged: int) -> Reason:
    """One reason of several platforms, in the words that most of them have; where not all have it, says which do."""
    having = [(platform, one.text) for platform, each in images for one in each if one.code == code]
    text = Counter(text for _, text in having).most_common(1)[0][0]
    total = len(images) + unchanged
    if len(having) == total:
        return Reason(code=code, text=text)
    where = having[0][0][:_LONGEST_NAME] if len(having) == 1 else f"{len(having)} of {total} platforms"
    return Reason(code=code, text=f"{text} (on {where})")


def _artifact_words(before: Sequence[Digest], after: Sequence[Digest]) -> str:
    """`artifact changed`, `2 artifacts added, artifact removed`; empty where they are the same."""
    added, removed = len(set(after) - set(before)), len(set(before) - set(after))
    if added == removed == 1:
        return "artifact changed"
    counts = {"added": added, "removed": removed}
    said = [f"{'artifact' if count == 1 else f'{count} artifacts'} {what}" for what, count in counts.items() if count]
    return ", ".join(said)


def _names(platforms: Sequence[PlatformFact]) -> str:
    names = Counter(fact.platform[:_LONGEST_NAME] for fact in platforms)
    if len(names) > _MOST_NAMED:
        return f"{len(platforms)} platforms"
    return ", ".join(name if count == 1 else f"{count} images for {name}" for name, count in names.items())
