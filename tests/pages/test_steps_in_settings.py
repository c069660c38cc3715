"""Steps that the table of settings shows already."""

from __future__ import annotations

import pytest

from collector.diff.changes import SettingChange, StepChange
from collector.diff.steps import align, describe_edit
from collector.pages.steps_in_settings import is_in_settings

A = SettingChange(kind="environment", name="A", before="1", after="2")
B = SettingChange(kind="environment", name="B", before="1")
LABEL = SettingChange(kind="label", name="A", before="1", after="2")


def change(before: str | None, after: str | None) -> StepChange:
    texts = [[] if text is None else [text] for text in (before, after)]
    (edit,) = align(*texts).edits
    return describe_edit(edit, *texts)


@pytest.mark.parametrize(
    ("before", "after", "settings"),
    [
        ("ENV A=1", "ENV A=2", [A]),
        ("ENV A=1 B=1", "ENV A=2 B=1", [A]),
        ("LABEL A=1", "LABEL A=2", [LABEL]),
        ("ENV B=1", None, [A, B]),
        (None, "ENV A=2", [A]),
    ],
)
def test_a_step_that_sets_only_what_the_table_shows_is_left_out(
    before: str | None, after: str | None, settings: list[SettingChange]
) -> None:
    assert is_in_settings(change(before, after), settings)


@pytest.mark.parametrize(
    ("before", "after", "settings"),
    [
        # Another step sets it again, so the image has the same value as before.
        ("ENV A=1", "ENV A=2", []),
        ("ENV A=1 B=1", "ENV A=2 B=2", [A]),
        ("ENV A=1", "ENV A=2", [LABEL]),
        ("ENV A=1", "ENV  A=1", [A]),
        ("RUN A=1", "RUN A=2", [A]),
        (f"ENV A=1 B={'x ' * 200}", f"ENV A=2 B={'x ' * 200}", [A]),
        (None, f"ENV A={'x' * 9_000}", [A]),
    ],
)
def test_every_other_step_is_shown(before: str | None, after: str | None, settings: list[SettingChange]) -> None:
    assert not is_in_settings(change(before, after), settings)
