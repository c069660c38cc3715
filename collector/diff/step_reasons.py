"""Reasons from changed steps: the values that help a reader most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from collector.diff.base_image import adds_root, root_version
from collector.diff.changes import Counted, Moved, Reason
from collector.diff.configs import TextEdit
from collector.diff.instructions import destination_of, notes_of, split_step
from collector.diff.step_settings import parse_labels, parse_variables
from collector.diff.step_words import words_reason

_MAX_VALUE = 40
"""Characters; a reason has only the name of a longer value."""

_MAX_LISTED = 2
"""The number of values and steps that are listed; the others are counted."""

Kind = Literal["added", "removed", "changed", "replaced"]

_VERSION_NAME = re.compile(r"(?:\A|_)(?:VERSION|VER|RELEASE|BRANCH|TAG)(?:_|\Z)", re.IGNORECASE | re.ASCII)
_CHECKSUM_NAME = re.compile(r"SHA\d*|MD5|KEYS?|CHECKSUM|URLS?|ASC|GPG|SUM", re.IGNORECASE | re.ASCII)
_ARGUMENTS = "# ARGS: "
_ARGUMENT = re.compile(r'^# ARG: "([^"\n]*)" => "([^\n]*)"$', re.MULTILINE)
_CHECKSUM = re.compile(r"\b(?:file|dir|multi):[0-9a-f]{64}\b", re.ASCII)


def steps_reason(edits: Sequence[TextEdit]) -> Reason:
    """The most helpful facts: a version, else another variable, else a change inside steps, else the numbers of
    steps.
    """
    reason = Reason(code="dockerfile-changed")
    if versions := moved_versions(edits):
        return listed(msgspec.structs.replace(reason, detail="version"), versions)
    if others := _moved_others(edits):
        return listed(reason, others)
    return words_reason(edits) or msgspec.structs.replace(reason, counts=_step_counts(edits))


def moved_versions(edits: Sequence[TextEdit]) -> list[Moved]:
    """The versions that moved, the main one first: PYTHON_VERSION.

    The main one has the fewest words in its name: PYTHON_VERSION comes before PYTHON_PIP_VERSION. The version of
    Windows is included.
    """
    moved = [one for one in _moved_variables(edits) if is_version_name(one.name)] + _moved_windows(edits)
    return sorted(moved, key=lambda one: one.name.count("_"))


def is_version_name(name: str) -> bool:
    """Whether a variable has a version, by its name."""
    return _VERSION_NAME.search(name) is not None


def moved_roots(edits: Sequence[TextEdit]) -> list[Moved]:
    """The root filesystem of a base that moved: `debian bookworm 2026-08-03 → 2026-08-24`."""
    for edit in edits:
        (old, before), (new, after) = root_version(edit.before or ""), root_version(edit.after or "")
        if before and after:
            return [Moved(new, before, after)] if old == new else [Moved("", f"{old} {before}", f"{new} {after}")]
    return []


def listed(reason: Reason, values: Sequence[Moved]) -> Reason:
    """The reason with its first values, and the number of the others."""
    first = tuple(_bounded(one) for one in values[:_MAX_LISTED])
    return msgspec.structs.replace(reason, moved=first, more=len(values) - len(first))


def _bounded(moved: Moved) -> Moved:
    """The value on one line, and empty if it is too long for a summary."""
    name, before, after = (" ".join(part.split()) for part in (moved.name, moved.before, moved.after))
    if max(len(before), len(after)) > _MAX_VALUE or not before or not after:
        before = after = ""
    return Moved(name[:_MAX_VALUE], before, after)


def _moved_others(edits: Sequence[TextEdit]) -> Sequence[Moved]:
    """Variables that moved; checksums, keys and addresses only if there are no others."""
    moved = _moved_variables(edits)
    others = [one for one in moved if not set(one.name.split("_")) & set(_CHECKSUM_NAME.findall(one.name))]
    return others or (moved if len(moved) == len(edits) else ())


def _moved_variables(edits: Sequence[TextEdit]) -> list[Moved]:
    """Variables of ENV, ARG and LABEL that both sides set to different values, in order of the steps."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for edit in edits:
        before.update(_variables(edit.before))
        after.update(_variables(edit.after))
    return [Moved(name, before[name], value) for name, value in after.items() if before.get(name, value) != value]


def _variables(text: str | None) -> Mapping[str, str]:
    instruction, rest = split_step(text or "")
    if notes := notes_of(text or ""):
        return _arguments(notes)
    if instruction in ("ENV", "ARG"):
        return parse_variables(rest)
    return parse_labels(rest) if instruction == "LABEL" else {}


def _arguments(notes: str) -> dict[str, str]:
    """The arguments of a build that a page shows above a step: `# ARGS: A=1 B=2`, `# ARG: "A" => "1"`."""
    arguments = dict(_ARGUMENT.findall(notes))
    for line in notes.splitlines():
        if line.startswith(_ARGUMENTS):
            arguments |= parse_variables(line.removeprefix(_ARGUMENTS))
    return arguments


def _moved_windows(edits: Sequence[TextEdit]) -> list[Moved]:
    """`Apply image` and `Install update` of Windows bases, from the last version to the last."""
    versions = [
        [split_step(text)[1].removeprefix(verb) for text in side if text and split_step(text)[1].startswith(verb)]
        for side in ([edit.before for edit in edits], [edit.after for edit in edits])
        for verb in ("Install update ", "Apply image ")
    ]
    before, after = versions[0] or versions[1], versions[2] or versions[3]
    return [Moved("Windows", before[-1], after[-1])] if before and after and before[-1] != after[-1] else []


def file_counts(edits: Sequence[TextEdit]) -> tuple[Counted, ...] | None:
    """The number of steps that copied changed files, by folder; None if more than the checksums of ADD and COPY
    changed.
    """
    folders: list[str] = []
    for edit in edits:
        if edit.before is None or edit.after is None or split_step(edit.after)[0] not in ("ADD", "COPY"):
            return None
        if _CHECKSUM.sub("", edit.before) != _CHECKSUM.sub("", edit.after):
            return None
        folders.append(destination_of(split_step(edit.after)[1]))
    counts = Counter(folders)
    if len(counts) > _MAX_LISTED:
        return (Counted("changed", "", len(edits)),)
    return tuple(Counted("changed", folder[:_MAX_VALUE], count) for folder, count in counts.items())


def root_changed(edits: Sequence[TextEdit], *, same_command: bool) -> bool:
    """Whether the first changed step adds a whole filesystem, and only files changed.

    A step that sets the command may be added or removed with the filesystem if the command stays the same.
    """
    steps = [edit.after for edit in edits if edit.after is not None]
    others = [edit for edit in edits if not _is_of_root(edit, same_command=same_command)]
    return bool(steps) and adds_root(steps[0]) and (not others or file_counts(others) is not None)


def _is_of_root(edit: TextEdit, *, same_command: bool) -> bool:
    if any(adds_root(text) for text in edit if text):
        return True
    is_changed = edit.before is not None and edit.after is not None
    return same_command and not is_changed and split_step(edit.after or edit.before or "")[0] == "CMD"


def _step_counts(edits: Sequence[TextEdit]) -> tuple[Counted, ...]:
    """The number of steps of each instruction that were added, removed, replaced or changed."""
    kinds: dict[Kind, Counter[str]] = {"added": Counter(), "removed": Counter(), "changed": Counter()}
    for edit in edits:
        kind: Kind = "added" if edit.before is None else "removed" if edit.after is None else "changed"
        kinds[kind][split_step(edit.after or edit.before or "")[0]] += 1
    if kinds["added"].total() == 1 and kinds["added"] == kinds["removed"]:
        kinds = {"replaced": kinds["added"], "changed": kinds["changed"]}
    return tuple(Counted(kind, *one) for kind, counts in kinds.items() for one in _summed(counts))


def _summed(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """Each instruction with its number of steps; only the total if there are many instructions."""
    if len(counts) == 1 or counts.total() == len(counts) <= _MAX_LISTED:
        return counts.items()
    return [("", counts.total())] if counts else []
