"""The Python API: answers the questions of the command line about an archive with typed values.

site_src/python.md shows it. The methods return the values that `--json` prints for the same questions.
"""

from __future__ import annotations

from datetime import date
from os import PathLike
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.bases.archive_bases import bases_of
from collector.diff.changes import Change
from collector.errors import UsageError
from collector.lookup.comparison import compare_references
from collector.lookup.find import find
from collector.lookup.found import Found
from collector.lookup.resolve import Resolved, resolve
from collector.lookup.tag_history import TagHistory, moved_bases, read_history
from collector.lookup.tag_packages import Licences, TagPackages, read_licences, read_packages
from collector.model.references import parse_asked, parse_image_or_asked, parse_tagged
from collector.model.times import parse_as_of

__all__ = ["ArchiveReader", "Change", "Found", "Licences", "Resolved", "TagHistory", "TagPackages"]


class ArchiveReader:
    """An archive opened for reading, as `collector.open_archive` returns it.

    Every method reads the journals again, so it sees facts that were added since. Faulty lines of a journal are left
    out, as everywhere; `repo-info verify` names them.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        """Opens the archive in a folder.

        Raises:
            ArchiveError: there is no archive, or it cannot be read. NewerArchive: its format is newer.
        """
        self._archive = Archive(Path(path))

    def images(self) -> tuple[str, ...]:
        """The names of all images, as in `docker pull`."""
        return tuple(repository.familiar for repository in self._archive.repositories())

    def find(self, text: str, *, now: bool = False) -> Found:
        """Everything that a text can mean: a digest, its first 7 or more digits, a part of a name, or a package.

        Args:
            text: a package is `openssl@3.0.11-1` or a package URL, whose version may be left out.
            now: only packages that tags have now; digests and names are not affected.
        """
        return find(self._archive, text, now=now)

    def resolve(self, reference: str, *, as_of: str | date | None = None, platform: str | None = None) -> Resolved:
        """The digest that a tag points at.

        Args:
            reference: `IMAGE:TAG`, `IMAGE:TAG@DATE`, `IMAGE@DIGEST` or `IMAGE:TAG@DIGEST`.
            as_of: a day (its end, UTC) or an RFC 3339 time, as text, `date` or `datetime` with a time zone; instead of
            `@DATE`.
            platform: such as `linux/arm64`, for the digest of this platform's manifest.

        Raises:
            UsageError: an argument is invalid.
            NotFound: the image, tag or platform does not exist, or not at that time; `hint` names what exists.
        """
        asked = parse_asked(reference)
        if as_of is not None:
            if asked.as_of or asked.digest:
                raise UsageError(
                    f"{reference}: as_of is given together with a date or a digest", hint="give only one of them"
                )
            moment = as_of.isoformat() if isinstance(as_of, date) else as_of
            asked = msgspec.structs.replace(asked, as_of=parse_as_of(moment))
        return resolve(self._archive.load(asked.repository), asked, platform)

    def history(self, reference: str, *, bases: bool = False) -> TagHistory:
        """The releases and the states of a tag, the newest first, each with its reasons.

        Args:
            reference: `IMAGE:TAG`.
            bases: whether releases name the releases of bases that moved. The whole archive is read for that.

        Raises:
            UsageError: the reference is invalid.
            NotFound: there is no such image or tag.
        """
        asked = parse_tagged(reference)
        holdings = self._archive.load(asked.repository)
        moved = moved_bases(bases_of(self._archive, asked.repository)) if bases else None
        return read_history(holdings, asked, moved)

    def packages(self, reference: str, *, platform: str | None = None) -> TagPackages:
        """The packages of a tag, of all platforms or of one.

        Args:
            reference: `IMAGE:TAG`, `IMAGE:TAG@DATE`, `IMAGE@DIGEST` or `IMAGE:TAG@DIGEST`.
            platform: such as `linux/arm64`.

        Raises:
            UsageError: the reference is invalid.
            NotFound: the image, tag or platform does not exist, or not at that time.
        """
        asked = parse_asked(reference)
        return read_packages(self._archive.load(asked.repository), asked, platform)

    def licences(self, reference: str) -> Licences:
        """The licences of a tag's packages, as the packages name them; of an image without a tag those of all its tags.

        Raises:
            UsageError: the reference is invalid.
            NotFound: the image or tag does not exist.
        """
        asked = parse_image_or_asked(reference)
        return read_licences(self._archive.load(asked.repository), asked)

    def diff(self, before: str, after: str) -> Change:
        """The differences between two states.

        Args:
            before: `IMAGE:TAG`, `IMAGE:TAG@DATE`, `IMAGE@DIGEST` or `IMAGE:TAG@DIGEST`.
            after: the same.

        Raises:
            UsageError: a reference is invalid.
            NotFound: the image or tag does not exist, or not at that time.
        """
        return compare_references(self._archive.load, parse_asked(before), parse_asked(after))
