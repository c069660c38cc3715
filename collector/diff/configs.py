"""Two configs beside each other: settings and steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from collector.diff.bases import base_length
from collector.diff.changes import SettingChange, SettingKind, StepChange
from collector.diff.instructions import bare_step
from collector.diff.runtime import comparable_settings
from collector.diff.settings import compare_settings, has_settings
from collector.diff.steps import Edit, align, describe_edit
from collector.diff.words import bounded
from collector.model.images import Config

MOST_LISTED = 200
"""Changed steps, and settings, that are listed; the rest are counted."""

_MOST_WORDS = 100
"""Of an entrypoint, command or shell."""


class TextEdit(NamedTuple):
    """A step's text before and after; None where there is none."""

    before: str | None
    after: str | None


class ConfigChange(msgspec.Struct, frozen=True, kw_only=True):
    """How one config differs from another."""

    settings: tuple[SettingChange, ...]
    steps: tuple[StepChange, ...]
    steps_kept: int
    steps_rebuilt: int
    left_out: int
    own_edits: tuple[TextEdit, ...]
    """Listed steps that changed and are of the image's own Dockerfile, as far as can be told."""
    base_edits: tuple[TextEdit, ...]
    """Listed steps that changed and came from the base image."""
    base_rebuilt: bool
    """A step of the base has the same text and another date."""


def compare_configs(before: Config, after: Config) -> ConfigChange:
    """Everything that the two configs tell."""
    old, new = _texts(before), _texts(after)
    alignment = align(old, new)
    listed = alignment.edits[:MOST_LISTED]
    settings = _compare_commands(before, after)
    by_steps = before.runtime is None and after.runtime is None
    if not by_steps or any(has_settings(text) for edit in alignment.edits for text in _text_edit(edit, old, new)):
        settings += compare_settings(*comparable_settings(before, after))
    bases = base_length(before.history), base_length(after.history)
    edits = [(_text_edit(edit, old, new), _is_in_base(edit.before, edit.after, bases)) for edit in listed]
    rebuilt = [pair for pair in alignment.kept if before.history[pair[0]].created != after.history[pair[1]].created]
    return ConfigChange(
        settings=tuple(settings[:MOST_LISTED]),
        steps=tuple(describe_edit(edit, old, new) for edit in listed),
        steps_kept=len(alignment.kept),
        steps_rebuilt=len(rebuilt),
        left_out=len(alignment.edits) - len(listed) + len(settings[MOST_LISTED:]),
        own_edits=tuple(edit for edit, in_base in edits if not in_base),
        base_edits=tuple(edit for edit, in_base in edits if in_base),
        base_rebuilt=any(_is_in_base(*pair, bases) for pair in rebuilt),
    )


def _texts(config: Config) -> list[str]:
    """What the steps say, apart from how their builder writes it."""
    return [bare_step(step.text) for step in config.history]


def _compare_commands(before: Config, after: Config) -> list[SettingChange]:
    kinds: tuple[tuple[SettingKind, tuple[str, ...] | None, tuple[str, ...] | None], ...] = (
        ("entrypoint", before.entrypoint, after.entrypoint),
        ("cmd", before.cmd, after.cmd),
        ("shell", before.shell, after.shell),
    )
    return [SettingChange(kind=kind, before=_shown(old), after=_shown(new)) for kind, old, new in kinds if old != new]


def _shown(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if words is None:
        return None
    more = ("…",) if len(words) > _MOST_WORDS else ()
    return (*(bounded(word) for word in words[:_MOST_WORDS]), *more)


def _is_in_base(before: int | None, after: int | None, bases: tuple[int, int]) -> bool:
    """Whether a step, by its places in both histories, came from the base."""
    return (before is None or before < bases[0]) and (after is None or after < bases[1])


def _text_edit(edit: Edit, before: Sequence[str], after: Sequence[str]) -> TextEdit:
    return TextEdit(
        before=None if edit.before is None else before[edit.before],
        after=None if edit.after is None else after[edit.after],
    )
