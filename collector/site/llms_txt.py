"""`llms.txt`: an index of the site for programs that read text, as https://llmstxt.org proposes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from collector.pages.markdown import link, text
from collector.pages.plain_text import one_line
from collector.site.head import SiteName

LLMS_TXT = "llms.txt"
_TWIN = "api/v1/repos/python/3.6.json"
_DATA = (
    ("Names of all images and tags", "api/v1/names.json", "The address of a tag is `repos/<image>/<tag>/`."),
    ("Releases of all images", "feed.xml", "The newest ones, as an Atom feed; images and tags have their own."),
    ("Home", "api/v1/index.json", "All images, and what changed last, as JSON."),
)
_API = (
    ("OpenAPI", "api/v1/openapi.json", "Every kind of JSON file."),
    ("JSON Schema", "api/v1/schema.json", "The contents of these files."),
)


class GuidePage(NamedTuple):
    """A hand-written page of the site."""

    title: str
    address: str
    """From the site's root."""
    description: str


def render_llms_txt(site: SiteName, summary: str, guide: Iterable[GuidePage]) -> str:
    """The text.

    Args:
        site: its name, its address if it is known, and whether it has the Markdown of its pages.
        summary: what it is, in one sentence.
        guide: in the order of the navigation.
    """
    beside = ", and `repos/python/3.6/index.md` as Markdown" if site.has_markdown else ""
    twins = f"Each page of an image, a tag or a platform has a twin: `repos/python/3.6/` has `{_TWIN}` as JSON{beside}."
    sections = {"Guide": guide, "API": map(GuidePage._make, _API), "Data": map(GuidePage._make, _DATA)}
    return "\n".join(
        [
            f"# {text(one_line(site.name))}\n\n> {text(one_line(summary))}\n\n{twins}",
            *(f"\n## {title}\n\n{_links(pages, site.url)}" for title, pages in sections.items()),
            "",
        ]
    )


def _links(pages: Iterable[GuidePage], root: str) -> str:
    return "\n".join(
        f"- {link(text(page.title), root + page.address)}{': ' if page.description else ''}{page.description}"
        for page in pages
    )
