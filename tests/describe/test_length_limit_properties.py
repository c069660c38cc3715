"""Whatever a text holds, what is made of it can be pushed: judged by another parser than the one that made it."""

from __future__ import annotations

import os

from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.describe.descriptions import Description
from collector.describe.length_limit import LIMIT, SHORT_LIMIT, cut, fit, plain
from tests.describe.judge import faults_of

WHOLE = "https://example.org/images/blob/main/lantern/content.md"

FRAGMENTS = st.sampled_from(
    [
        *("```", "```sh", "~~~~", "    code", "\t", "`", "``", "` `", "`" * 90),
        *(
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "<p align='center'>",
            "<img src=x>",
            '<a href="../y">',
            "</a>",
            "<br/>",
            "<details>",
        ),
        *(
            "<script>",
            "</script>",
            "<?php",
            "<!DOCTYPE x>",
            "<![CDATA[",
            "]]>",
            "<OPTIONS>",
            "<<b>b>",
            "\\<i>",
            "&lt;",
            "<",
        ),
        *(
            "[a](../b.md)",
            "[a](#c)",
            "![x](y.png)",
            "[![x](y)](z)",
            "[r][ref]",
            "[ref]",
            "[ref]: ../d.md 'title'",
            "[ref]:",
        ),
        *(
            "[a](javascript:alert(1))",
            "<javascript:alert(1)>",
            "<https://x.org>",
            "<a@b.org>",
            "[a]( <b c> )",
            "[]()",
            "](",
        ),
        *("[a](//x.org/y)", "[a](https:x)", "[a](http://[)", "[a\\](b)", "[", "]", "![", "\\", "\\\\"),
        *("- ", "1. ", "> ", "# ", "***", "---", "===", "| a | b |", "|---|---|", "| ` | <b> | ` |", "a | b"),
        *("text", "é", "漢字", "🪔", "word " * 20, "&copy;", "&#60;b&#62;", "www.x.org", "http://x.org"),
    ]
)
SEPARATORS = st.sampled_from(["\n", "\n\n", "\n  ", "\n    ", "\n> ", "\n- ", " ", ""])
HOSTILE = st.lists(st.tuples(FRAGMENTS, SEPARATORS), max_size=40).map(lambda pairs: "".join(map("".join, pairs)))
TEXTS = st.one_of(HOSTILE, st.text(max_size=400))

EXAMPLES = int(os.environ.get("REPO_INFO_EXAMPLES", "0"))
"""How many texts are tried, others each time. By default they are few, and the same ones: there may be texts left that
two parsers read otherwise, and they are for who looks for them, not for who changes something else."""

more = settings(max_examples=EXAMPLES or 200, deadline=None, derandomize=not EXAMPLES)


@more
@given(TEXTS)
@example("| a | b |\n|---|---|\n| ` | <b> | ` |\n")
@example("<<b>b>\n\n<!-- x\n```\n-->\n```")
@example("- ```\n  code\n\nthen [a](b)")
def test_any_text_can_be_shown(text: str) -> None:
    made = plain(text, WHOLE)
    assert not faults_of(made, limit=10**6), made


@more
@given(st.lists(TEXTS, max_size=8), st.integers(60, 2_000))
def test_any_text_can_be_cut(texts: list[str], limit: int) -> None:
    text = plain("\n\n".join(texts), WHOLE)
    made = cut(text, "There is more.", limit)
    assert not faults_of(made, limit=limit), made
    kept = made[: made.index("There is more.")].rstrip()
    assert text.startswith(kept)


@settings(more, max_examples=30)
@given(TEXTS, TEXTS, st.integers(0, 3_000), st.text(max_size=300))
def test_any_description_fits(text: str, brief: str, times: int, short: str) -> None:
    fitted = fit(Description(text=f"{text}\n\n" * times, brief=f"{brief}\n\n" * times, whole=WHOLE, short=short))
    assert not faults_of(fitted.text, limit=LIMIT)
    assert len(fitted.short.encode()) <= SHORT_LIMIT
    assert "\n" not in fitted.short
