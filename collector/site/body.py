"""Renders Markdown as the HTML of a page's body, in comrak's safe mode, which removes raw HTML and dangerous links."""

from __future__ import annotations

import re
from functools import lru_cache

from comrak import ExtensionOptions, render_markdown

from collector.site.columns import with_columns
from collector.site.folds import with_lists_folded
from collector.site.past_year import with_past_years
from collector.site.tables import with_short_tables
from collector.site.timeline_picture import with_timelines

# Only tables: `autolink` would make links of text that comes from images.
_EXTENSIONS = ExtensionOptions()
_EXTENSIONS.table = True

# comrak escapes every quotation mark in text, so `href="` can only be an attribute.
_SOURCE_LINK = re.compile(r'href="(?!//|[A-Za-z][A-Za-z0-9+.-]*:)((?:[^"?#]*/)?)index\.md(?=["?#])')
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>|&[#a-z0-9]+;")
_DIGEST = re.compile(r"<code>(?=sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})</code>)")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def render_body(markdown: str) -> str:
    """The HTML of a page. Links to `…/index.md` lead to `…/`; second-level headings have ids, digests the class `d`."""
    html = render_markdown(markdown, extension_options=_EXTENSIONS)
    html = with_short_tables(with_timelines(html)).replace("</li>\n<li>", "<li>")  # an optional tag, too
    html = with_lists_folded(with_columns(with_past_years(html)))
    html = _DIGEST.sub("<code class=d>", html)
    return _with_ids(_SOURCE_LINK.sub(_to_folder, html))


def _to_folder(link: re.Match[str]) -> str:
    return f'href="{link[1] or "./"}'


def _with_ids(html: str) -> str:
    taken: dict[str, int] = {}

    def with_id(heading: re.Match[str]) -> str:
        slug = slug_of(heading[1])
        taken[slug] = number = taken.get(slug, 0) + 1
        # No slug has two hyphens in a row, so the second "a" differs from a heading "a 2".
        return f'<h2 id="{slug if number == 1 else f"{slug}--{number}"}">{heading[1]}</h2>'

    return _HEADING.sub(with_id, html)


@lru_cache(256)
def slug_of(html: str) -> str:
    """The fragment of a heading's address: lower-case letters, digits and hyphens."""
    return _NO_SLUG.sub("-", _MARKUP.sub("", html).lower()).strip("-") or "section"
