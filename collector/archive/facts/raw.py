"""The exact text of an index, a manifest or a config."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact
from collector.model.documents import IMAGE_CONFIG_TYPES
from collector.model.images import MediaType


class RawFact(DigestFact, frozen=True, kw_only=True, tag="raw"):
    """An index, manifest or config exactly as a registry gave it, so that anyone can hash it again."""

    media_type: MediaType
    text: str | None = None
    base64: bytes | None = None
    """Replaces `text` for bytes that are not UTF-8."""

    @property
    def table(self) -> str:  # type: ignore[override]  # of its role: one digest may be that of a config and be listed as a manifest
        return "raw_configs" if self.media_type in IMAGE_CONFIG_TYPES else "raws"

    @property
    def key(self) -> tuple[str, ...]:
        return (type(self).__name__, self.digest, self.table)

    @property
    def content(self) -> bytes:
        """The exact bytes."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()
