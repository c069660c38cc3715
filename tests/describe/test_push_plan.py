"""The texts to write to Docker Hub, and the texts of other authors that this would replace."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.describe.descriptions import Description
from collector.describe.length_limit import MAX_BYTES
from collector.describe.push_plan import Texts, plan, texts_to_push
from tests.describe.hostile_texts import EXAMPLES, TEXTS, more
from tests.describe.judge import faults_of

PAGE = "https://acme.example/images/repos/acme/web/"


def made(text: str = "# Web\n\nText.\n", short: str = "The website.") -> Texts:
    return texts_to_push(Description(text=text, without_tags=text, full_url=PAGE, short=short), PAGE)[0]


def test_what_is_pushed_says_where_it_comes_from() -> None:
    texts = made()
    assert texts.short == "The website."
    assert texts.full.startswith(f"# Web\n\nText.\n\nThis description is made by [repo-info]({PAGE}?made=")


def test_a_first_text_loses_nothing() -> None:
    planned = plan(Texts(short="", full=" \n"), made())
    assert (planned.short, planned.full, planned.loses) == (made().short, made().full, ())
    assert planned.difference[:3] == (
        "--- short description on Docker Hub",
        "+++ short description to be written",
        "@@ -0,0 +1 @@",
    )


def test_equal_texts_are_not_written() -> None:
    texts = made()
    for full in (texts.full, texts.full.strip(), texts.full.replace("\n", "\r\n")):
        planned = plan(Texts(short="The website. ", full=full), texts)
        assert (planned.short, planned.full, planned.loses, planned.difference) == (None, None, (), ())


def test_texts_of_repo_info_are_replaced() -> None:
    there, wanted = made(), made("# Web\n\nMore text.\n", "The new website.")
    planned = plan(there, wanted)
    assert (planned.short, planned.full, planned.loses) == (wanted.short, wanted.full, ())
    assert "-Text." in planned.difference
    assert "+More text." in planned.difference
    trimmed = plan(Texts(short=there.short, full=there.full.strip().replace("\n", "\r\n")), wanted)
    assert trimmed.loses == ()


@pytest.mark.parametrize(
    ("change", "loses"),
    [
        (lambda there: Texts(short=there.short, full=there.full.replace("Text", "My text")), ("description",)),
        (
            # Without the last line nothing says who wrote the short one either.
            lambda there: Texts(short=there.short, full=there.full + "\nMine.\n"),
            ("description", "short description"),
        ),
        (lambda there: Texts(short="Mine.", full=there.full), ("short description",)),
        (lambda _: Texts(short="Mine.", full="All mine."), ("description", "short description")),
        (lambda there: Texts(short="", full=there.full), ()),
        (lambda there: Texts(short=there.short, full=""), ("short description",)),
    ],
)
def test_texts_of_a_person_are_not_replaced_unasked(change: object, loses: tuple[str, ...]) -> None:
    there = change(made())  # type: ignore[operator]
    assert plan(there, made("# Other\n", "Other.")).loses == loses


def test_without_a_short_description_the_existing_one_stays() -> None:
    wanted = made(short="")
    planned = plan(Texts(short="Mine.", full=made("Old.\n", short="").full), wanted)
    assert (planned.short, planned.full, planned.loses) == (None, wanted.full, ())


def test_only_what_differs_is_written() -> None:
    there = made()
    assert plan(Texts(short="", full=there.full), there).full is None
    assert plan(Texts(short=there.short, full=""), there).short is None


@settings(more, max_examples=EXAMPLES or 50)
@given(TEXTS, st.integers(1, 100), st.text(max_size=200))
def test_any_text_fits_with_its_last_line(text: str, times: int, short: str) -> None:
    texts = made(f"{text}\n\n" * times, short)
    assert not faults_of(texts.full, limit=MAX_BYTES)
    assert plan(texts, made("Other.\n", "Other.")).loses == ()
