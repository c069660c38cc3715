"""The sentences of all reasons, for the facts that `collector.diff` finds.

Each code has one line in `_WORDS`: its name, which tables show, and its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from collector.diff.changes import Change, Counted, Moved, Reason, ReasonCode


class ReasonText(msgspec.Struct, frozen=True, kw_only=True):
    """A reason with its sentence, as published."""

    code: ReasonCode
    text: str
    """A few words for people: `PYTHON_VERSION 3.6.3 → 3.6.4`. Contains values from the archive: hostile plain text."""


class _Words(NamedTuple):
    name: str
    """For the cell of a table, without the values of a reason."""
    sentence: Callable[[Reason], str]


def reason_name(code: ReasonCode) -> str:
    """`base image moved`."""
    return _WORDS[code].name


def reason_text(reason: Reason) -> str:
    """`PYTHON_VERSION 3.6.3 → 3.6.4 (on linux/amd64)`."""
    text = _WORDS[reason.code].sentence(reason)
    if reason.where is None:
        return text
    platform, count, total = reason.where.platform, reason.where.count, reason.where.total
    return f"{text} (on {platform if count == 1 else f'{count} of {total} platforms'})"


def summary_text(reasons: Iterable[Reason]) -> str:
    """All reasons on one line: `PYTHON_VERSION 3.6.3 → 3.6.4; base image moved`."""
    return "; ".join(map(reason_text, reasons))


def reason_texts(reasons: Iterable[Reason]) -> tuple[ReasonText, ...]:
    """The reasons in their published form."""
    return tuple(ReasonText(code=reason.code, text=reason_text(reason)) for reason in reasons)


def published_change(change: Change) -> dict[str, object]:
    """A change in its published form, with the sentences of its reasons."""
    first, *others = reason_texts(change.reasons)
    published: dict[str, object] = msgspec.to_builtins(change)
    return published | {"reason": first} | ({"also": others} if others else {})


def _fixed(text: str, **details: str) -> Callable[[Reason], str]:
    """A sentence without values; `details` are the sentences of the other cases of its code."""
    by_detail = {"": text} | {name.replace("_", "-"): words for name, words in details.items()}
    return lambda reason: by_detail[reason.detail]


def _steps(reason: Reason) -> str:
    """`PYTHON_VERSION 3.6.3 → 3.6.4`, `RUN changed`, `2 steps added, CMD changed`."""
    if reason.moved:
        return _values(reason)
    return _counts(reason, _step_names if not reason.detail else partial(_names_inside, reason.detail))


def _source(reason: Reason) -> str:
    """`version 1.0 → 1.1`, `source changed`."""
    return f"{reason.detail} {reason.before} → {reason.after}" if reason.after else f"{reason.detail} changed"


def _files(reason: Reason) -> str:
    """`files copied to /usr/local/bin/ changed`."""
    if reason.detail == "root-filesystem":
        return "new root filesystem"
    if not reason.counts[0].name:
        return f"files of {reason.counts[0].count} steps changed"
    return f"files copied to {', '.join(counted.name for counted in reason.counts)} changed"


def _base(reason: Reason) -> str:
    """`base image debian:11 → debian:12: PHP_VERSION 7.1.12 → 7.1.13`."""
    if reason.before != reason.after:
        text = f"base image {reason.before} → {reason.after}"
    else:
        text = f"base image {reason.after} moved" if reason.after else "base image moved"
    return _with_packages(f"{text}: {_values(reason)}" if reason.moved else text, reason)


def _packages(reason: Reason) -> str:
    """`packages updated: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1, curl added and 5 more`."""
    return f"packages updated: {_values(reason)}"


def _with_packages(text: str, reason: Reason) -> str:
    return f"{text}, same packages" if reason.detail == "same-packages" else text


def _platforms(reason: Reason) -> str:
    """`linux/arm64/v8 added`, `5 platforms removed`."""
    return f"{', '.join(map(_platform_name, reason.counts))} {reason.counts[0].kind}"


def _platform_name(counted: Counted) -> str:
    if not counted.name:
        return f"{counted.count} platforms"
    return counted.name if counted.count == 1 else f"{counted.count} images for {counted.name}"


def _named_platforms(before: str, behind: str = "") -> Callable[[Reason], str]:
    """`new platform: linux/arm/v5`, `new platforms: linux/386, linux/s390x`, `5 new platforms`."""

    def sentence(reason: Reason) -> str:
        first, number = reason.counts[0], len(reason.counts)
        if not first.name:
            return " ".join(filter(None, [str(first.count), before, "platforms", behind]))
        noun = " ".join(filter(None, [before, "platform" if number == 1 else "platforms", behind]))
        return f"{noun}: {', '.join(counted.name for counted in reason.counts)}"

    return sentence


def _artifacts(reason: Reason) -> str:
    """`artifact changed`, `2 artifacts added, artifact removed`."""
    counts = ((f"{each.count} artifacts" if each.count > 1 else "artifact", each.kind) for each in reason.counts)
    return ", ".join(f"{name} {kind}" for name, kind in counts)


def _values(reason: Reason) -> str:
    """`A_VERSION 1 → 2, B_VERSION 1 → 2 and 1 more`."""
    return ", ".join(map(moved_text, reason.moved)) + (f" and {reason.more} more" if reason.more else "")


def moved_text(moved: Moved) -> str:
    """`A_VERSION 1 → 2`; of a package also `curl 7.52.1-5 added`, `curl removed`."""
    if moved.before and moved.after:
        return f"{moved.name} {moved.before} → {moved.after}".lstrip()
    return (
        f"{moved.name} {moved.after} added"
        if moved.after
        else f"{moved.name} {'removed' if moved.before else 'changed'}"
    )


def _counts(reason: Reason, names: Callable[[list[Counted]], str]) -> str:
    kinds = dict.fromkeys(counted.kind for counted in reason.counts)
    return ", ".join(f"{names([each for each in reason.counts if each.kind == kind])} {kind}" for kind in kinds)


def _step_names(counts: list[Counted]) -> str:
    """`RUN`, `RUN and COPY`, `3 RUN steps`, `3 steps`."""
    first = counts[0]
    if first.count == 1:
        return " and ".join(counted.name or "step" for counted in counts)
    return f"{first.count} {first.name} steps" if first.name else f"{first.count} steps"


def _names_inside(noun: str, counts: list[Counted]) -> str:
    """`package curl`, `packages curl and wget`, `3 packages`."""
    if not counts[0].name:
        return f"{counts[0].count} {noun if counts[0].count > 1 else noun.removesuffix('s')}"
    names = " and ".join(counted.name for counted in counts)
    return f"{noun if len(counts) > 1 else noun.removesuffix('s')} {names}"


_WORDS: Mapping[ReasonCode, _Words] = {
    "first-seen": _Words("first seen", _fixed("first seen", readable_again="first readable")),
    "gone": _Words(
        "gone",
        _fixed(
            "removed from the registry",
            never_seen="did not exist yet",
            still_gone="still gone",
            not_followed="no longer followed",
            still_gone_not_followed="still gone, and no longer followed",
        ),
    ),
    "unreadable": _Words("could not be read", _fixed("could not be read")),
    "back": _Words("back", _fixed("back", same_digest="back, unchanged")),
    "dockerfile-changed": _Words("Dockerfile changed", _steps),
    "source-changed": _Words("source changed", _source),
    "files-changed": _Words("files changed", _files),
    "platform-removed": _Words("platform removed", _platforms),
    "platform-added": _Words("platform added", _platforms),
    "base-moved": _Words("base image moved", _base),
    "packages-updated": _Words("packages updated", _packages),
    "rebuilt": _Words("rebuilt", _fixed("rebuilt with the same steps", same_packages="rebuilt, same packages")),
    "repacked": _Words("layers recompressed", _fixed("same image, layers recompressed")),
    "new-platform": _Words("new platform", _named_platforms("new")),
    "platform-back": _Words("platform back", _named_platforms("", "back")),
    "platform-absent": _Words("platform temporarily absent", _named_platforms("", "temporarily absent")),
    "platform-dropped": _Words("platform dropped", _named_platforms("", "dropped")),
    "artifacts": _Words("artifacts changed", _artifacts),
    "metadata": _Words(
        "only metadata",
        _fixed("", config="only metadata: same Image ID", layers="only metadata: same layers and steps"),
    ),
    "index": _Words(
        "same image, different index",
        _fixed("same images, different index", attestations="same images, different attestations"),
    ),
    "same": _Words("no change", _fixed("no change", readable_again="readable again, unchanged")),
}
