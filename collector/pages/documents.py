"""The items that `pages` gives to `site`: documents, redirects and other files.

- The Markdown of a document is CommonMark with GFM tables: no raw HTML, no front matter, `# title` as its first line.
  Its file is `<address>index.md`. Links to other pages are relative and end in `index.md` (`../index.md`), so that they
  work between these files; the site turns `…/index.md` into `…/`. A look-up has no such file (`../../../compare/?…`).
- `kind` becomes the class `ri-<kind>` of the body's wrapper.
- A page or file is not rendered again if the site has the same key at its address. So a key covers all inputs; tests
  check that rebuilds equal full builds, byte for byte.
- A document of an edition has `past`. Its address begins with the day, and it has no twin.
- `openapi.py` lists every kind of JSON file; tests check that each published file matches exactly one of its paths.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import msgspec

from collector.model.times import Time
from collector.pages.left_out import Rank


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """The edition to which a page belongs: it shows the archive at the end of a day."""

    edition: str
    """The day: `2017-12-31`."""
    now: str
    """The address of the current page."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Its Markdown is rendered on demand, unless the site has a page with the same key."""

    address: str
    """Relative to the site's root, with a slash at its end; home is the empty string."""
    title: str
    description: str
    kind: str
    """The name of its kind: `home`, `image`, …"""
    key: bytes
    """16 bytes from `key_of`. Within one version of this program, equal keys mean equal pages."""
    render: Callable[[], str]
    """Renders the Markdown. The key covers everything that it reads."""
    twin: bytes
    """The JSON twin, published at `api/v1/<address without its last slash>.json` (home: `api/v1/index.json`); empty if
    there is none.
    """
    updated: Time | None = None
    past: Past | None = None
    """The edition of the page, if any."""
    rank: Rank = 0
    """What a site with limits leaves out first."""

    @property
    def markdown(self) -> str:
        """CommonMark with tables and no raw HTML; links to pages end in `index.md`. Rendered at each call."""
        return self.render()


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """An address that redirects to a page, in a few hundred bytes."""

    address: str
    """As a document's."""
    to: str
    """The address of that page, with its query after a `?`, or its part after a `#`."""
    title: str
    twin: bytes = b""
    """The JSON twin, published like that of a document."""
    rank: Rank = 0


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """Any other file."""

    path: str
    content: bytes
    rank: Rank = 0

    @property
    def key(self) -> bytes:
        """16 bytes. Equal keys mean equal files."""
        return sha256(self.content).digest()[:16]


class LateAsset(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is rendered on demand, unless the site has a file with the same key."""

    path: str
    key: bytes
    """As a document's."""
    make: Callable[[], bytes]
    """Renders the file. The key covers everything that it reads."""
    rank: Rank = 0

    @property
    def content(self) -> bytes:
        """Rendered at each call."""
        return self.make()


AnyAsset = Asset | LateAsset
Item = Document | Redirect | AnyAsset


def key_of(*parts: object) -> bytes:
    """A key from these inputs: text, bytes, numbers, None, structs; lists, tuples and dicts of them."""
    return sha256(msgspec.msgpack.encode(parts)).digest()[:16]
