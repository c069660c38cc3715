"""The import of one image's `local/` pages: which packages its images have, by their Image IDs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from collector.archive.import_marks import ImportMark
from collector.archive.writer import RepositoryWriter
from collector.classic.local_pages import LocalPage, LocalPageReader
from collector.errors import InvalidValue
from collector.importer.git_objects import ReadObjects
from collector.importer.log import Commit
from collector.importer.reader import NO_FILE, TOO_LARGE
from collector.importer.report import LocalReport, PageProblem
from collector.importer.sources import Version, Versions
from collector.model.digests import Digest
from collector.model.packages import PackageKey, PackageList, Scan

_Page = LocalPage | str
"""A page, or why it cannot be read."""


class SaidOfImage(msgspec.Struct, frozen=True):
    """Which packages an image has, and the first version of a page that says so."""

    version: Version
    config: Digest
    scan: Scan


class LocalImport:
    """The `local/` pages of one image."""

    def __init__(
        self, name: str, writer: RepositoryWriter, commits: Sequence[Commit], read_objects: ReadObjects
    ) -> None:
        self.report = LocalReport()
        self._name = name
        self._writer = writer
        self._commits = commits
        self._read_objects = read_objects

    def new_versions(self, versions: Versions, mark: ImportMark | None) -> list[Version]:
        """The versions that no earlier import has read, if the archive has a place for them."""
        files = [version for version in versions if version.now != "gone"]
        new = [version for version in files if version.commit > self._last_known(mark)]
        self.report.known = len(files) - len(new)
        return new

    def leave_out(self, versions: Sequence[Version]) -> None:
        """Count versions that have no place in the archive."""
        self.report.left_out = len(versions)

    def read(self, versions: Sequence[Version], progress: Callable[[int], None]) -> list[SaidOfImage]:
        """What the versions of pages say, each once, in the order of the commits."""
        pages = self._read_pages(versions, progress)
        said: dict[tuple[Digest, str], SaidOfImage] = {}
        for version in sorted(versions, key=lambda version: (version.commit, version.tag)):
            page = pages[version.blob] if version.now == "file" else NO_FILE.problem
            if isinstance(page, str):
                self.report.not_understood.append(self._problem(version, page))
            elif page.scan is None:
                self.report.without_packages += 1
            else:
                said.setdefault((page.config, page.scan.packages.id), SaidOfImage(version, page.config, page.scan))
        whole = self._without_cut_short(said.values())
        self.report.read = len(versions)
        self.report.cut_short = len(said) - len(whole)
        return whole

    def record(self, said: SaidOfImage) -> None:
        """Add the packages of an image."""
        seen = self._commits[said.version.commit].time
        self.report.images += self._writer.add_scan(seen, said.config, said.scan)

    def mark(self, versions: Versions) -> ImportMark | None:
        """The mark by which later imports skip these versions; None if some of them were left out."""
        last = max((version.commit for version in versions), default=None)
        if last is None or self.report.left_out:
            return None
        return ImportMark(commit=self._commits[last].id, inventories=self._count_inventories())

    def _last_known(self, mark: ImportMark | None) -> int:
        """The place of the last commit whose pages are in the archive, if nothing of them was lost; -1 without any."""
        holdings = self._writer.holdings
        is_damaged = holdings.faults or holdings.lacks_packages
        if mark is None or is_damaged or self._count_inventories() < mark.inventories:
            return -1
        return next((place for place, commit in enumerate(self._commits) if commit.id == mark.commit), -1)

    def _count_inventories(self) -> int:
        return sum(map(len, self._writer.holdings.inventories.values()))

    def _read_pages(self, versions: Sequence[Version], progress: Callable[[int], None]) -> dict[str, _Page]:
        """The id of each blob → the page read from it."""
        blobs = list({version.blob: None for version in versions if version.now == "file"})
        reader = LocalPageReader()
        pages: dict[str, _Page] = {}
        for blob, raw in zip(blobs, self._read_objects(blobs), strict=True):
            pages[blob] = page = _read(reader, raw)
            self.report.garbage += page.left_out if isinstance(page, LocalPage) else 0
            progress(len(pages))
        return pages

    def _without_cut_short(self, said: Iterable[SaidOfImage]) -> list[SaidOfImage]:
        by_config: dict[Digest, list[SaidOfImage]] = defaultdict(list)
        for one in said:
            by_config[one.config].append(one)
        return sorted(
            (one for config, some in by_config.items() for one in self._longest(config, some)),
            key=lambda one: (one.version.commit, one.version.tag),
        )

    def _longest(self, config: Digest, said: list[SaidOfImage]) -> list[SaidOfImage]:
        """The lists of one image, without those that contain only a part of another one."""
        held = self._writer.holdings
        known = [held.package_lists.get(one.packages) for one in held.inventories.get(config, ()) if one.is_of_page]
        if len(said) == 1 and not known:
            return said
        others = [_keys(packages) for packages in [*known, *(one.scan.packages for one in said)] if packages]
        return [one for one in said if not any(_keys(one.scan.packages) < other for other in others)]

    def _problem(self, version: Version, reason: str) -> PageProblem:
        commit = self._commits[version.commit].id
        return PageProblem(image=self._name, tag=version.tag, commit=commit, reason=reason)


def _read(reader: LocalPageReader, raw: bytes | None) -> _Page:
    try:
        return TOO_LARGE if raw is None else reader.read(raw)
    except InvalidValue as error:
        return str(error)


def _keys(packages: PackageList) -> frozenset[PackageKey]:
    return frozenset(package.key for package in packages.packages)
