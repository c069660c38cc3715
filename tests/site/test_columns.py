"""The layout of a tag's page."""

from __future__ import annotations

import re

from collector.site.body import render_body

PULL, PINNED = "```console\ndocker pull a:1\n```\n", "```console\ndocker pull a:1@sha256:00\n```\n"
FROM = "```dockerfile\nFROM a:1@sha256:00\n```\n"


def test_three_breaks_enclose_two_columns() -> None:
    html = render_body("above\n\n---\n\nleft\n\n---\n\nright\n\n---\n\nbelow\n")
    columns = "<div class=ri-columns><div>\n<p>left</p>\n</div><div>\n<p>right</p>\n</div></div>\n"
    assert html == f"<p>above</p>\n{columns}<p>below</p>\n"
    assert "<div" not in render_body("a\n\n---\n\nb\n\n---\n\nc\n")


def test_commands_at_the_top_are_chosen_by_their_names() -> None:
    html = render_body(f"# a\n\n{PULL}\n{PINNED}\n{FROM}\n## b\n\n{PULL}\n{PINNED}\n{FROM}")
    assert re.findall(r"<label><input type=radio name=pull( checked)?>(\w+)</label>", html) == [
        (" checked", "Tag"),
        ("", "Pinned"),
        ("", "FROM"),
    ]
    assert html.count("<pre>") == 6
    assert html.count("ri-pull") == 1


def test_a_tag_that_is_gone_has_the_pinned_ones() -> None:
    assert re.findall(r"<label><input[^>]*>(\w+)<", render_body(f"{PINNED}\n{FROM}")) == ["Pinned", "FROM"]
    assert "ri-pull" not in render_body(FROM)
    assert "ri-pull" not in render_body(f"{PULL}\n{PINNED}")
