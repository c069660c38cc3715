"""The frame around every page. MkDocs renders it once; each page joins its values with the parts between
placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from collector.errors import BuildError
from collector.site.head import SiteName

FIELDS = ("root", "title", "description", "kind", "address", "twin", "head", "body", "edition", "now")
"""The values that differ between pages; `root` is the path to the site's root, `head` the output of `render_head`."""

SOURCE = "/".join(["repo-info-shell"] * 6) + "/index.md"
"""The source of the shell page for MkDocs, so deep that no other text looks like its path to the root."""

EDITION_SOURCE = SOURCE.replace("shell", "old")
"""The same for the frame of editions."""

_ROOT = '"' + "/".join([".."] * SOURCE.count("/"))
_INDENT = re.compile(r"\n\s+")
_FIELD = re.compile("@repo-info-(" + "|".join(FIELDS) + ")@")

_NAMELESS = SiteName()


def placeholder(field: str) -> str:
    """The text in the shell that the value of a page replaces."""
    return f"@repo-info-{field}@"


class Shell(msgspec.Struct, frozen=True):
    """The frame: texts and names of fields, alternating."""

    pieces: tuple[str, ...]
    site: SiteName = _NAMELESS
    edition: tuple[str, ...] = ()
    """The frame of the pages of editions."""

    def fill(self, values: Mapping[str, str]) -> str:
        """Render one page. `values`: HTML by field; `root` is `.` for home, else `../..` and the like."""
        parts = list(self.edition if "edition" in values else self.pieces)
        parts[1::2] = [values[field] for field in parts[1::2]]
        return "".join(parts)

    @property
    def size(self) -> int:
        """The bytes that it adds to every page, without the fields."""
        return sum(len(text.encode()) for text in self.pieces[::2])


def parse_shell(html: str, site: SiteName = _NAMELESS, edition: str | None = None) -> Shell:
    """Split the rendered shell pages at their placeholders.

    Args:
        edition: the page for editions, if there are any.

    Raises:
        BuildError: the templates leave out a field.
    """
    return Shell(
        pieces=_split(html, {"title", "body", "kind"}),
        site=site,
        edition=_split(edition, {"title", "body", "kind", "edition", "now"}) if edition is not None else (),
    )


def _split(html: str, needed: set[str]) -> tuple[str, ...]:
    # The theme's templates are indented, and the frame contains no preformatted text.
    html = _INDENT.sub("\n", html.replace(_ROOT, '"' + placeholder("root")))
    pieces = tuple(_FIELD.split(html))
    missing = needed - set(pieces[1::2])
    if missing:
        message = f"mkdocs.yml does not use the site's templates: its own leave out {', '.join(sorted(missing))}"
        hint = "run `repo-info build`, or inherit its mkdocs.yml and use its site_src as docs_dir and for custom_dir"
        raise BuildError(message, hint=hint)
    return pieces
