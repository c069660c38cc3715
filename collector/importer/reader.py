"""From the bytes of one classic page to values, doing the work of a section only once."""

from __future__ import annotations

import hashlib

import msgspec

from collector.classic.pages import Head, parse_head, render_head, render_section_heading, split_page
from collector.classic.sections import Section, parse_platform_line, parse_section, render_section
from collector.errors import InvalidValue
from collector.importer.git import LARGEST_PAGE
from collector.model.digests import Digest


class ReadSection(msgspec.Struct, frozen=True):
    """A section that was understood. One that comes again is the same object."""

    section: Section
    manifest: Digest
    raw: str | None
    """The text, where rendering the section would not give it back."""


class ReadPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page that was understood, or what is known of one that was not."""

    head: Head | None = None
    sections: tuple[ReadSection, ...] = ()
    raw: bytes | None = None
    """The page itself, where rendering its head would not give it back, or it was not understood."""
    problem: str = ""
    """Why the page was not understood."""


class PageReader:
    """Reads the pages of one repository. A section it has seen is not parsed again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sections: dict[tuple[str, bytes, str], ReadSection] = {}

    def read(self, tag: str, raw: bytes | None) -> ReadPage:
        """Understand a page as far as it can be; `raw` None stands for a page too large to be read."""
        if raw is None:
            return ReadPage(problem=f"the page is larger than {LARGEST_PAGE} bytes; not read")
        try:
            return self._read(tag, raw)
        except UnicodeDecodeError as error:
            return ReadPage(raw=raw, problem=f"not UTF-8: {error.reason} at byte {error.start}")
        except InvalidValue as error:
            return ReadPage(raw=raw, problem=str(error))

    def _read(self, tag: str, raw: bytes) -> ReadPage:
        head_text, texts = split_page(raw.decode())
        head = parse_head(self._name, tag, head_text)
        if len(texts) != len(head.platforms):
            raise InvalidValue(f"{len(head.platforms)} platforms are listed, {len(texts)} described")
        if head.digest is not None and head.media_type is None and len(texts) != 1:
            raise InvalidValue(f"a single manifest with {len(texts)} platforms")
        sections = tuple(
            self._read_section(tag, head, platform, text) for platform, text in zip(head.platforms, texts, strict=True)
        )
        is_exact = render_head(self._name, tag, head) == head_text
        return ReadPage(head=head, sections=sections, raw=None if is_exact else raw)

    def _read_section(self, tag: str, head: Head, platform: str, text: str) -> ReadSection:
        heading, _, body = text.partition("\n")
        if heading != render_section_heading(self._name, tag, platform):
            raise InvalidValue(f"a section of another platform or tag than announced: {heading[:200]!r}")
        # In a page without an index the section speaks of the digest in the head, so that is part of the key.
        own = "" if head.media_type else head.digest or ""
        key = (platform, hashlib.sha256(body.encode()).digest(), own)
        known = self._sections.get(key)
        if known is None:
            known = self._sections[key] = self._understand(head, platform, body)
        return known

    def _understand(self, head: Head, platform: str, body: str) -> ReadSection:
        section = parse_section(parse_platform_line(platform), body)
        manifest = section.digest or head.digest
        if manifest is None or (section.digest is None) != (head.media_type is None):
            raise InvalidValue("a digest belongs to each platform of an index, and to no single manifest")
        return ReadSection(section, manifest, None if render_section(self._name, section) == body else body)
