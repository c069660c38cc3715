"""Relative links are made absolute; those that are absolute stay, and so does code."""

from __future__ import annotations

import pytest

from collector.describe.links import absolute_links

HOST = "https://github.com/acme/images"
WHOLE = f"{HOST}/blob/main/web/content.md"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b.md)", f"[a]({HOST}/blob/main/web/b.md)"),
        ("[a](#part)", f"[a]({WHOLE}#part)"),
        ("[a](/abs)", "[a](https://github.com/abs)"),
        ("[a](//x.org/y)", "[a](https://x.org/y)"),
        ("[a]() [b]( )", f"[a]({WHOLE}) [b]({WHOLE})"),
        ('[a](<b c.md> "t")', f'[a]({HOST}/blob/main/web/b%20c.md "t")'),
        ("[a](b_(c)_d.md)", f"[a]({HOST}/blob/main/web/b_%28c%29_d.md)"),
        ("[a](\n  b.md)", f"[a]({HOST}/blob/main/web/b.md)"),
        ("| [a](b) | `|](x)` |\n|---|---|", f"| [a]({HOST}/blob/main/web/b) | `|](x)` |\n|---|---|"),
        ("[r][ref] [ref]\n\n[ref]: ../x 'title'", f"[r][ref] [ref]\n\n[ref]: {HOST}/blob/main/x 'title'"),
        ("- [x]\n\n  [x]:\n  <y z>", f"- [x]\n\n  [x]:\n  {HOST}/blob/main/web/y%20z"),
        ("`[a](b)` [c](d)", f"`[a](b)` [c]({HOST}/blob/main/web/d)"),
    ],
)
def test_links_are_taken_from_where_the_text_is(text: str, expected: str) -> None:
    assert absolute_links(text, WHOLE) == expected


def test_images_are_taken_from_where_the_files_are() -> None:
    made = absolute_links("[![logo](logo.png)](../README.md)", WHOLE)
    assert made == f"[![logo]({HOST}/raw/main/web/logo.png)]({HOST}/blob/main/README.md)"


@pytest.mark.parametrize("destination", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https:x"])
def test_links_of_other_kinds_lead_to_the_whole(destination: str) -> None:
    assert absolute_links(f"[a]({destination})", WHOLE) == f"[a]({WHOLE})"
    assert absolute_links(f"[a]\n\n[a]: {destination}", WHOLE) == f"[a]\n\n[a]: {WHOLE}"


def test_automatic_links_of_other_kinds_are_text() -> None:
    assert absolute_links("<javascript:x> <https://x.org>", WHOLE) == "&lt;javascript:x> <https://x.org>"


@pytest.mark.parametrize(
    "text",
    [
        "[e](https://x.org/) [f](mailto:a@b.c) [g](FTP://x.org/) ![h](http://x.org/i.png)",
        "`[a](b)`\n\n    [a](b)\n\n```\n[a](b)\n```",
        "\\[a](b) [a]: b",
        "[ok]\n\n[ok]: <https://x.org> 'x'",
    ],
)
def test_absolute_links_and_other_text_stay(text: str) -> None:
    assert absolute_links(text, WHOLE) == text
