"""Reads the bytes of classic pages into values; each distinct section is parsed once."""

from __future__ import annotations

import hashlib

import msgspec

from collector.classic.pages import Head, parse_head, render_head, split_page
from collector.classic.section_reader import SectionReader
from collector.classic.sections import Section, parse_platform_line
from collector.errors import InvalidValue
from collector.importer.git_objects import MAX_PAGE
from collector.model.digests import Digest
from collector.model.images import INDEX_TYPES


class ReadSection(msgspec.Struct, frozen=True, gc=False):
    """A section that was understood. A repeated section is the same object."""

    section: Section
    platform: str
    """As the page writes it."""
    manifest: Digest
    raw: str | None
    """The text, if rendering the section does not give it back."""


class UnreadSection(msgspec.Struct, frozen=True, gc=False):
    """A section of an index that could not be read. The other sections of the page are not affected."""

    platform: str
    """As the page writes it."""
    raw: bytes
    """The text below the heading line."""
    problem: str


class ReadPage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A page that was understood, or why it was not."""

    head: Head | None = None
    sections: tuple[ReadSection | UnreadSection, ...] = ()
    is_exact: bool = False
    """Whether rendering the head and the sections gives the page back."""
    problem: str = ""
    """Why the page, or a section of it, was not understood."""
    is_file: bool = True
    """Whether it is a regular file, whose text can be kept."""


NO_FILE = ReadPage(problem="the page is a symbolic link or a submodule", is_file=False)
TOO_LARGE = f"the page is larger than {MAX_PAGE} bytes; not read"


class PageReader:
    """Reads the pages of one repository, preferably tag by tag. A known section is not parsed again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._section_reader = SectionReader(name)
        self._sections: dict[tuple[bytes, str], ReadSection | UnreadSection] = {}
        self._last: dict[int, tuple[bytes, str, ReadSection | UnreadSection]] = {}
        """The last section in each place: two thirds of all sections are the same as on the tag's previous page."""

    def read(self, tag: str, raw: bytes) -> ReadPage:
        """Read as much of a page as possible."""
        try:
            return self._read(tag, raw)
        except UnicodeDecodeError as error:
            return ReadPage(problem=_not_utf_8(error))
        except InvalidValue as error:
            return ReadPage(problem=str(error))

    def _read(self, tag: str, raw: bytes) -> ReadPage:
        head_bytes, parts = split_page(self._name, tag, raw)
        head_text = head_bytes.decode()
        head = parse_head(self._name, tag, head_text)
        if len(parts) != len(head.platforms):
            raise InvalidValue(f"{len(head.platforms)} platforms are listed, but {len(parts)} are described")
        if head.media_type is not None and head.media_type not in INDEX_TYPES:
            raise InvalidValue(f"not the media type of an index: {head.media_type[:100]!r}")
        if head.digest is not None and head.media_type is None and len(parts) != 1:
            raise InvalidValue(f"a single manifest with {len(parts)} platforms")
        sections = tuple(self._read_section(head, place, part) for place, part in enumerate(parts))
        if tuple(read.platform for read in sections) != head.platforms:
            raise InvalidValue("the platforms of the sections differ from the list")
        problems = [f"{read.platform}: {read.problem}" for read in sections if isinstance(read, UnreadSection)]
        is_exact = render_head(self._name, tag, head) == head_text
        return ReadPage(head=head, sections=sections, is_exact=is_exact, problem="; ".join(problems))

    def _read_section(self, head: Head, place: int, part: bytes) -> ReadSection | UnreadSection:
        # On a page without an index the section describes the digest in the head, so that digest is part of the key.
        own = "" if head.media_type else head.digest or ""
        last = self._last.get(place)
        if last and last[0] == part and last[1] == own:
            return last[2]
        key = (hashlib.sha256(part).digest(), own)
        known = self._sections.get(key)
        if known is None:
            known = self._sections[key] = self._understand(head, part)
        self._last[place] = (part, own, known)
        return known

    def _understand(self, head: Head, part: bytes) -> ReadSection | UnreadSection:
        """Parse one section. If the only section of a single manifest fails, so does the page.

        Raises:
            InvalidValue: the form of a heading, or of the section of a single manifest, is unknown.
        """
        try:
            return self._read_text(head, part.decode())
        except (InvalidValue, UnicodeDecodeError) as error:
            if head.media_type is None:
                raise
            platform, _, raw = part.partition(b"\n")
            problem = _not_utf_8(error) if isinstance(error, UnicodeDecodeError) else str(error)
            return UnreadSection(platform.decode(), raw, problem)

    def _read_text(self, head: Head, text: str) -> ReadSection:
        platform, _, body = text.partition("\n")
        section, is_exact = self._section_reader.read(parse_platform_line(platform), body)
        manifest = section.digest or head.digest
        if manifest is None or (section.digest is None) != (head.media_type is None):
            raise InvalidValue("each section of an index must have a digest, and that of a single manifest must not")
        if section.media_type in INDEX_TYPES:
            raise InvalidValue(f"not the media type of a manifest: {section.media_type}")
        return ReadSection(section, platform, manifest, None if is_exact else body)


def _not_utf_8(error: UnicodeDecodeError) -> str:
    return f"not UTF-8: {error.reason} in {error.object[error.start : error.end]!r}"
