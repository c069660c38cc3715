"""What only some kinds of pages announce in their heads: feeds, the search, a picture for links to them."""

from __future__ import annotations

from html import escape

import msgspec

from collector.pages.documents import Kind

CARD = "assets/images/card.png"
OPENSEARCH = "opensearch.xml"

_WITH_FEED = frozenset({"home", "image", "tag"})
_FEED = '\n<link rel="alternate" type="application/atom+xml" href="feed.xml">'


class SiteName(msgspec.Struct, frozen=True, kw_only=True):
    """What a site is called, and where it is."""

    name: str = ""
    url: str = ""
    """With a slash at its end; empty where it is not known."""


def render_head(kind: Kind, address: str, site: SiteName) -> str:
    """The lines, each after a line feed. A further part of a list, `repos/python/-tags-2/`, announces nothing.

    A title and a description for links (Open Graph) need no lines of their own: who shows links takes the page's.
    A picture and a search are named by whole addresses, so that they are there where the site's is known.
    """
    if "/-" in address:
        return ""
    lines = _FEED if kind in _WITH_FEED else ""
    if site.url and kind in _WITH_FEED:
        lines += f'\n<meta property="og:image" content="{escape(site.url)}{CARD}">'
    if site.url and kind == "home":
        lines += (
            '\n<link rel="search" type="application/opensearchdescription+xml"'
            f' title="{escape(site.name)}" href="{OPENSEARCH}">'
        )
    return lines
