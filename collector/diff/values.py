"""The few words that tell most about a set of changed steps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from collector.diff.base_image import adds_root
from collector.diff.configs import TextEdit
from collector.diff.instructions import destination_of, split_step
from collector.diff.step_settings import parse_labels, parse_variables
from collector.diff.word_diff import compare_words

_LONGEST_VALUE = 40
"""Characters of a value, beyond which only its name is said."""

_MOST_SAID = 2

_VERSION_NAME = re.compile(r"(?:\A|_)(?:VERSION|VER|RELEASE|BRANCH|TAG)(?:_|\Z)", re.IGNORECASE | re.ASCII)
_VERSION = re.compile(r"v?\d[\w.+~-]*\.[\w.+~-]*\Z", re.ASCII)
_CHECKSUM_NAME = re.compile(r"SHA\d*|MD5|KEYS?|CHECKSUM|URLS?|ASC|GPG|SUM", re.IGNORECASE | re.ASCII)
_CHECKSUM = re.compile(r"\b(?:file|dir|multi):[0-9a-f]{64}\b", re.ASCII)

Moved = tuple[str, str, str]
"""A name with its value before and after."""


def telling_words(edits: Sequence[TextEdit]) -> str:
    """What tells most: a version, another variable, a version inside a step, or what kind of steps."""
    return version_words(edits) or _variable_words(edits) or _version_inside(edits) or _step_words(edits)


def version_words(edits: Sequence[TextEdit]) -> str:
    """The versions that moved, the main one first: `PYTHON_VERSION 3.6.3 → 3.6.4`; empty where none did.

    The main one is the one with the shortest name by words: PYTHON_VERSION goes before PYTHON_PIP_VERSION.
    Windows' own version is one of them.
    """
    moved = [one for one in _moved_variables(edits) if _VERSION_NAME.search(one[0])] + _windows_moved(edits)
    return _said(sorted(moved, key=lambda one: one[0].count("_")))


def _variable_words(edits: Sequence[TextEdit]) -> str:
    """Variables that moved; checksums, keys and addresses only where there is nothing else."""
    moved = _moved_variables(edits)
    others = [one for one in moved if not set(one[0].split("_")) & set(_CHECKSUM_NAME.findall(one[0]))]
    return _said(others or (moved if len(moved) == len(edits) else ()))


def _said(moved: Sequence[Moved]) -> str:
    words = [_moved_words(one) for one in moved[:_MOST_SAID]]
    return ", ".join(words) + (f" and {len(moved) - _MOST_SAID} more" if len(moved) > _MOST_SAID else "")


def _moved_words(moved: Moved) -> str:
    name, before, after = (" ".join(part.split()) for part in moved)
    if max(len(before), len(after)) > _LONGEST_VALUE or not before or not after:
        return f"{name[:_LONGEST_VALUE]} changed"
    return f"{name[:_LONGEST_VALUE]} {before} → {after}"


def _moved_variables(edits: Sequence[TextEdit]) -> list[Moved]:
    """Variables of ENV, ARG and LABEL that are set on both sides, to different values; in the order of the steps."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for edit in edits:
        before.update(_variables(edit.before))
        after.update(_variables(edit.after))
    return [(name, before[name], value) for name, value in after.items() if before.get(name, value) != value]


def _variables(text: str | None) -> dict[str, str]:
    instruction, rest = split_step(text or "")
    if instruction in ("ENV", "ARG"):
        return parse_variables(rest)
    return parse_labels(rest) if instruction == "LABEL" else {}


def _windows_moved(edits: Sequence[TextEdit]) -> list[Moved]:
    """`Apply image` and `Install update` of Windows bases, from the last version to the last."""
    versions = [
        [split_step(text)[1].removeprefix(verb) for text in side if text and split_step(text)[1].startswith(verb)]
        for side in ([edit.before for edit in edits], [edit.after for edit in edits])
        for verb in ("Install update ", "Apply image ")
    ]
    before, after = versions[0] or versions[1], versions[2] or versions[3]
    return [("Windows", before[-1], after[-1])] if before and after and before[-1] != after[-1] else []


def _version_inside(edits: Sequence[TextEdit]) -> str:
    """`RUN: 1.2.0 → 1.2.1`, where exactly one word changed in the one step that did, and it is a version."""
    if len(edits) != 1:
        return ""
    edit = edits[0]
    if edit.before is None or edit.after is None:
        return ""
    moved = [segment for segment in compare_words(edit.before, edit.after) if segment.op in "-+"]
    words = [segment.text.strip() for segment in moved]
    if [segment.op for segment in moved] != ["-", "+"] or not all(_VERSION.match(word) for word in words):
        return ""
    return f"{split_step(edit.after)[0]}: {words[0][:_LONGEST_VALUE]} → {words[1][:_LONGEST_VALUE]}"


def files_words(edits: Sequence[TextEdit]) -> str | None:
    """`files copied to /usr/local/bin/ changed`, where only the checksums of ADD and COPY did; else None."""
    places = []
    for edit in edits:
        if edit.before is None or edit.after is None or split_step(edit.after)[0] not in ("ADD", "COPY"):
            return None
        if _CHECKSUM.sub("", edit.before) != _CHECKSUM.sub("", edit.after):
            return None
        places.append(destination_of(split_step(edit.after)[1]))
    where = ", ".join(place[:_LONGEST_VALUE] for place in dict.fromkeys(places))
    return (
        f"files copied to {where} changed" if len(set(places)) <= _MOST_SAID else f"files of {len(edits)} steps changed"
    )


def root_changed(edits: Sequence[TextEdit]) -> bool:
    """Whether the first of these steps adds a whole filesystem."""
    return bool(edits) and edits[0].after is not None and adds_root(edits[0].after)


def _step_words(edits: Sequence[TextEdit]) -> str:
    """`RUN changed`, `RUN replaced`, `2 steps added, CMD changed`."""
    kinds: dict[str, Counter[str]] = {"added": Counter(), "removed": Counter(), "changed": Counter()}
    for edit in edits:
        kind = "added" if edit.before is None else "removed" if edit.after is None else "changed"
        kinds[kind][split_step(edit.after or edit.before or "")[0]] += 1
    if kinds["added"].total() == 1 and kinds["added"] == kinds["removed"]:
        kinds = {"replaced": kinds["added"], "changed": kinds["changed"]}
    return ", ".join(f"{_counted(counts)} {kind}" for kind, counts in kinds.items() if counts)


def _counted(counts: Counter[str]) -> str:
    """`RUN`, `RUN and COPY`, `3 RUN steps`, `3 steps`."""
    if counts.total() == len(counts) <= _MOST_SAID:
        return " and ".join(counts)
    return f"{counts.total()} {next(iter(counts))} steps" if len(counts) == 1 else f"{counts.total()} steps"
