"""Removes HTML from Markdown, because Docker Hub shows HTML as text or not at all.

Comments and tags are removed; the text between tags stays. `<img>` and `<a>` become images and links of Markdown. Text
that only looks like a tag, such as `<OPTIONS>`, stays text. Code is unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

from markdown_it.common.html_blocks import block_names
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.token import Token

from collector.describe.inline import ESCAPED, IN_ADDRESS, end_of_code
from collector.describe.markdown_structure import Range, Structure, rewrite
from collector.pages import markdown

_MAX_TAG = 4_000
_ELEMENTS = frozenset(block_names) | frozenset(
    "a abbr acronym audio b bdi bdo big br button canvas cite code data del dfn em embed font i img input ins kbd label"
    " map mark meter object output picture pre progress q rp rt ruby s samp script select slot small span strike strong"
    " style sub sup svg template textarea time tt u var video wbr".split()
)
_MARK = re.compile(rf"{ESCAPED}|`+|<")
_COMMENT = re.compile(r"<!--(?:>|->|.*?-->)", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*|[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+)>")
_ATTRIBUTE = re.compile(r"""\b(alt|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)


def without_html(text: str) -> str:
    """The text without HTML.

    Raises:
        InvalidValue: the HTML cannot be separated from the text.
    """
    return rewrite(text, _iter_html, _without_tags, problem="HTML is nested too deeply in HTML")


def _without_tags(chunk: str, is_block: bool) -> str:
    cleaned = _dedent(_strip_tags(chunk)) if is_block else _strip_tags(chunk)
    # An unchanged chunk is code by these rules, but HTML by the rules of tables and quotes; it stays text.
    return cleaned if cleaned != chunk else chunk.replace("<", "&lt;")


def _iter_html(structure: Structure) -> Iterator[tuple[Range, bool]]:
    """The lines that contain HTML, and whether they contain nothing else."""
    for token in structure.tokens:
        if token.map and (token.type == "html_block" or _has_html(token)):
            yield (token.map[0], token.map[1]), token.type == "html_block"


def _has_html(token: Token) -> bool:
    return any(child.type == "html_inline" or _has_html(child) for child in token.children or ())


def _strip_tags(chunk: str) -> str:
    out: list[str] = []
    links: list[tuple[int, str]] = []
    """For each open link, its place in `out` and its destination."""
    position = 0
    while mark := _MARK.search(chunk, position):
        out.append(chunk[position : mark.start()])
        if mark[0] == "<":
            position = _take_tag(chunk, mark.start(), out, links)
        else:
            position = (end_of_code(chunk, mark) if mark[0][0] == "`" else None) or mark.end()
            out.append(chunk[mark.start() : position])
    for place, _ in links:
        out[place] = ""
    return "".join([*out, chunk[position:]])


def _take_tag(chunk: str, at: int, out: list[str], links: list[tuple[int, str]]) -> int:
    """Append the replacement for the text that begins with this `<` to `out`; returns the position after it."""
    if gone := _COMMENT.match(chunk, at) or _HIDDEN.match(chunk, at):
        return gone.end()
    if kept := _AUTOLINK.match(chunk, at):
        out.append(kept[0])
        return kept.end()
    tag = HTML_TAG_RE.match(chunk[at : at + _MAX_TAG])
    name = _NAME.match(tag[0]) if tag else None
    if tag is None or (name and name[1].lower() not in _ELEMENTS):
        is_text = not re.match(r"[A-Za-z/!?]", chunk[at + 1 : at + 2])
        out.append("<" if is_text else "&lt;")
        return at + 1
    _append_element(tag[0], name[1].lower() if name else "", out, links)
    return at + tag.end()


def _append_element(tag: str, name: str, out: list[str], links: list[tuple[int, str]]) -> None:
    attributes = {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(tag)
    }
    match name:
        case "img" if attributes.get("src"):
            out.append(f"![{markdown.text(attributes.get('alt', ''))}]({quote(attributes['src'], safe=IN_ADDRESS)})")
        case "a" if attributes.get("href") and not links:
            links.append((len(out), attributes["href"]))
            out.append("[")
        case "a" if links and tag.startswith("</"):
            out.append(f"]({quote(links.pop()[1], safe=IN_ADDRESS)})")
        case "br":
            out.append(" ")
        case _:
            pass


def _dedent(text: str) -> str:
    """The lines, indented at most as far as the first: inside HTML, indentation has no meaning."""
    lines = text.split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip(" \t"))
    levelled = [
        line if len(line) - len(line.lstrip(" \t")) <= margin else line[:margin] + line.lstrip(" \t") for line in lines
    ]
    return "\n".join(line.rstrip() for line in levelled)
