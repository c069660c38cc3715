"""Compares two configs: their settings and steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from collector.diff.base_image import base_length
from collector.diff.changes import SettingChange, SettingKind, StepChange
from collector.diff.config_settings import comparable_settings
from collector.diff.instructions import bare_step
from collector.diff.step_settings import compare_settings, has_settings
from collector.diff.steps import Edit, align, describe_edit
from collector.diff.word_diff import bounded
from collector.model.images import Config

MAX_LISTED = 200
"""The number of changed steps, and of settings, that are listed; the rest is counted."""

_MAX_COMMAND_WORDS = 100
"""The words of an entrypoint, command or shell."""


class TextEdit(NamedTuple):
    """The text of a step before and after; None if there is no such step."""

    before: str | None
    after: str | None


class ReadConfig:
    """A config with the values from its steps, which are read once for all comparisons."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.texts = [bare_step(step.text) for step in config.history]
        """The texts of the steps without the marks of their builder."""
        self.base = base_length(config.history)


class ConfigChange(msgspec.Struct, frozen=True, kw_only=True):
    """The differences between the steps of two configs, as far as the reasons depend on them."""

    edits: tuple[Edit, ...]
    """All steps that changed."""
    steps_kept: int
    steps_rebuilt: int
    own_edits: tuple[TextEdit, ...]
    """Listed steps that changed and belong to the image's own Dockerfile, as far as known."""
    base_edits: tuple[TextEdit, ...]
    """Listed steps that changed and came from the base image."""
    base_rebuilt: bool
    """Whether a step of the base has the same text and another date."""


class ConfigDetails(msgspec.Struct, frozen=True, kw_only=True):
    """All differences between two configs."""

    settings: tuple[SettingChange, ...]
    steps: tuple[StepChange, ...]
    left_out: int


def compare_configs(before: ReadConfig, after: ReadConfig) -> ConfigChange:
    """The differences between the steps of two configs."""
    old, new = before.config.history, after.config.history
    alignment = align(before.texts, after.texts)
    bases = before.base, after.base
    edits = [
        (_text_edit(edit, before.texts, after.texts), _is_in_base(edit.before, edit.after, bases))
        for edit in alignment.edits[:MAX_LISTED]
    ]
    rebuilt = [pair for pair in alignment.kept if old[pair[0]].created != new[pair[1]].created]
    return ConfigChange(
        edits=tuple(alignment.edits),
        steps_kept=len(alignment.kept),
        steps_rebuilt=len(rebuilt),
        own_edits=tuple(edit for edit, in_base in edits if not in_base),
        base_edits=tuple(edit for edit, in_base in edits if in_base),
        base_rebuilt=any(_is_in_base(*pair, bases) for pair in rebuilt),
    )


def describe_configs(before: ReadConfig, after: ReadConfig, change: ConfigChange) -> ConfigDetails:
    """All other differences between the two configs: settings, and the words of the steps."""
    old, new, edits = before.texts, after.texts, change.edits
    settings = _compare_commands(before.config, after.config)
    by_steps = before.config.runtime is None and after.config.runtime is None
    if not by_steps or any(has_settings(text) for edit in edits for text in _text_edit(edit, old, new)):
        settings += compare_settings(*comparable_settings(before.config, after.config))
    return ConfigDetails(
        settings=tuple(settings[:MAX_LISTED]),
        steps=tuple(describe_edit(edit, old, new) for edit in edits[:MAX_LISTED]),
        left_out=len(edits[MAX_LISTED:]) + len(settings[MAX_LISTED:]),
    )


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
    more = ("…",) if len(words) > _MAX_COMMAND_WORDS else ()
    return (*(bounded(word) for word in words[:_MAX_COMMAND_WORDS]), *more)


def _is_in_base(before: int | None, after: int | None, bases: tuple[int, int]) -> bool:
    """Whether a step came from the base, by its places in both histories."""
    return (before is None or before < bases[0]) and (after is None or after < bases[1])


def _text_edit(edit: Edit, before: Sequence[str], after: Sequence[str]) -> TextEdit:
    return TextEdit(
        before=None if edit.before is None else before[edit.before],
        after=None if edit.after is None else after[edit.after],
    )
