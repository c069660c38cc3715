"""The OpenSearch description (version 1.1, draft 6), by which browsers offer the site's search as one of theirs."""

from __future__ import annotations

from mimetypes import guess_type
from xml.sax.saxutils import escape, quoteattr

_LONGEST_NAME = 16
_LONGEST_DESCRIPTION = 1024


def render_opensearch(*, name: str, description: str, site_url: str, icon: str) -> str:
    """The document.

    Args:
        site_url: with a slash at its end.
        icon: the path of a picture, from the site's root.
    """
    media_type = guess_type(icon)[0]
    kind = f" type={quoteattr(media_type)}" if media_type else ""
    template = quoteattr(f"{site_url}digest/?q={{searchTerms}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name[:_LONGEST_NAME].strip())}</ShortName>\n"
        f"<Description>{escape(description[:_LONGEST_DESCRIPTION])}</Description>\n"
        f"<Image{kind}>{escape(site_url + icon)}</Image>\n"
        f'<Url type="text/html" template={template}/>\n'
        "<InputEncoding>UTF-8</InputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
