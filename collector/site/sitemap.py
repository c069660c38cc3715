"""Renders sitemap.xml (sitemaps.org/protocol.html), which includes the pages that MkDocs does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from urllib.parse import quote

from collector.model.times import Time, render_day

LIMIT = 50_000
"""The maximum number of addresses in one file, by the protocol."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Address = tuple[str, Time | None]
"""An address relative to the site's root, and the time of its last change."""


def render_sitemaps(site_url: str, addresses: Iterable[Address], *, limit: int = LIMIT) -> Iterator[tuple[str, str]]:
    """Paths and texts: one sitemap.xml, or an index and its parts if there are too many addresses."""
    rest = iter(addresses)
    share, following = list(islice(rest, limit)), list(islice(rest, limit))
    if not following:
        yield "sitemap.xml", _render("urlset", "url", site_url, share)
        return
    parts: list[Address] = []
    while share:
        path = f"sitemaps/{len(parts) + 1}.xml"
        parts.append((path, max((when for _, when in share if when), default=None)))
        yield path, _render("urlset", "url", site_url, share)
        share, following = following, list(islice(rest, limit))
    yield "sitemap.xml", _render("sitemapindex", "sitemap", site_url, parts)


def _render(root: str, element: str, site_url: str, entries: Sequence[Address]) -> str:
    lines = (
        f"<{element}><loc>{escape(site_url + quote(address, safe='/~:@+,'), quote=False)}</loc>"
        f"{f'<lastmod>{render_day(when)}</lastmod>' if when else ''}</{element}>\n"
        for address, when in entries
    )
    return f'{_HEAD}<{root} xmlns="{_SPACE}">\n{"".join(lines)}</{root}>\n'
