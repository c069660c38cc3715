"""The data that all pages of one repository share: histories, addresses, rows of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from collector.bases.parts import NO_BASES, Base, RepositoryBases
from collector.configuration import PACKAGES_EVER, PackagePages
from collector.diff.word_diff import bounded
from collector.model.annotations import ORIGIN
from collector.model.digests import Digest
from collector.model.images import Image, State, Statement
from collector.model.packages import ImagePackages
from collector.model.tag_order import specific_key
from collector.model.times import Time
from collector.pages.addresses import Addresses
from collector.pages.base_rows import BaseRow, DependentRow, base_row, dependent_rows, tag_base_rows
from collector.pages.change_rows import ChangeRow, ChangeRows
from collector.pages.histories import Histories, ReleaseChange, TagChange
from collector.pages.left_out import Rank, rank_of_gone
from collector.pages.markdown_templates import PageContext
from collector.pages.objects import PackageListStore
from collector.pages.package_addresses import LIST
from collector.pages.package_rows import PackagesSummary, summarize_packages
from collector.pages.release_rows import ImageReleaseRow, ReleaseRows
from collector.pages.timeline import Timelines
from collector.releases import Release
from collector.releases.history_parts import is_short

_MAX_ANNOTATIONS = 200
"""The maximum of annotations on a page. Every tag of an image repeats them, so more would fill the site."""


class AttestationRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attestation manifest, with the facts of its statements."""

    manifest: Digest
    statements: tuple[Statement, ...]
    is_deduced: bool = False
    """Whether it is only deduced that it describes this image, from its place in the index."""


class RepositoryContext:
    """The data that all pages of one repository share, in the current site or in an edition."""

    def __init__(
        self,
        histories: Histories,
        addresses: Addresses,
        *,
        edition: str = "",
        badges: bool = False,
        bases: RepositoryBases = NO_BASES,
        packages: PackagePages = PACKAGES_EVER,
    ) -> None:
        """What the pages share.

        Args:
            histories: of the repository.
            addresses: the current site's, or the edition's.
            edition: its day; empty: the current site.
            badges: whether tags have badges.
            bases: of the images of the repository, and what is built on them.
            packages: which pages show packages.
        """
        self.bases = bases
        self.packages = packages
        self._base_rows: dict[Base, BaseRow] = {}
        self.histories = histories
        self.addresses = addresses
        self.edition = edition
        self.badges = badges
        self.repository = histories.holdings.repository
        self.image = self.repository.familiar
        """The name that people use: `python`."""
        self.address = addresses.image(self.repository)
        """The address of the image's page."""
        self.rows = ChangeRows(histories)
        self.releases = ReleaseRows(histories, bases, addresses.current)
        self.timelines = Timelines(histories, self.releases)

    @cached_property
    def live_tags(self) -> list[str]:
        """The newest version first."""
        return [tag for tag in self.histories.changes if self.histories.is_live(tag)]

    @cached_property
    def gone_tags(self) -> list[str]:
        """The newest version first."""
        return [tag for tag in self.histories.changes if not self.histories.is_live(tag)]

    @cached_property
    def tag_addresses(self) -> dict[str, str]:
        """The addresses of the pages of all tags. An edition has no page of a gone tag, so the address is that of the
        current site.
        """
        return {tag: self._tag_address(tag) for tag in self.histories.changes}

    @cached_property
    def exceptions(self) -> dict[str, str]:
        """The addresses that do not follow from the tag's name."""
        return {tag: place for tag, place in self.tag_addresses.items() if place != f"{self.address}{tag}/"}

    @property
    def first_seen(self) -> Time:
        """The time of the first observation of any tag."""
        return min(changes[0].period.since for changes in self.histories.changes.values())

    @property
    def updated(self) -> Time:
        """The time of the last change of any tag."""
        return max(changes[-1].period.since for changes in self.histories.changes.values())

    @cached_property
    def page_context(self) -> PageContext:
        """The context of the templates of its pages, in addition to their views."""
        return PageContext(
            addresses=self.tag_addresses,
            exceptions=self.exceptions,
            edition=self.edition,
            hides_packages=not self.packages,
        )

    def current_address(self, tag: str = "") -> str:
        """The address of the page of a tag, or of the image, in the current site; empty outside editions."""
        if not self.edition:
            return ""
        current = self.addresses.current
        return current.tag(self.repository, tag) if tag else current.image(self.repository)

    def platform_address(self, tag: str, slug: str) -> str:
        """The address of the page of one platform of a tag."""
        return self.addresses.platform(self.repository, tag, slug)

    def bases_of(self, images: Iterable[tuple[str, Image]]) -> tuple[BaseRow, ...]:
        """What the images of a tag were built on. `images`: each with its platform as in addresses."""
        return tag_base_rows((slug, self.base_of(image)) for slug, image in images)

    def base_of(self, image: Image) -> BaseRow | None:
        """What one image was built on."""
        base = self.bases.base_of(image.manifest)
        return self._base_row(base) if base else None

    def _base_row(self, base: Base) -> BaseRow:
        """Made once: many images have one base."""
        if base not in self._base_rows:
            self._base_rows[base] = base_row(base, self.addresses.current)
        return self._base_rows[base]

    def built_on(self, tag: str = "") -> tuple[DependentRow, ...]:
        """The images that are built on a tag, or on any."""
        found = self.bases.dependents.get(tag, ()) if tag else self.bases.of_all
        return dependent_rows(found, self.addresses.current)

    def rank(self, tag: str) -> Rank:
        """The rank of everything that belongs to a tag."""
        newest = self.histories.changes[tag][-1].period
        return 0 if newest.digest else rank_of_gone(newest.since)

    def is_rehearsed(self, tag: str) -> bool:
        """Whether the times of some of a tag's states were given to try out a history."""
        return any(period.is_rehearsed for period in self.histories.periods[tag])

    def history_page(self, tag: str) -> str:
        """The address of the separate page of a tag's history, which redirects to the tag's page if the history is
        short.
        """
        return self.addresses.history(self.repository, tag)

    def is_short(self, tag: str) -> bool:
        """Whether the tag's own page has its whole history."""
        return is_short(len(self.histories.changes[tag]))

    def history_address(self, tag: str) -> str:
        """The address of the tag's history: a separate page, or a section of the tag's page."""
        return f"{self.tag_addresses[tag]}#changes" if self.is_short(tag) else self.history_page(tag)

    def newest_comparison(self, tag: str) -> ReleaseChange | None:
        """The tag's newest release with a change between two known states."""
        changes = self.histories.changes[tag]
        for release in reversed(self.histories.releases(tag)):
            compared = [changes[place] for place in release.states if changes[place].compares]
            if compared:
                first = next((change for change in compared if change.shared.summary.images), compared[0])
                return ReleaseChange(release=release, change=first)
        return None

    def change_rows(self, changes: Iterable[TagChange]) -> tuple[ChangeRow, ...]:
        """The rows of changes, in their order."""
        return tuple(self.rows.row(change) for change in changes)

    def latest_releases(self, count: int) -> tuple[ImageReleaseRow, ...]:
        """The last releases of all tags, newest first; tags that share one share a row."""
        return tuple(map(self._release_row, self.releases.latest(count)))

    def _release_row(self, update: Mapping[str, Release]) -> ImageReleaseRow:
        first, release = next(iter(update.items()))
        updated = max(one.updated for one in update.values())
        return ImageReleaseRow(
            image=self.image,
            address=self.history_page(first),
            tags=tuple(update),
            since=release.since,
            updated=updated if updated > release.since else None,
            cause=release.cause,
            reasons=tuple(reason.code for reason in release.reasons),
            summary=self.releases.text(release),
            progress=self.releases.progress(first, release),
        )

    @cached_property
    def tags_of_image(self) -> dict[tuple[Digest, str], list[str]]:
        """The tags that have an image now, by manifest and platform slug; the page of the first tag describes the
        image.
        """
        tags: dict[tuple[Digest, str], list[str]] = defaultdict(list)
        for tag in sorted(self.live_tags, key=specific_key):
            for slug, image in self.live_images(tag):
                tags[image.manifest, slug].append(tag)
        return tags

    def live_images(self, tag: str) -> list[tuple[str, Image]]:
        """The images of the last known state of a live tag, each with its platform as in addresses."""
        found = self.histories.last_state(tag) if self.histories.is_live(tag) else None
        return list(zip(found[1].slugs, found[1].images, strict=True)) if found else []

    def image_packages(self, image: Image) -> ImagePackages | None:
        """The packages of an image; None if they are not known, or the site shows none."""
        return self.histories.image_packages(image.config.digest) if self.packages else None

    @cached_property
    def package_lists(self) -> PackageListStore:
        """The package lists that the site has: those of all images, or of those that tags have now."""
        if self.packages == PACKAGES_EVER:
            return PackageListStore(self.histories.holdings, self.histories.store.iter_configs())
        live = (image for tag in self.live_tags for _, image in self.live_images(tag))
        return PackageListStore(self.histories.holdings, (image.config.digest for image in live if self.packages))

    def list_number(self, image: Image) -> int:
        """The number of the package list of an image that a tag has now, and whose packages are known."""
        number = self.package_lists.number(image.config.digest)
        assert number is not None
        return number

    @cached_property
    def list_addresses(self) -> dict[tuple[str, str], str]:
        """The address of the page of each package list that a live tag has, by its id and by who names it."""
        addresses: dict[tuple[str, str], str] = {}
        for tag in sorted(self.live_tags, key=specific_key):
            for slug, image in self.live_images(tag):
                if known := self.image_packages(image):
                    key = known.inventory.packages, known.inventory.by
                    addresses.setdefault(key, f"{self.platform_address(tag, slug)}{LIST}")
        return addresses

    def packages_summary(self, image: Image) -> PackagesSummary | None:
        """The packages of an image in a few lines; None if they are not known, or the site shows none."""
        known = self.image_packages(image)
        if known is None:
            return None
        key = known.inventory.packages, known.inventory.by
        return summarize_packages(known, None if self.edition else self.list_addresses[key])

    def _tag_address(self, tag: str) -> str:
        is_here = not self.edition or self.histories.is_live(tag)
        return self.addresses.tag(self.repository, tag) if is_here else self.current_address(tag)


def attestation_rows(state: State) -> dict[Digest | None, list[AttestationRow]]:
    """The attestations by the manifest that they describe."""
    rows: dict[Digest | None, list[AttestationRow]] = defaultdict(list)
    subjects = state.subjects
    for one in state.attestations:
        subject = subjects.get(one.manifest)
        row = AttestationRow(
            manifest=one.manifest, statements=one.statements, is_deduced=subject is not None and subject.is_deduced
        )
        rows[subject.manifest if subject else None].append(row)
    return rows


def bounded_annotations(annotations: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The annotations that are shown, beginning with those of the image's origin."""
    ordered = sorted(annotations, key=lambda one: one[0] not in ORIGIN)
    return tuple((bounded(name), bounded(value)) for name, value in ordered[:_MAX_ANNOTATIONS])
