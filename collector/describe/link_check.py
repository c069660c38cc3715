"""Checks the links from a description to a site: links that lead nowhere, and tags without a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import msgspec
from markdown_it.token import Token

from collector.describe.built_site import BuiltSite
from collector.describe.markdown_structure import parse

_ADDRESS = re.compile(r"""https?://[^\s"'<>()\[\]`]+""", re.IGNORECASE)
_PUNCTUATION = ".,;:!?*_"


class DeadLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that leads nowhere."""

    line: int
    """The line of the description, from 1."""
    link: str
    reason: str


class LinkReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of checking the links from a description to a site."""

    links: int
    """The number of links."""
    dead: tuple[DeadLink, ...]
    unlinked: dict[str, list[str]]
    """The tags without a link, by image; only for images with at least one linked tag."""


def check_links(text: str, site_url: str, site: BuiltSite) -> LinkReport:
    """Check every link below `site_url` against the built site."""
    root = urlsplit(site_url.rstrip("/") + "/")
    links, paths, dead = 0, set[str](), []
    for line, link in sorted(_iter_links(text)):
        path = _below(link, root.netloc, root.path)
        if path is None:
            continue
        links += 1
        paths.add(f"{unquote(path).rstrip('/')}/")
        if reason := site.dead_reason(path, urlsplit(link).fragment):
            dead.append(DeadLink(line=line, link=link, reason=reason))
    return LinkReport(links=links, dead=tuple(dead), unlinked=site.unlinked(paths))


def _below(link: str, host: str, root: str) -> str | None:
    """The path below the site's root; None for other addresses."""
    try:
        address = urlsplit(link)
    except ValueError:
        return None
    if address.scheme.lower() not in {"http", "https"} or address.netloc.lower() != host.lower():
        return None
    path = address.path if address.path.startswith(root) else f"{address.path}/"
    return path[len(root) :] if path.startswith(root) else None


def _iter_links(text: str) -> Iterator[tuple[int, str]]:
    """The address of every link, and every text that may become a link, with its line."""
    structure = parse(text)
    lines = structure.lines
    for token in structure.tokens:
        if token.map and token.type in {"inline", "html_block"}:
            start, end = token.map
            for link in dict.fromkeys(_iter_addresses(token)):
                yield next((n for n in range(start, end) if link in lines[n]), start) + 1, link


def _iter_addresses(token: Token) -> Iterator[str]:
    if token.type in {"link_open", "image"}:
        yield str(token.attrs.get("href") or token.attrs.get("src") or "")
    if token.type in {"text", "html_inline", "html_block"}:
        # Docker Hub turns text that looks like an address into links, and may show links in HTML.
        yield from (found.rstrip(_PUNCTUATION) for found in _ADDRESS.findall(token.content))
    for child in token.children or ():
        yield from _iter_addresses(child)
