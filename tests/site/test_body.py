from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.site.body import render_body, slug_of
from tests.support.html import elements


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("../index.md", "../"),
        ("index.md", "./"),
        ("../../../digest/index.md?q=sha256:abc", "../../../digest/?q=sha256:abc"),
        ("3.6/index.md#steps", "3.6/#steps"),
        ("#steps", "#steps"),
        ("https://example.org/index.md", "https://example.org/index.md"),
        ("//example.org/index.md", "//example.org/index.md"),
        ("myindex.md", "myindex.md"),
        ("../api/v1/repos/a/changes/1.json", "../api/v1/repos/a/changes/1.json"),
    ],
)
def test_links_to_sources_lead_to_folders(link: str, href: str) -> None:
    assert f'href="{href}"' in render_body(f"[text]({link})\n")


def test_text_that_looks_like_a_link_stays() -> None:
    assert "href=&quot;../index.md&quot;" in render_body('`href="../index.md"`\n')


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](vbscript:x) [b](data:text/html,x)",
        "[a](java&#115;cript:alert(1))",
        "<a href='javascript:alert(1)'>a</a>",
        "<iframe src=//example.org></iframe>",
        "## <svg onload=alert(1)>",
    ],
)
def test_markup_and_dangerous_links_never_come_through(hostile: str) -> None:
    for element in elements(render_body(hostile)):
        assert element.name in {"p", "a", "h2"}
        assert not [name for name in element.attributes if name.startswith("on")]
        assert ":" not in element.attributes.get("href", "")


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_text_becomes_an_active_element(text: str) -> None:
    for element in elements(render_body(text)):
        assert element.name not in {"script", "style", "iframe", "object", "embed", "form", "input", "svg", "base"}
        assert not [name for name in element.attributes if name.startswith("on")]


def test_urls_in_text_are_not_links() -> None:
    assert "<a" not in render_body("see https://example.org and www.example.org\n")


def test_tables() -> None:
    html = render_body("| a | b |\n|---|--:|\n| 1 | `</td>` |\n| 2 | 3 |\n")
    assert html == (
        '<table><thead><tr><th>a<th align="right">b<tbody><tr><td>1<td align="right"><code>&lt;/td&gt;</code>'
        '<tr><td>2<td align="right">3</table>\n'
    )
    assert render_body("| a |\n|---|\n\ntext\n") == "<table><thead><tr><th>a</table>\n<p>text</p>\n"


def test_a_digest_is_marked_for_the_eye_and_for_scripts() -> None:
    assert f"<code class=d>sha256:{'a' * 64}</code>" in render_body(f"`sha256:{'a' * 64}`\n")
    for other in (f"sha256:{'a' * 63}", f"sha256:{'a' * 65}", f"x sha256:{'a' * 64}", f"sha256:{'A' * 64}"):
        assert "class" not in render_body(f"`{other}`\n")


def test_headings_have_ids_that_are_unique() -> None:
    html = render_body("# T\n\n## Last change\n\n## Last *change*\n\n## Last change 2\n\n## <b>\n\n## 日本\n")
    assert [element.attributes["id"] for element in elements(html) if element.name == "h2"] == [
        "last-change",
        "last-change--2",
        "last-change-2",
        "section",
        "section--2",
    ]


def test_slugs_contain_only_letters_digits_and_hyphens() -> None:
    assert slug_of("A &amp; B: <code>x_y</code>!") == "a-b-x-y"
