"""Any text in an archive appears on the site as text, in every place of a template. The site's own renderer and a
parser of its HTML check this.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.model.invisible import show_invisible
from collector.pages.markdown import cell_code, code, fence, instruction, link, text
from collector.site.body import render_body
from tests.support.github import github_html
from tests.support.tree import Node, parse_html

HOSTILE = [
    "\\|",
    "a\\\\|b|c\\",
    "\\",
    "\\\\",
    "a | b",
    "|",
    "`",
    "``a` ```b````",
    "` `",
    "a`|`b\\|`c",
    "](javascript:alert(1))",
    "[a](javascript:alert(1))",
    "![a](x)",
    "[a]: /url",
    "[^1]",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "{: .class #id onclick=x }",
    "<script>alert(1)</script>",
    "</td></table><script>alert(1)</script>",
    "<!-- -->",
    "<https://example.org>",
    "https://example.org www.example.org a@example.org",
    "&#x3c;script&#x3e; &lt; &amp &copy;",
    "\u202egnp.exe",
    "a\u2066b\u2069",
    "zero\u200bwidth\ufeff",
    "a\x00b",
    "\ud800 \udfff",
    "\x1b[31m",
    "a\x0b\x0c\x85\u2028\u2029b",
    "#",
    "# heading",
    "heading #",
    "linux ##",
    "===",
    "---",
    "- - -",
    "***",
    "___",
    "_a_ __a__ a_b_c *a* **a** ~a~ ~~a~~",
    "- [ ] task",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "999999999. item",
    "> quote",
    "    indented",
    "\tindented",
    "```",
    "~~~",
    "$x$ $`x`$",
    ":--|--:",
    "|---|",
    ":smile:",
    "::: note",
    "!!! note",
    "[[toc]]",
    "$(",
    "a  \nb",
    "a\\\nb",
    "\u00a0a\u3000b",
    "é_é_é",
    "١. item",
    "",
    " ",
    "x" * 10_000,
    "|`\\" * 3_000,
    "a\r\nb\rc",
    "--",
    "=",
    "\u2800\u3164",
    "\U000e0041\U0001f600",
]

texts = st.sampled_from(HOSTILE) | st.text(
    st.sampled_from("ab1 |\\`*_[]()<>!#-+=~&;:/.{}%\n\t\"'$@^") | st.characters(), max_size=40
)
hostile = settings(max_examples=300, deadline=None)


def body(markdown: str) -> Node:
    return parse_html(render_body(markdown))


def one_line(value: str) -> str:
    """The text that a reader must see, with one space for white space and visible forms of invisible characters."""
    return re.sub(r"\s+", " ", show_invisible(value)).strip()


def as_code(value: str) -> str:
    return one_line(value) or "(empty)"


def around(found: Node) -> list[str]:
    """The names of the elements, without code spans: e-mail addresses are code."""
    return [name for name in found.names if name != "code"]


@hostile
@given(texts | st.text(st.sampled_from("ab1@.:/w_-+\\` <>"), max_size=30))
@example("a@b.c")
@example("@a@b.c.@d.e")
@example("mailto:a@b.c xmpp:a@b.c <a@b.c> \\a@b.c`")
@example("www.a.b http://a.b")
@example("_www.a.b (www.c.d *www.e.f")
def test_text_holds_no_address_that_github_makes_a_link_of(value: str) -> None:
    found = parse_html(github_html(f"before {text(value)}\n\n# {text(value)}\n"))
    assert set(found.names) <= {"p", "code", "h1"}
    assert found.only("p").text == f"before {one_line(value)}".strip()


@hostile
@given(texts)
def test_text_in_a_paragraph(value: str) -> None:
    found = body(f"before {text(value)}\n")
    assert around(found) == ["p"]
    assert found.only("p").text == f"before {one_line(value)}".strip()


@hostile
@given(texts)
def test_text_that_begins_a_paragraph_under_another(value: str) -> None:
    found = body(f"a paragraph\n{text(value)}\nits end\n")
    if one_line(value):
        assert around(found) == ["p"]
        assert found.only("p").text.split() == ["a", "paragraph", *one_line(value).split(), "its", "end"]


@hostile
@given(texts)
def test_text_in_a_heading(value: str) -> None:
    found = body(f"# {text(value)}\n\n## {text(value)}\n")
    assert around(found) == ["h1", "h2"]
    assert found.only("h1").text == found.only("h2").text == one_line(value)


@hostile
@given(texts)
def test_text_in_a_list(value: str) -> None:
    found = body(f"- {text(value)}\n- Platform added: {text(value)}, 1 B\n")
    assert around(found) == ["ul", "li", "li"]
    first, second = found.iter("li")
    assert first.text.strip() == one_line(value)
    assert second.text == f"Platform added: {one_line(value)}, 1 B"


def table(cell: str) -> Node:
    return body(f"| A | B |\n|---|---|\n| {cell} | {cell} |\n| c | d |\n")


@hostile
@given(texts)
def test_text_in_a_table(value: str) -> None:
    found = table(text(value))
    assert around(found) == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "tr", "td", "td"]
    assert [cell.text for cell in found.iter("td")] == [one_line(value), one_line(value), "c", "d"]


@hostile
@given(texts)
def test_code_in_a_table(value: str) -> None:
    found = table(cell_code(value))
    assert around(found) == "table thead tr th th tbody tr td td tr td td".split()
    assert [cell.text for cell in found.iter("td")] == [as_code(value), as_code(value), "c", "d"]
    assert all(len(node.names) <= 1 for node in found.iter("td"))


@hostile
@given(texts)
def test_code_in_a_paragraph(value: str) -> None:
    found = body(f"before {code(value)} behind\n")
    assert found.only("p").text == f"before {as_code(value)} behind"
    assert found.names == (["p", "code"] if one_line(value) else ["p"])


@hostile
@given(texts)
def test_text_and_code_in_a_link(value: str) -> None:
    target = "../index.md"
    found = body(f"{link(text(value), target)} · {link(code(value), target)} behind\n")
    first, second = found.iter("a")
    assert first.text == one_line(value)
    assert second.text == as_code(value)
    assert [node.attributes for node in found.iter("a")] == [{"href": "../"}] * 2
    assert set(found.names) <= {"p", "a", "code"}


@hostile
@given(texts)
def test_a_link_in_a_table(value: str) -> None:
    found = table(link(cell_code(value), "index.md"))
    assert [node.text for node in found.iter("a")] == [as_code(value)] * 2
    assert len(list(found.iter("td"))) == 4


@hostile
@given(texts)
@example("\n\n\n")
@example("   ```\n   # not a heading\n1. no item\n")
def test_a_fence_between_paragraphs(value: str) -> None:
    found = body(f"before\n\n{fence(value, 'dockerfile')}\n\nbehind\n")
    assert found.names == ["p", "pre", "code", "p"]
    assert found.only("pre").text == f"{show_invisible(value)}\n"
    assert found.only("code").attributes == {"class": "language-dockerfile"}


@hostile
@given(texts)
@example("RUN a\t\t\tb \t&& c\n\n    # x\n")
def test_a_fence_in_a_list(value: str) -> None:
    shown = instruction(value)
    block = fence(shown, "dockerfile", "   ")
    found = body(f"1. first\n\n\n{block}\n\n1. second\n\n{block}\n\n## Behind\n")
    assert found.names == ["ol", *["li", "p", "pre", "code"] * 2, "h2"]
    assert [node.text for node in found.iter("pre")] == [f"{show_invisible(shown)}\n"] * 2


@given(st.text(max_size=200))
@settings(deadline=None)
def test_an_instruction_loses_only_its_line_breaks(value: str) -> None:
    assert instruction(value).split() == value.split()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x00", "⟨U+0000⟩"),
        ("\x1b[1m", "⟨U+001B⟩[1m"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("a\r\n\tb", "a⟨U+000D⟩\n\tb"),
        ("日本 é 😀 ⟨", "日本 é 😀 ⟨"),
    ],
)
def test_invisible_characters_are_made_visible(value: str, shown: str) -> None:
    assert show_invisible(value) == shown


@given(st.text())
def test_no_invisible_character_is_left(value: str) -> None:
    shown = show_invisible(value)
    assert show_invisible(shown) == shown
    shown.encode()  # no lone surrogate either


@pytest.mark.parametrize("ticks", [78, 79, 80, 81, 500])
@pytest.mark.parametrize("behind", ["[a](https://example.org)", "<b>|</b>", "\\|"])
def test_more_backticks_than_a_code_span_can_have(ticks: int, behind: str) -> None:
    """Behind 80 of them cmark and comrak see no code span, and would read what follows."""
    value = "`" * ticks + behind
    found = body(f"before {code(value)}\n")
    assert found.only("p").text == f"before {value}"
    assert set(found.names) == ({"p", "code"} if ticks < 80 else {"p"})
    assert [cell.text for cell in table(cell_code(value)).iter("td")] == [value, value, "c", "d"]
    assert "a" not in table(cell_code(value)).names


def test_the_markdown_of_plain_text_stays_readable() -> None:
    assert text("PYTHON_VERSION 3.6.3 → 3.6.4; base image moved") == "PYTHON_VERSION 3.6.3 → 3.6.4; base image moved"
    assert text("linux/arm64/v8") == "linux/arm64/v8"
    assert text("windows/amd64 10.0.16299.192") == "windows/amd64 10.0.16299.192"
    assert code("sha256:abc") == "`sha256:abc`"
