"""What `pages` hands to `site`: documents, redirects and other files.

- The Markdown of a document is CommonMark with GFM tables: no raw HTML, no front matter, `# title` as its first line.
  It lies at `<address>index.md`. Links to other pages are relative and end in `index.md` (`../index.md`,
  `../../../digest/index.md?q=sha256:…`), so that they work where the Markdown lies; the site turns `…/index.md` into
  `…/`.
- `kind` becomes the class `ri-<kind>` of the body's wrapper.
- A page or file whose key the site has at that address is not made again. So a key covers everything that goes into it;
  the tests of rebuilds hold them to be equal to full builds, byte for byte.
- A document of an edition has `past`. Its address begins with the day, and it has no twin.
- `openapi.py` lists every kind of JSON file; the tests hold every published file to exactly one of its paths.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import msgspec

from collector.model.times import Time


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """The edition of a page that shows the archive at the end of a day."""

    edition: str
    """The day: `2017-12-31`."""
    now: str
    """The address of the current page."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Its Markdown is rendered on demand: a site that has a page with this key does not need it."""

    address: str
    """Relative to the site's root, with a slash at its end; home is the empty string."""
    title: str
    description: str
    kind: str
    """The name of its kind: `home`, `image`, …"""
    key: bytes
    """Equal keys, equal pages, within one version of this program. 16 bytes, as `key_of` makes them."""
    render: Callable[[], str]
    """Renders the Markdown. The key covers all that it reads."""
    twin: bytes
    """The same as JSON, published at `api/v1/<address without its last slash>.json` (home: `api/v1/index.json`);
    empty: there is none."""
    updated: Time | None = None
    past: Past | None = None
    """Of a page of an edition."""

    @property
    def markdown(self) -> str:
        """CommonMark with tables and no raw HTML; links to pages end in `index.md`. Rendered each time."""
        return self.render()


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """An address that redirects to a page, in a few hundred bytes."""

    address: str
    """As a document's."""
    to: str
    """The address of that page; behind a `#` the part of it."""
    title: str
    twin: bytes = b""
    """Published as a document's is."""


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """Any other file."""

    path: str
    content: bytes

    @property
    def key(self) -> bytes:
        """Equal keys, equal files. 16 bytes."""
        return sha256(self.content).digest()[:16]


class LateAsset(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is made on demand: a site that has a file with this key does not need it."""

    path: str
    key: bytes
    """As a document's."""
    make: Callable[[], bytes]
    """The key covers all that it reads."""

    @property
    def content(self) -> bytes:
        """Made each time."""
        return self.make()


AnyAsset = Asset | LateAsset
Item = Document | Redirect | AnyAsset


def key_of(*parts: object) -> bytes:
    """The key of what these parts make: text, bytes, numbers, None, structs; lists, tuples and dicts of them."""
    return sha256(msgspec.msgpack.encode(parts)).digest()[:16]
