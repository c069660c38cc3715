"""Steps whose change the table of settings shows in full, so that a page does not show it twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from collector.diff.changes import Change, SettingChange, SettingKind, StepChange
from collector.diff.instructions import split_step
from collector.diff.step_settings import parse_labels, parse_variables

_MAX_TEXT = 8_000
"""The text of a longer step is cut off."""
_BY_INSTRUCTION: Mapping[str, tuple[SettingKind, Callable[[str], Mapping[str, str]]]] = {
    "ENV": ("environment", parse_variables),
    "LABEL": ("label", parse_labels),
}


def shown_steps(change: Change) -> Iterator[tuple[StepChange, tuple[str, ...]]]:
    """The steps that a page shows, each with the platforms on which it changed, where these are not all."""
    for place, step in enumerate(change.steps):
        if not is_in_settings(step, change.settings):
            yield step, change.platforms_of(place)


def is_in_settings(step: StepChange, settings: Collection[SettingChange]) -> bool:
    """Whether all that a step sets, or sets differently, is among the settings that changed."""
    if step.instruction not in _BY_INSTRUCTION:
        return False
    kind, parse = _BY_INSTRUCTION[step.instruction]
    names = _names(step, parse)
    return bool(names) and names <= {setting.name for setting in settings if setting.kind == kind}


def _names(step: StepChange, parse: Callable[[str], Mapping[str, str]]) -> set[str]:
    """What the step sets, or sets differently; nothing where a part of its text is left out."""
    if step.kind != "changed":
        return set() if len(step.text) > _MAX_TEXT else set(parse(split_step(step.text)[1]))
    if any(part.op == "…" for part in step.words):
        return set()
    before, after = (
        parse(split_step("".join(part.text for part in step.words if part.op in kept))[1]) for kept in ("=-", "=+")
    )
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
