"""Makes links absolute, so that they work on Docker Hub's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin

from markdown_it.helpers import parseLinkDestination
from markdown_it.token import Token

from collector.describe.inline import ESCAPED, IN_ADDRESS, LABEL_END, end_of_code
from collector.describe.markdown_structure import Range, Structure, rewrite

_ABSOLUTE = re.compile(r"(?:(?:https?|ftp)://[^/?#\s]|mailto:)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MARK = re.compile(rf"{ESCAPED}|`+|!?\[|\]\(?")
_BLANK = re.compile(r"[ \t\n]*")
_AUTOLINK = re.compile(
    r"<(?=[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*>)(?!(?:https?|ftp)://[^/?#\s]|mailto:)", re.IGNORECASE
)


def is_absolute(destination: str) -> bool:
    """Whether a destination is a web address or a mail address."""
    return bool(_ABSOLUTE.match(destination))


def absolute_links(text: str, full_url: str) -> str:
    """The text with absolute links. Relative links are resolved against `full_url`, the address of the text itself.

    Raises:
        InvalidValue: a link cannot be separated from the text.
    """
    return rewrite(
        text,
        _iter_relative,
        lambda chunk, is_definition: (_definition if is_definition else _inline)(chunk, full_url),
        problem="links that cannot be made absolute",
    )


def _iter_relative(structure: Structure) -> Iterator[tuple[Range, bool]]:
    """The lines that contain relative links, and whether these are the definition of a link."""
    for lines, token in structure.iter_inline():
        if any(_is_relative(child) for child in token.children or ()):
            yield lines, False
    for reference in structure.references:
        if not is_absolute(reference.destination):
            yield reference.lines, True


def _is_relative(token: Token) -> bool:
    """Whether a token is a link or an image with a relative destination of its own."""
    if token.type not in {"link_open", "image"} or "label" in token.meta:
        return False
    destination = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
    return not is_absolute(destination)


def _inline(chunk: str, full_url: str) -> str:
    out: list[str] = []
    open_brackets: list[bool] = []
    """For each open bracket, whether it belongs to an image."""
    position = 0
    while mark := _MARK.search(chunk, position):
        out.append(chunk[position : mark.end()])
        position = mark.end()
        match mark[0]:
            case "[" | "![":
                open_brackets.append(mark[0] == "![")
            case "]":
                open_brackets[-1:] = []
            case "](":
                is_image = open_brackets.pop() if open_brackets else False
                position = _take_destination(chunk, position, out, _raw(full_url) if is_image else full_url)
            case ticks if ticks[0] == "`":
                end = end_of_code(chunk, mark) or position
                out.append(chunk[position:end])
                position = end
    changed = _AUTOLINK.sub("&lt;", "".join([*out, chunk[position:]]))
    return changed if changed != chunk else chunk.replace("](", "]&#40;")


def _definition(chunk: str, full_url: str) -> str:
    colon = re.search(rf"{LABEL_END}[ \t\n>]*", chunk)
    if colon:
        out = [chunk[: colon.end()]]
        end = _take_destination(chunk, colon.end(), out, full_url)
        if (changed := "".join([*out, chunk[end:]])) != chunk:
            return changed
    return chunk.replace("]:", "]&#58;")


def _take_destination(chunk: str, position: int, out: list[str], full_url: str) -> int:
    """Append an absolute form of the destination that begins here to `out`; returns the position after it."""
    blank = _BLANK.match(chunk, position)
    start = blank.end() if blank else position
    found = parseLinkDestination(chunk, start, len(chunk))
    if not found.ok and chunk[start : start + 1] != ")":
        return position
    if found.ok and is_absolute(found.str):
        out.append(chunk[position : found.pos])
        return found.pos
    out.append(_join(full_url, found.str))
    return found.pos if found.ok else start


def _join(full_url: str, destination: str) -> str:
    """The destination resolved against the text's address. A destination outside the web becomes a link to the whole
    text.
    """
    try:
        joined = full_url if _SCHEME.match(destination) else urljoin(full_url, destination.strip())
    except ValueError:
        joined = full_url
    return quote(joined if is_absolute(joined) else full_url, safe=IN_ADDRESS)


def _raw(full_url: str) -> str:
    """The address of the raw file, on hosts that show files as pages."""
    return full_url.replace("/blob/", "/raw/", 1)
