"""HTML is removed from Markdown: tags disappear, text and code stay."""

from __future__ import annotations

import pytest

from collector.describe.html import without_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- a\n\nb -->\n\ntext", "\n\ntext"),
        ("a <!-- b --> c", "a  c"),
        ("a <b>c</b> d", "a c d"),
        ("<div>\n  <p class=x>\n    text\n  </p>\n</div>\n\nx", "\n\ntext\n\n\n\nx"),
        ("line<br>line<BR />line", "line line line"),
        ("<details>\n<summary>More</summary>\n\nInner **text**\n\n</details>", "\nMore\n\nInner **text**\n\n"),
        ("<script>\nalert(1)\n</script>\n\nx <style>p{}</style> y", "\n\nx  y"),
        ('<a name="x"></a>\n# T', "\n# T"),
        ("<!DOCTYPE html>\n<?php x ?>\n<![CDATA[ y ]]>", "\n\n"),
        ("| a<br>b | `<c>` |\n|---|---|\n| <i>x</i> | y |", "| a b | `<c>` |\n|---|---|\n| x | y |"),
        ("- item\n\n  <p>para</p>\n- b", "- item\n\n  para\n- b"),
        ("> <b>quote</b>\n> <div>\n> x", "> quote\n>\n> x"),
        ("<<b>b>x", "x"),
    ],
)
def test_tags_are_removed_and_their_content_is_kept(text: str, expected: str) -> None:
    assert without_html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '<p align="center">\n  <img src="https://x.org/a b.png" alt="A [b]" width=100>\n</p>\n',
            "\n![A \\[b\\]](https://x.org/a%20b.png)\n",
        ),
        ("<a href='https://x.org/(y)'><img src=z.png></a>", "[![](z.png)](https://x.org/%28y%29)"),
        ('<a HREF="https://x.org/?a=1&amp;b=2">t</a>', "[t](https://x.org/?a=1&b=2)"),
        ("<a href='u'>open", "open"),
        ("<img alt='nothing to show'>", ""),
    ],
)
def test_images_and_links_become_those_of_markdown(text: str, expected: str) -> None:
    assert without_html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker run <OPTIONS> -v <path> x", "docker run &lt;OPTIONS> -v &lt;path> x"),
        ("<unknown>\nx\n</unknown>", "&lt;unknown>\nx\n&lt;/unknown>"),
        ("<div", "&lt;div"),
        ("<!-- open", "&lt;!-- open"),
    ],
)
def test_what_only_looks_like_a_tag_is_text(text: str, expected: str) -> None:
    assert without_html(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a < b and 1<2, <- ->",
        "`<b>` and `` ` <i> ``",
        "```html\n<b>\n```\n\n    <i>code</i>\n\n- ~~~\n  <p>\n  ~~~",
        "\\<b> and &lt;b>",
        "<https://x.org> <me@x.org>",
    ],
)
def test_text_that_is_not_html_is_kept(text: str) -> None:
    assert without_html(text) == text
