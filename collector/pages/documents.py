"""What the pages room hands on: documents and assets. Their contract is in ARCHITECTURE.md."""

from __future__ import annotations

from typing import Literal

import msgspec

from collector.model.times import Time

Kind = Literal["home", "image", "tag", "platform", "history"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One page."""

    address: str
    """Relative to the site's root, with a slash at its end; home is the empty string."""
    title: str
    description: str
    kind: Kind
    markdown: str
    """CommonMark with tables and no raw HTML; links to pages end in `index.md`."""
    twin: bytes
    """The same as JSON, published at `api/v1/<address without its last slash>.json` (home: `api/v1/index.json`)."""
    updated: Time | None = None


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """Any other file."""

    path: str
    content: bytes
