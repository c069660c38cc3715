"""Every reason has a sentence, and a line in the guide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from collector.diff.changes import Counted, Moved, Reason, ReasonCode, Where
from collector.pages.reason_text import reason_name, reason_text, summary_text

CODES: tuple[ReasonCode, ...] = get_args(ReasonCode)


def test_the_guide_has_a_line_for_every_reason_and_for_nothing_else(root: Path) -> None:
    guide = (root / "site_src" / "reasons.md").read_text(encoding="utf-8")
    terms = re.findall(r"^(?=[A-Z])(.+)\n(?=:   |(?:[A-Z].*\n)+:   )", guide, re.MULTILINE)
    names = [reason_name(code) for code in CODES]
    assert sorted(terms) == sorted(f"{name[0].upper()}{name[1:]}" for name in names)


SENTENCES = {
    "A 1 → 2, B changed and 3 more": Reason(
        code="dockerfile-changed", moved=(Moved("A", "1", "2"), Moved("B")), more=3
    ),
    "3 steps added, CMD changed": Reason(
        code="dockerfile-changed", counts=(Counted("added", "", 3), Counted("changed", "CMD", 1))
    ),
    "source changed": Reason(code="source-changed", detail="source"),
    "base image a:1 → a:2: B 1 → 2": Reason(
        code="base-moved", before="a:1", after="a:2", moved=(Moved("B", "1", "2"),)
    ),
    "2 artifacts added, artifact removed": Reason(
        code="artifacts", counts=(Counted("added", "", 2), Counted("removed", "", 1))
    ),
    "no change (on linux/amd64)": Reason(code="same", where=Where("linux/amd64", 1, 2)),
    "no change (on 2 of 3 platforms)": Reason(code="same", where=Where("linux/amd64", 2, 3)),
    "new platform: linux/arm/v5": Reason(code="new-platform", counts=(Counted("added", "linux/arm/v5", 1),)),
    "platforms back: linux/386, linux/s390x": Reason(
        code="platform-back", counts=(Counted("added", "linux/386", 1), Counted("added", "linux/s390x", 1))
    ),
    "6 platforms temporarily absent": Reason(code="platform-absent", counts=(Counted("added", "", 6),)),
}


@pytest.mark.parametrize("text", SENTENCES)
def test_the_sentence_of_a_reason(text: str) -> None:
    assert reason_text(SENTENCES[text]) == text


def test_a_summary_has_every_reason() -> None:
    assert summary_text([Reason(code="back"), Reason(code="rebuilt")]) == "back; rebuilt with the same steps"
