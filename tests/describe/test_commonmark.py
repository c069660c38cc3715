"""The examples of the CommonMark specification keep their meaning when a description is made from them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from collector.describe.length_limit import clean_markdown
from tests.describe.judge import faults_of, html_of

WHOLE = "https://acme.example/description"
EXAMPLES: list[str] = json.loads((Path(__file__).parent / "commonmark" / "examples.json").read_text(encoding="utf-8"))

CHANGED = {
    518: "a link in a link: what is no link is text, and its address becomes whole like that of the other",
    519: "a link in a link",
    520: "links in the text of a picture",
    596: "an automatic link of another kind than the web's becomes text",
    598: "an automatic link of another kind",
    599: "an automatic link of another kind",
    601: "an automatic link of another kind",
}
"""Examples, by number from 1, that change their meaning, with the reason why that is right."""


def without_addresses(html: str) -> str:
    """Relative addresses become absolute; everything else stays."""
    return re.sub(r'(href|src)="[^"]*"', r"\1", html)


def test_all_examples_are_here() -> None:
    assert len(EXAMPLES) == 652


def test_an_example_without_html_means_the_same() -> None:
    changed = []
    for number, text in enumerate(EXAMPLES, 1):
        before = html_of(text)
        if "<!-- raw HTML omitted -->" in before:
            continue
        if without_addresses(html_of(clean_markdown(text, WHOLE))) != without_addresses(before):
            changed.append(number)
    assert changed == sorted(CHANGED)


def test_every_example_can_be_pushed() -> None:
    faults = {number: faults_of(clean_markdown(text, WHOLE), limit=25_000) for number, text in enumerate(EXAMPLES, 1)}
    assert not {number: found for number, found in faults.items() if found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-\n  foo\n-\n      baz\n", "-\n  foo\n-\n      baz\n"),
        ("[bar\\\\]: /uri\n\n[bar\\\\]\n", "[bar\\\\]: https://acme.example/uri\n\n[bar\\\\]\n"),
    ],
    ids=["an item that begins empty", "a label that ends in an escaped backslash"],
)
def test_texts_that_were_once_lost(text: str, expected: str) -> None:
    assert clean_markdown(text, WHOLE) == expected
