"""Compares two lists of steps: which were kept, added, removed and changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from collector.diff.changes import StepChange
from collector.diff.instructions import destination_of, split_step
from collector.diff.sequences import common_ends, common_pairs
from collector.diff.step_settings import parse_labels, parse_variables
from collector.diff.word_diff import bounded, compare_words, likeness

_MAX_DIFFERENT = 400
"""The number of differing steps above which all count as replaced."""

_MAX_PAIRED = 40
"""The number of removed and of added steps in one place that are searched for pairs."""

_ALIKE = 0.5
"""The minimum share of common words for two steps of one instruction to count as one changed step."""

_BY_NAMES = {"ENV": parse_variables, "ARG": parse_variables, "LABEL": parse_labels}
_BY_WORDS = frozenset({"RUN", "ONBUILD", ""})


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One step that differs between the lists. At least one of `before` and `after` is set."""

    before: int | None
    """Its place in the first list; None if the step was added."""
    after: int | None
    """Its place in the second list; None if the step was removed."""


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """Every step of both lists is in exactly one pair or edit."""

    kept: list[tuple[int, int]]
    edits: list[Edit]
    """In order of the steps."""


def align(before: Sequence[str], after: Sequence[str]) -> Alignment:
    """Match two lists of step texts."""
    start, end = common_ends(before, after)
    old, new = len(before) - end, len(after) - end
    middle = _align_middle(tuple(before[start:old]), tuple(after[start:new]))
    return Alignment(
        kept=[
            *((place, place) for place in range(start)),
            *((start + left, start + right) for left, right in middle.kept),
            *((old + place, new + place) for place in range(end)),
        ],
        edits=[_moved_by(start, edit) for edit in middle.edits],
    )


def _moved_by(start: int, edit: Edit) -> Edit:
    return Edit(
        before=None if edit.before is None else edit.before + start,
        after=None if edit.after is None else edit.after + start,
    )


@lru_cache(maxsize=256)
def _align_middle(before: tuple[str, ...], after: tuple[str, ...]) -> Alignment:
    """The same without the common start and end. The platforms of an index usually differ in the same steps."""
    kept = common_pairs(before, after, limit=_MAX_DIFFERENT)
    edits: list[Edit] = []
    done_before = done_after = 0
    for at_before, at_after in [*kept, (len(before), len(after))]:
        if at_before > done_before or at_after > done_after:
            removed, added = range(done_before, at_before), range(done_after, at_after)
            edits.extend(_edits_between(before, after, removed, added))
        done_before, done_after = at_before + 1, at_after + 1
    return Alignment(kept=kept, edits=_with_moved(edits, before, after))


def _with_moved(edits: list[Edit], before: Sequence[str], after: Sequence[str]) -> list[Edit]:
    """The same, where a step that was rewritten also moved past a step that was kept: it is one edit, at its new place.

    A step that only moved is removed and added.
    """
    removed = [edit.before for edit in edits if edit.before is not None and edit.after is None]
    added = [edit.after for edit in edits if edit.after is not None and edit.before is None]
    removed = [place for place in removed if split_step(before[place])[0] in _BY_WORDS]
    texts = {before[place] for place in removed}
    pairs = _changed_pairs(before, after, removed, [place for place in added if after[place] not in texts])
    moved = {new: old for old, new in pairs.items()}
    return [
        Edit(before=moved[edit.after], after=edit.after) if edit.after in moved else edit
        for edit in edits
        if edit.after is not None or edit.before not in pairs
    ]


def _edits_between(before: Sequence[str], after: Sequence[str], removed: range, added: range) -> list[Edit]:
    pairs = _changed_pairs(before, after, removed, added)
    edits = [Edit(before=place, after=pairs.get(place)) for place in removed]
    taken = set(pairs.values())
    edits.extend(Edit(before=None, after=place) for place in added if place not in taken)
    # Sorted by new place; a removed step comes before its replacement.
    position = {place: added.start + number for number, place in enumerate(removed)}
    return sorted(edits, key=lambda edit: _position(edit, position))


def _position(edit: Edit, of_removed: dict[int, int]) -> tuple[int, int]:
    if edit.after is not None:
        return edit.after, 1
    return of_removed[edit.before or 0], 0


def _changed_pairs(
    before: Sequence[str], after: Sequence[str], removed: Sequence[int], added: Sequence[int]
) -> dict[int, int]:
    """Removed places, each with the added place of its changed form."""
    pairs: dict[int, int] = {}
    if not removed or not added or len(removed) > _MAX_PAIRED or len(added) > _MAX_PAIRED:
        return pairs
    free = {place: _subject(after[place]) for place in added}
    for place in removed:
        subject = _subject(before[place])
        rivals = [other for other, its in free.items() if its == subject]
        if subject[0] in _BY_WORDS:
            likes = {other: likeness(before[place], after[other]) for other in rivals}
            rivals = [other for other in sorted(likes, key=lambda other: -likes[other]) if likes[other] >= _ALIKE]
        if rivals:
            pairs[place] = rivals[0]
            del free[rivals[0]]
    return pairs


def _subject(text: str) -> tuple[str, ...]:
    """The subject of a step: two steps with the same subject may be one step that changed."""
    instruction, rest = split_step(text)
    if instruction in _BY_NAMES:
        return (instruction, *_BY_NAMES[instruction](rest))
    if instruction in ("ADD", "COPY"):
        return (instruction, destination_of(rest))
    return (instruction,)


def describe_edit(edit: Edit, before: Sequence[str], after: Sequence[str]) -> StepChange:
    """The edit as a fact with its words."""
    old = None if edit.before is None else before[edit.before]
    new = None if edit.after is None else after[edit.after]
    instruction = split_step(new if new is not None else old or "")[0]
    if old is None:
        return StepChange(kind="added", instruction=instruction, text=bounded(new or ""))
    if new is None:
        return StepChange(kind="removed", instruction=instruction, text=bounded(old))
    return StepChange(kind="changed", instruction=instruction, words=compare_words(old, new))
