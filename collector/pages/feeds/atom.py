"""Renders entries in the Atom format (RFC 4287). All text is plain text, never HTML."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec

from collector.model.times import Time
from collector.pages.addresses import Links
from collector.pages.plain_text import xml_text

_STYLE = "assets/stylesheets/feed.css"
"""Makes a page of a feed that is opened in a browser. CSS and not XSLT, which browsers remove."""
_XHTML = "http://www.w3.org/1999/xhtml"
_AUTHOR = "repo-info"
_NAMESPACE = UUID("5f0c2b1e-3d57-5a0e-9c44-0e6c1d0f8a31")
"""The namespace of all ids. Ids are derived only from names, so they are the same wherever a feed is published."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change."""

    id: str
    """From `id_of`; a change always has the same id."""
    title: str
    updated: Time
    link: str
    """The page of the change, from the site's root, with its part after a `#`."""
    reasons: tuple[str, ...]
    """The codes of the reasons, as categories for filters of feed readers."""
    content: str
    related: tuple[str, ...] = ()
    """Pages of what led to the change, as `link`."""


def id_of(name: str) -> str:
    """An id derived from a name: a UUID of version 5 (RFC 9562, section 5.5)."""
    return f"urn:uuid:{uuid5(_NAMESPACE, name)}"


def feed_path(address: str) -> str:
    """The address of the feed of a page."""
    return f"{address}feed.xml"


def render_feed(*, address: str, title: str, feed_id: str, entries: Sequence[Entry], site_url: str) -> bytes:
    """The feed that belongs to the page at this address.

    Args:
        entries: newest first; the time of the feed is that of the first.
        site_url: with a slash at its end; if it is empty, links are relative to the feed.
    """
    path = feed_path(address)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet type="text/css" href="{Links(address).to_file(_STYLE)}"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
    )
    lines = (
        f"<title>{xml_text(title)}</title>",
        f"<id>{xml_text(feed_id)}</id>",
        f"<updated>{entries[0].updated if entries else '1970-01-01T00:00:00Z'}</updated>",
        f"<author><name>{_AUTHOR}</name></author>",
        f'<link rel="self" href={_href(path, address, site_url)}/>',
        f"<link href={_href(address, address, site_url)}/>",
        # For people: CSS makes no link of Atom's own. Programs leave out what they do not know (RFC 4287, section 6.3).
        f'<a xmlns="{_XHTML}" href={_href(address, address, site_url)}>The page of this feed</a>',
        *(_entry(entry, address, site_url) for entry in entries),
    )
    return f"{head}{chr(10).join(lines)}\n</feed>\n".encode()


def _entry(entry: Entry, here: str, site_url: str) -> str:
    related = "".join(f'<link rel="related" href={_href(page, here, site_url)}/>' for page in entry.related)
    categories = "".join(f"<category term={_attribute(reason)}/>" for reason in entry.reasons)
    return (
        f"<entry><title>{xml_text(entry.title)}</title><id>{entry.id}</id><updated>{entry.updated}</updated>"
        f"<link href={_href(entry.link, here, site_url)}/>{related}{categories}"
        f"<content>{xml_text(entry.content)}</content></entry>"
    )


def _href(target: str, here: str, site_url: str) -> str:
    path, mark, part = target.partition("#")
    there = site_url + quote(path, safe="/~:@+,") if site_url else Links(here).to_file(path) or "./"
    return _attribute(f"{there}{mark}{part}")


def _attribute(value: str) -> str:
    return f'"{xml_text(value)}"'
