"""The limits of Docker Hub: where a text may end, and the note at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.describe.descriptions import Description
from collector.describe.length_limit import MAX_BYTES, clean_markdown, limit_length, shorten, truncate
from collector.describe.official import describe_official
from tests.describe.judge import faults_of, html_of

NOTE = "There is [more](https://example.org/)."
WHOLE = "https://example.org/whole.md"


def described(text: str, without_tags: str = "brief\n", short: str = "") -> Description:
    return Description(text=text, without_tags=without_tags, full_url=WHOLE, short=short)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\n\ntwo\n\n" + "three " * 20, "one\n\ntwo"),
        ("one\n\n# Heading\n\n" + "three " * 20, "one"),
        ("one\n\n## A\n\n## B\n\n---\n\n" + "three " * 20, "one"),
        ("one\n# Heading\ntwo\n" + "three " * 20, ""),
        ("one\n\n```\n" + "\n\ncode" * 20 + "\n```\n", "one"),
        ("one\n\n| a | b |\n|---|---|\n" + "| c | d |\n" * 20, "one"),
        ("- one\n\n- two\n\n  three\n\n- " + "four " * 20, "- one\n\n- two\n\n  three"),
        ("- one\n- two\n- " + "three " * 20, ""),
        ("漢字 " * 40, ""),
    ],
)
def test_a_text_ends_after_a_block_at_a_blank_line(text: str, kept: str) -> None:
    made = truncate(text, NOTE, 100)
    assert made == (f"{kept}\n\n{NOTE}\n" if kept else f"{NOTE}\n")


def test_a_link_that_is_kept_keeps_its_definition() -> None:
    text = (
        "[one][a] ![two][B] [three]\n\n"
        + "word " * 40
        + "\n\n[a]: https://a.org\n[b]: https://b.org\n[c]: https://c.org"
    )
    made = truncate(text, NOTE, 150)
    assert made == f"[one][a] ![two][B] [three]\n\n{NOTE}\n\n[A]: <https://a.org>\n[B]: <https://b.org>\n"
    assert 'src="https://b.org"' in html_of(made)


def test_the_limit_is_one_of_bytes() -> None:
    paragraph = "é" * 50
    text = "\n\n".join([paragraph] * 10)
    assert len(truncate(text, NOTE, 500).encode()) <= 500
    assert truncate(text, NOTE, 500).count(paragraph) == 4


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "# Title\n\ntext\n" + "é" * 12_000 + "\n"
    fitted = limit_length(described(text, short=" What it\nis. "))
    assert (fitted.text, fitted.short, fitted.notices) == (text, "What it is.", ())


def test_tags_are_left_out_first_and_then_the_end() -> None:
    tags = limit_length(described("tags\n\n" * 10_000, "brief\n\n" * 100))
    assert (tags.text.count("brief"), len(tags.notices)) == (100, 1)
    both = limit_length(described("tags\n\n" * 10_000, "brief\n\n" * 4_000))
    assert len(both.notices) == 2
    assert both.text.startswith("brief\n\nbrief\n\n")
    assert both.text.endswith("(https://example.org/whole.md).\n")
    assert MAX_BYTES - 100 < len(both.text.encode()) <= MAX_BYTES


def test_text_beyond_the_bound_of_the_parser_is_replaced_by_the_link() -> None:
    hidden = "<!-- " + "x" * 500_000 + " -->\n\ntext\n"
    fitted = limit_length(described(hidden, f"brief\n\n{hidden}"))
    assert fitted.text.startswith("brief\n\n")
    assert fitted.text.endswith("(https://example.org/whole.md).\n")


@pytest.mark.parametrize(
    "text", ["> " * 200 + "x <b>y</b>", "a" + "`" * 200 + "<b>", "\n".join("  " * n + "- x <b>" for n in range(150))]
)
def test_unusual_text_is_shown_unchanged(text: str) -> None:
    made = clean_markdown(text, WHOLE)
    assert made.startswith("```")
    assert not faults_of(made, limit=MAX_BYTES)


def test_line_ends_of_all_kinds() -> None:
    assert clean_markdown("a\r\nb\rc\0\n   \nd", WHOLE) == "a\nb\nc\ufffd\n\nd\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\twords\n", "two words"),
        ("x" * 101, "x" * 97 + "…"),
        ("word " * 30, "word " * 18 + "word…"),
        ("漢" * 40, "漢" * 32 + "…"),
        ("", ""),
    ],
)
def test_short_descriptions(text: str, expected: str) -> None:
    assert shorten(text) == expected
    assert len(expected.encode()) <= 100


@pytest.mark.slow
def test_every_real_description_fits(data_dir: Path) -> None:
    folder = data_dir / "hub-descriptions"
    too_long = []
    for path in sorted((folder / "expected").glob("*/*.md")):
        branch, image = path.parent.name, path.stem
        architecture = None if branch == "master" else branch
        described = describe_official(
            image, library=folder / "library", docs=folder / "docs", architecture=architecture
        )
        fitted = limit_length(described)
        assert not faults_of(fitted.text, limit=MAX_BYTES), path
        if fitted.notices:
            too_long.append(path)
        else:
            # Nothing is gone but the comment before everything, and links that Docker Hub's page would not have.
            made, was = html_of(fitted.text), html_of(described.text.partition("-->\n")[2])
            assert made == was or path.stem == "nextcloud"
    assert len(too_long) == 12
    assert too_long == [path for path in too_long if path.stat().st_size > MAX_BYTES]
