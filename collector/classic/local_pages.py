"""repo-info's `local/` pages: what one image contains, as found on the machine that scanned it.

Only the Image ID and the packages are read. The pages are not written again: most of what they have beside that follows
from the packages, or is on the `remote/` pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from collector.classic.package_sections import GARBAGE, FoundInSection, parse_section
from collector.errors import InvalidValue
from collector.model.digests import Digest, parse_digest
from collector.model.packages import BY_PAGE, PackageListBuilder, Scan

_TITLE = re.compile(rb"# `[^\n`]+`\n\n## Docker Metadata\n\n")
"""The tag in it is the one that was scanned. Others share its image, so it is often not that of the file."""
_IMAGE_ID = re.compile(rb"^- Image ID: `([^\n]*)`$", re.MULTILINE)
_ARCHITECTURE = re.compile(rb"^- Arch: `[^\n`]*`/`([a-z0-9_]+)`$", re.MULTILINE)
_SECTION = b"\n### "

_DATABASE_NAMES: Mapping[str, frozenset[str]] = {
    "386": frozenset({"i386", "i486", "i586", "i686", "x86"}),
    "amd64": frozenset({"amd64", "x86_64"}),
    "arm": frozenset({"armel", "armhf", "armv7", "armv5tel", "armv6hl", "armv7hl"}),
    "arm64": frozenset({"arm64", "aarch64"}),
    "mips64le": frozenset({"mips64el"}),
    "ppc64le": frozenset({"ppc64el", "ppc64le"}),
}
"""An architecture → its names in package databases, where they differ from Docker's."""


class LocalPage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The values of a page."""

    config: Digest
    """The Image ID."""
    scan: Scan | None
    """None if the page names no package, which does not mean that the image has none."""
    left_out: int = 0
    """The number of lines in the place of a package that name none."""


class LocalPageReader:
    """Reads pages. Most sections occur on hundreds of pages; each is parsed once."""

    def __init__(self) -> None:
        self._sections: dict[bytes, FoundInSection] = {}
        self._entries: dict[FoundInSection, FoundInSection] = {}
        """Equal entries → one of them, so that each is kept once. Many sections differ only in their source."""
        self._scans: dict[tuple[str, tuple[int, ...]], tuple[Scan | None, int]] = {}
        """The architecture of a page, and the identities of its sections' entries → what the page contains."""

    def read(self, raw: bytes) -> LocalPage:
        """Read one page.

        Raises:
            InvalidValue: it has another form, or names no Image ID.
        """
        head, *sections = raw.split(_SECTION)
        if not _TITLE.match(head):
            raise InvalidValue("not in a known form" if head.strip() else "the page is empty")
        image_id = _IMAGE_ID.search(head)
        if image_id is None:
            raise InvalidValue("the page names no Image ID")
        config = parse_digest(image_id[1].decode(errors="replace"))
        architecture = _ARCHITECTURE.search(head)
        scan, left_out = self._scan(architecture[1].decode() if architecture else "", sections)
        return LocalPage(config=config, scan=scan, left_out=left_out)

    def _scan(self, architecture: str, sections: list[bytes]) -> tuple[Scan | None, int]:
        known = self._sections
        entries = [known.get(section) or self._parse(section) for section in sections]
        key = (architecture, tuple(map(id, entries)))
        if key not in self._scans:
            self._scans[key] = _scan(_DATABASE_NAMES.get(architecture, frozenset({architecture})), entries)
        return self._scans[key]

    def _parse(self, section: bytes) -> FoundInSection:
        try:
            entries = parse_section(section.decode())
        except UnicodeDecodeError:
            entries = GARBAGE
        self._sections[section] = self._entries.setdefault(entries, entries)
        return self._sections[section]


def _scan(own_architecture: frozenset[str], sections: list[FoundInSection]) -> tuple[Scan | None, int]:
    builder = PackageListBuilder()
    for section in sections:
        builder.extend(section.packages, section.left_out)
    packages = builder.build(own_architecture)
    if not packages.packages:
        return None, builder.left_out
    return Scan(packages=packages, by=BY_PAGE, left_out=builder.left_out), builder.left_out
