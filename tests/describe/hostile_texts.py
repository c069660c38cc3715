"""Strange texts that a publisher may write."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st

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
