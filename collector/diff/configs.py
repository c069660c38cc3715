"""Two configs beside each other: settings and steps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from collector.diff.bases import base_length
from collector.diff.changes import SettingChange, SettingKind, StepChange
from collector.diff.instructions import bare_step
from collector.diff.settings import Settings, compare_settings, settings_of
from collector.diff.steps import Edit, align, describe_edit
from collector.diff.words import bounded
from collector.model.images import Config

MOST_LISTED = 200
"""Changed steps, and settings, that are listed; the rest are counted."""

_MOST_WORDS = 100
"""Of an entrypoint, command or shell."""


class ReadConfig:
    """A config with what its steps say, worked out once."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.texts = tuple(bare_step(step.text) for step in config.history)
        """What the steps say, apart from how their builder writes it."""

    @cached_property
    def settings(self) -> Settings:
        return settings_of(self.texts)

    @cached_property
    def base_length(self) -> int:
        """Steps that came from the base image."""
        return base_length(self.config.history)


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
    """Changed steps of the image's own Dockerfile, as far as can be told."""
    base_edits: tuple[TextEdit, ...]
    """Changed steps that came from the base image."""
    base_rebuilt: bool
    """A step of the base has the same text and another date."""


def compare_configs(before: ReadConfig, after: ReadConfig) -> ConfigChange:
    """Everything that the two configs tell."""
    alignment = align(before.texts, after.texts)
    old, new = before.config.history, after.config.history
    rebuilt = [pair for pair in alignment.kept if old[pair[0]].created != new[pair[1]].created]
    listed = alignment.edits[:MOST_LISTED]
    settings = [*_compare_commands(before, after), *compare_settings(before.settings, after.settings)]
    in_base = [_is_in_base(edit, before.base_length, after.base_length) for edit in listed]
    edits = [_text_edit(edit, before.texts, after.texts) for edit in listed]
    return ConfigChange(
        settings=tuple(settings[:MOST_LISTED]),
        steps=tuple(describe_edit(edit, before.texts, after.texts) for edit in listed),
        steps_kept=len(alignment.kept),
        steps_rebuilt=len(rebuilt),
        left_out=len(alignment.edits) - len(listed) + len(settings[MOST_LISTED:]),
        own_edits=tuple(edit for edit, inside in zip(edits, in_base, strict=True) if not inside),
        base_edits=tuple(edit for edit, inside in zip(edits, in_base, strict=True) if inside),
        base_rebuilt=any(at < before.base_length and to < after.base_length for at, to in rebuilt),
    )


def _compare_commands(before: ReadConfig, after: ReadConfig) -> list[SettingChange]:
    kinds: tuple[tuple[SettingKind, tuple[str, ...] | None, tuple[str, ...] | None], ...] = (
        ("entrypoint", before.config.entrypoint, after.config.entrypoint),
        ("cmd", before.config.cmd, after.config.cmd),
        ("shell", before.config.shell, after.config.shell),
    )
    return [SettingChange(kind=kind, before=_shown(old), after=_shown(new)) for kind, old, new in kinds if old != new]


def _shown(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if words is None:
        return None
    more = ("…",) if len(words) > _MOST_WORDS else ()
    return (*(bounded(word) for word in words[:_MOST_WORDS]), *more)


def _is_in_base(edit: Edit, base_before: int, base_after: int) -> bool:
    return (edit.before is None or edit.before < base_before) and (edit.after is None or edit.after < base_after)


def _text_edit(edit: Edit, before: Sequence[str], after: Sequence[str]) -> TextEdit:
    return TextEdit(
        before=None if edit.before is None else before[edit.before],
        after=None if edit.after is None else after[edit.after],
    )
