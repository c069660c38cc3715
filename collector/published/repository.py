"""One repository of a published site."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate

import msgspec

from collector.errors import InvalidValue, NotFound
from collector.lookup.tag_history import MovedBase
from collector.model.digests import Digest, parse_digest
from collector.model.images import Gone, State
from collector.model.packages import ImagePackages, Inventory
from collector.model.references import Repository
from collector.model.timelines import Period
from collector.model.times import Time, parse_time, time_from_seconds
from collector.pages.addresses import Addresses
from collector.pages.objects.shapes import ScanObject
from collector.pages.states_by_date import MISSING, REMOVED, UNREADABLE, TagStates
from collector.published.digest_index import DigestIndex
from collector.published.histories import read_moved_bases
from collector.published.objects import Objects
from collector.published.published_lists import PublishedLists
from collector.published.site_files import SiteFiles
from collector.releases import Release

_GONE: dict[int, Gone | None] = {MISSING: "missing", REMOVED: "removed", UNREADABLE: None}


class PublishedRepository:
    """Its facts. Each file is fetched when it is first needed."""

    faults: tuple[str, ...] = ()

    def __init__(
        self, files: SiteFiles, index: DigestIndex, repository: Repository, addresses: Addresses, tags: list[str]
    ) -> None:
        """`addresses`: those of the site's pages. `tags`: every tag that was ever observed, sorted."""
        address = addresses.image(repository)
        self.repository = repository
        self._addresses = addresses
        self.tags = tags
        self.objects = Objects(files, address)
        self._lists = PublishedLists(files, address)
        self._files = files
        self._index = index
        self._path = files.data_path(f"api/v1/{address}-states.json")
        self._periods: dict[str, tuple[Period, ...]] = {}

    @property
    def known_until(self) -> Time:
        """When one of its tags was last observed."""
        return self._states.until

    def periods(self, tag: str) -> tuple[Period, ...]:
        """What a tag pointed at over time, oldest first; empty for a tag that was never observed.

        Raises:
            RegistryError: the site does not answer, or its file is malformed.
        """
        if tag not in self._periods:
            self._periods[tag] = self._read_periods(tag)
        return self._periods[tag]

    def moved_bases(self, tag: str, release: Release) -> tuple[MovedBase, ...]:
        """The bases that moved in a release of a tag: the first 8, which its history names.

        Raises:
            NotFound: the site leaves the history out, to stay within the limits of its host.
            RegistryError: the site does not answer, or its file is malformed.
        """
        address = self._addresses.tag(self.repository, tag)
        return read_moved_bases(self._files, address, len(self.periods(tag)), release)

    def state(self, digest: Digest) -> State | None:
        """The index or image of a digest; None if the archive of the site lacks a part of it.

        Raises:
            RegistryError: the site does not answer, or its files are malformed or contradict each other.
        """
        number = self._numbers[digest] if digest in self._numbers else self._number_of_manifest(digest)
        if number is None:
            return None
        state = self.objects.state(number)
        if state.digest != digest:
            raise self._files.fault(self._path, f"object {number} is not {digest}")
        return state

    def has_manifest(self, digest: Digest) -> bool:
        """Whether there is an index or a manifest with this digest."""
        return digest in self._numbers or self._number_of_manifest(digest) is not None

    def image_packages(self, config: Digest) -> ImagePackages | None:
        """The packages of an image that was read; None if they are not published."""
        number = self.objects.package_list(config)
        if number is None:
            return None
        packages, by = self._lists.get(number)
        scan = self.objects.scan(config) or ScanObject(time=self.known_until)
        inventory = Inventory(
            config=config, packages=packages.id, by=by, types=packages.types, **msgspec.structs.asdict(scan)
        )
        return ImagePackages(inventory, packages)

    def scanned_packages(self, config: Digest) -> ImagePackages | None:
        """The same, if the site describes the scan.

        Raises:
            NotFound: it is of a version that did not.
            RegistryError: the site does not answer, or its files are malformed or contradict each other.
        """
        known = self.image_packages(config)
        if known and self.objects.scan(config) is None:
            hint = "ask its archive with --archive DIR, or its publisher to build it again"
            raise NotFound(f"{self.repository.familiar}: the site does not say when packages were read", hint=hint)
        return known

    def _number_of_manifest(self, digest: Digest) -> int | None:
        """The object of an index or image to which no tag pointed directly."""
        for number in self._index.numbers(digest).get(self.repository.familiar, ()):
            found = self.objects.object(number)
            if digest == (getattr(found, "manifest", None) or getattr(found, "state", None)):
                return number
        return None

    @cached_property
    def _states(self) -> TagStates:
        found = self._files.need(self._path, TagStates)
        try:
            parse_time(found.until)
        except InvalidValue as error:
            raise self._files.fault(self._path, str(error)) from None
        if sorted(found.tags) != self.tags or not all(found.tags.values()):
            raise self._files.fault(self._path, "has other tags than the list of names")
        if len(found.objects) != len(found.digests):
            raise self._files.fault(self._path, "has not one object for each digest")
        return found

    @cached_property
    def _digests(self) -> list[Digest]:
        try:
            return [parse_digest(text if ":" in text else f"sha256:{text}") for text in self._states.digests]
        except InvalidValue as error:
            raise self._files.fault(self._path, str(error)) from None

    @cached_property
    def _numbers(self) -> dict[Digest, int | None]:
        """The numbers of the objects to which tags pointed; None: the archive of the site lacks a part."""
        return dict(zip(self._digests, self._states.objects, strict=True))

    def _read_periods(self, tag: str) -> tuple[Period, ...]:
        steps = self._states.tags.get(tag, ())
        try:
            moments = [time_from_seconds(seconds) for seconds in accumulate(seconds for seconds, _ in steps)]
        except InvalidValue as error:
            raise self._files.fault(self._path, f"{tag}: {error}") from None
        ends: list[Time | None] = [*moments[1:], None]
        rehearsed = frozenset(self._states.rehearsed.get(tag, ()))
        return tuple(
            Period(
                tag=tag,
                since=since,
                until=until,
                source=self._files.address,
                digest=self._digest(place),
                gone=_GONE.get(place),
                is_rehearsed=number in rehearsed,
            )
            for number, ((_, place), since, until) in enumerate(zip(steps, moments, ends[: len(steps)], strict=True))
        )

    def _digest(self, place: int) -> Digest | None:
        if place in _GONE:
            return None
        if not 0 <= place < len(self._digests):
            raise self._files.fault(self._path, f"no digest has the place {place}")
        return self._digests[place]
