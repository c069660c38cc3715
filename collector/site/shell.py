"""The frame around every page: rendered once by MkDocs, taken apart once, then filled by joining strings."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from collector.errors import BuildError
from collector.site.head import SiteName

FIELDS = ("root", "title", "description", "kind", "address", "twin", "head", "body", "edition", "now")
"""What differs from page to page; `root` is the way up to the site's root, `head` what some kinds of pages announce."""

SOURCE = "/".join(["repo-info-shell"] * 6) + "/index.md"
"""Where MkDocs believes the shell page to lie: so deep that no other text looks like its way up to the root."""

SOURCE_OF_OLD = SOURCE.replace("shell", "old")
"""The same for the frame of editions."""

_ROOT = '"' + "/".join([".."] * SOURCE.count("/"))
_INDENT = re.compile(r"\n\s+")
_FIELD = re.compile("@repo-info-(" + "|".join(FIELDS) + ")@")

_NAMELESS = SiteName()


def placeholder(field: str) -> str:
    """What stands in the shell where a page's own text goes."""
    return f"@repo-info-{field}@"


class Shell(msgspec.Struct, frozen=True):
    """The frame, in pieces: text and the names of fields by turns."""

    pieces: tuple[str, ...]
    site: SiteName = _NAMELESS
    old: tuple[str, ...] = ()
    """The frame of the pages of editions."""

    def fill(self, values: Mapping[str, str]) -> str:
        """One page. The values, by field, are HTML already; `root` is the way up: `../..`, or `.` where it is home."""
        parts = list(self.old if "edition" in values else self.pieces)
        parts[1::2] = [values[field] for field in parts[1::2]]
        return "".join(parts)

    @property
    def size(self) -> int:
        """Bytes that it adds to every page, the fields aside."""
        return sum(len(text.encode()) for text in self.pieces[::2])


def parse_shell(html: str, site: SiteName = _NAMELESS, old: str | None = None) -> Shell:
    """Take the rendered shell pages apart.

    Args:
        old: that of editions, where there are any.

    Raises:
        BuildError: the templates leave out a field.
    """
    return Shell(
        pieces=_take_apart(html, {"title", "body", "kind"}),
        site=site,
        old=_take_apart(old, {"title", "body", "kind", "edition", "now"}) if old is not None else (),
    )


def _take_apart(html: str, needed: set[str]) -> tuple[str, ...]:
    # The theme's templates are indented, and nothing in the frame is set in lines.
    html = _INDENT.sub("\n", html.replace(_ROOT, '"' + placeholder("root")))
    pieces = tuple(_FIELD.split(html))
    missing = needed - set(pieces[1::2])
    if missing:
        raise BuildError(
            f"the theme's templates leave out {', '.join(sorted(missing))}", hint="compare site_src/overrides/main.html"
        )
    return pieces
