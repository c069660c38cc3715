"""Pages, and sections of pages, that are kept unchanged."""

from __future__ import annotations

from collector.archive.facts.fact import ObjectFact, TextId


class TextFact(ObjectFact, frozen=True, kw_only=True, tag="text"):
    """A classic page, or one section of it, kept unchanged. Bytes that are not UTF-8 are kept in base64."""

    table = "texts"
    id: TextId
    text: str | None = None
    base64: bytes | None = None

    @property
    def name(self) -> str:
        return self.id

    @property
    def content(self) -> bytes:
        """The kept bytes."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()
