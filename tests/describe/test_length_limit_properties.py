"""Every text gives a description that can be pushed, checked by another parser than the one that made it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.describe.descriptions import Description
from collector.describe.length_limit import MAX_BYTES, MAX_SHORT_BYTES, clean_markdown, limit_length, truncate
from tests.describe.hostile_texts import EXAMPLES, TEXTS, more
from tests.describe.judge import faults_of

WHOLE = "https://example.org/images/blob/main/lantern/content.md"


@more
@given(TEXTS)
@example("| a | b |\n|---|---|\n| ` | <b> | ` |\n")
@example("<<b>b>\n\n<!-- x\n```\n-->\n```")
@example("- ```\n  code\n\nthen [a](b)")
def test_any_text_can_be_shown(text: str) -> None:
    made = clean_markdown(text, WHOLE)
    assert not faults_of(made, limit=10**6), made


@more
@given(st.lists(TEXTS, max_size=8), st.integers(60, 2_000))
def test_any_text_can_be_cut(texts: list[str], limit: int) -> None:
    text = clean_markdown("\n\n".join(texts), WHOLE)
    made = truncate(text, "There is more.", limit)
    assert not faults_of(made, limit=limit), made
    kept = made[: made.index("There is more.")].rstrip()
    assert text.startswith(kept)


@settings(more, max_examples=EXAMPLES or 30)
@given(TEXTS, TEXTS, st.integers(0, 300), st.text(max_size=300))
def test_any_description_fits(text: str, without_tags: str, times: int, short: str) -> None:
    fitted = limit_length(
        Description(text=f"{text}\n\n" * times, without_tags=f"{without_tags}\n\n" * times, full_url=WHOLE, short=short)
    )
    assert not faults_of(fitted.text, limit=MAX_BYTES)
    assert len(fitted.short.encode()) <= MAX_SHORT_BYTES
    assert "\n" not in fitted.short
