"""Lines in the head of only some kinds of pages: feeds, the search, and a picture for links to the page.

With an OpenSearch description (version 1.1, draft 6), browsers offer the site's search among their own.
"""

from __future__ import annotations

from html import escape
from mimetypes import guess_type
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

import msgspec

CARD = "assets/images/card.png"
OPENSEARCH = "opensearch.xml"

_MAX_NAME = 16
_MAX_DESCRIPTION = 1024
"""Characters; the limit of OpenSearch."""

MARKDOWN = "index.md"
"""The Markdown of a page, in its folder."""
_WITH_FEED = frozenset({"home", "image", "tag"})
_FEED = '\n<link rel="alternate" type="application/atom+xml" href="feed.xml">'


class SiteName(msgspec.Struct, frozen=True, kw_only=True):
    """The name and the address of a site, and whether its pages have their Markdown beside them."""

    name: str = ""
    url: str = ""
    """With a slash at its end; empty if it is unknown."""
    has_markdown: bool = False
    """Whether the Markdown of each page of the archive is beside it."""


def render_head(kind: str, address: str, site: SiteName) -> str:
    """The lines, each after a line feed. A later part of a list (`repos/python/-tags-2/`) has only its Markdown.

    Open Graph's title and description are left out, because programs that show links use those of the page. A picture
    and a search need absolute addresses, so these lines require that the site's address is known.
    """
    lines = f'\n<link rel="alternate" type="text/markdown" href="{MARKDOWN}">' if site.has_markdown else ""
    if "/-" in address:
        return lines
    lines += _FEED if kind in _WITH_FEED else ""
    if site.url and kind in _WITH_FEED:
        lines += f'\n<meta property="og:image" content="{escape(site.url)}{CARD}">'
    if site.url and kind == "home":
        lines += (
            '\n<link rel="search" type="application/opensearchdescription+xml"'
            f' title="{escape(site.name)}" href="{OPENSEARCH}">'
        )
    return lines


def render_opensearch(*, name: str, description: str, site_url: str, icon: str) -> str:
    """The OpenSearch description.

    Args:
        site_url: with a slash at its end.
        icon: the path of a picture from the site's root; empty if there is none.
    """
    media_type = guess_type(icon)[0]
    kind = f" type={quoteattr(media_type)}" if media_type else ""
    image = f"<Image{kind}>{escape_xml(site_url + icon)}</Image>\n" if icon else ""
    template = quoteattr(f"{site_url}digest/?q={{searchTerms}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape_xml(name[:_MAX_NAME].strip())}</ShortName>\n"
        f"<Description>{escape_xml(description[:_MAX_DESCRIPTION])}</Description>\n"
        f"{image}"
        f'<Url type="text/html" template={template}/>\n'
        "<InputEncoding>UTF-8</InputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
