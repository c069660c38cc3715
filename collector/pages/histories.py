"""The histories of one repository's tags. A change that many tags share is computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial

import msgspec

from collector.archive.holdings import Holdings
from collector.diff.changes import Change
from collector.diff.differ import Differ
from collector.diff.package_changes import no_packages
from collector.diff.summary import ChangeSummary
from collector.model.digests import Digest
from collector.model.images import Gone, Image, State
from collector.model.platforms import Platform, normalized, written_slugs
from collector.model.tag_order import most_specific, newest_first, tag_key
from collector.model.timelines import Period
from collector.pages.documents import key_of
from collector.pages.fingerprints import Fingerprints
from collector.pages.objects import ObjectStore, fill_store
from collector.pages.reason_text import summary_text
from collector.pages.repository_releases import RepositoryReleases
from collector.releases import ImageUpdate, Release, TagState
from collector.releases.release import Arrival

_MAIN_PLATFORM = Platform(os="linux", architecture="amd64")


class KnownResults(msgspec.Struct, frozen=True, kw_only=True):
    """The results of comparisons, kept from one build to the next."""

    change_summaries: dict[bytes, ChangeSummary] = {}
    """The key of a change between two states → its summary."""
    image_updates: dict[bytes, ImageUpdate] = {}
    """The fingerprints of two images → what the second one brings."""


class SharedChange:
    """A change between two states, shared by all tags that have it: its summary, and the whole change on demand."""

    def __init__(self, key: bytes, before: Digest | None, summary: ChangeSummary, make: Callable[[], Change]) -> None:
        self.key = key
        """Within one version of this program, equal keys mean equal changes."""
        self.before = before
        """As `Change.before`."""
        self.summary = summary
        self._make = make

    @cached_property
    def text(self) -> str:
        """The reasons in one line."""
        return summary_text(self.summary.reasons)

    @cached_property
    def change(self) -> Change:
        return self._make()


class TagChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of one tag: the period that it opened, and the change itself."""

    period: Period
    shared: SharedChange
    compares: bool
    """Whether both states are known and differ."""


class ReleaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """A release, and the change of the first of its states that shows what it is."""

    release: Release
    change: TagChange

    @property
    def is_whole(self) -> bool:
        """Whether the change is all of the release. Else what it says of further platforms is not the last word."""
        return len(self.release.states) == 1


class Histories:
    """The changes of every tag, and the tags that share an image now."""

    def __init__(
        self,
        holdings: Holdings,
        known: KnownResults = KnownResults(),  # noqa: B008 - frozen
        *,
        names_packages: bool = True,
    ) -> None:
        """The histories of a repository.

        Args:
            known: the results of an earlier build, which are not computed again.
            names_packages: whether changes name the packages that differ.
        """
        self.holdings = holdings
        self.summaries: dict[bytes, ChangeSummary] = {}
        """The summaries of all changes between two states, by key, for the next build."""
        self._remembered = known.change_summaries
        self.image_packages = cache(holdings.image_packages if names_packages else no_packages)
        """The packages of an image, by its Image ID."""
        self._differ = Differ(self.image_packages)
        self._shared: dict[tuple[object, ...], SharedChange] = {}
        self._fingerprints = Fingerprints(self.image_packages)
        self._images: dict[Digest, Mapping[str, Image]] = {}
        self._written: dict[Digest, Mapping[str, str]] = {}
        self.periods = {tag: holdings.periods(tag) for tag in newest_first(holdings.tags)}
        """Tag → its periods, oldest first. The newest version comes first."""
        self.changes: dict[str, list[TagChange]] = {tag: [] for tag in self.periods}
        """In the same order."""
        self._folds = RepositoryReleases(
            self._differ.images,
            self._fingerprints,
            known.image_updates,
            known_until=holdings.known_until,
        )
        self._releases: dict[str, tuple[Release, ...]] = {}
        self._platform_names: dict[int, dict[str, str]] = {}
        """The identity of releases, which several tags share → the names of their platforms."""
        self._walk()

    @property
    def results(self) -> KnownResults:
        """For the next build."""
        return KnownResults(change_summaries=self.summaries, image_updates=self._folds.updates)

    def releases(self, tag: str) -> tuple[Release, ...]:
        """The releases of a tag, oldest first."""
        if tag not in self._releases:
            self._releases[tag] = self._folds.fold(
                [
                    TagState(
                        period=change.period,
                        state=self.state(change.period.digest),
                        reasons=change.shared.summary.reasons,
                    )
                    for change in self.changes[tag]
                ]
            )
        return self._releases[tag]

    def arrivals(self, tag: str) -> Iterator[Arrival]:
        """The images of a tag in the order in which it had them first on their platforms, release after release."""
        for release in self.releases(tag):
            yield from release.arrivals

    def platform_names(self, tag: str) -> dict[str, str]:
        """The platforms of a tag by their slugs, as people write them; the newest spelling of each."""
        key = id(self.releases(tag))
        if key not in self._platform_names:
            self._platform_names[key] = {arrival.platform: arrival.name for arrival in self.arrivals(tag)}
        return self._platform_names[key]

    def state(self, digest: Digest | None) -> State | None:
        return self.holdings.state(digest) if digest else None

    def images(self, digest: Digest | None) -> Mapping[str, Image] | None:
        """The images of a state by platform slug; None if the state is not known."""
        found = self._images.get(digest) if digest else None
        if found is None and digest and (state := self.state(digest)):
            found = self._images[digest] = by_slug(state)
        return found

    def old_slugs(self, tag: str) -> dict[str, str]:
        """The slug of an index's own spelling and the usual slug, for each platform that an index of this tag spelled
        unusually.
        """
        found: dict[str, str] = {}
        for change in self.changes[tag]:
            found |= self._old_slugs(change.period.digest)
        return found

    def _old_slugs(self, digest: Digest | None) -> Mapping[str, str]:
        state = self.state(digest)
        if digest is None or state is None:
            return {}
        if digest not in self._written:
            pairs = zip(written_slugs(image.platform for image in state.images), state.slugs, strict=True)
            self._written[digest] = {written: slug for written, slug in pairs if written != slug}
        return self._written[digest]

    def last_state(self, tag: str) -> tuple[TagChange, State] | None:
        """The newest state of the tag that the archive has in full, with the change that led to it."""
        for change in reversed(self.changes[tag]):
            state = self.state(change.period.digest)
            if state is not None:
                return change, state
        return None

    def is_live(self, tag: str) -> bool:
        """Whether the tag points at something now."""
        return self.changes[tag][-1].period.digest is not None

    @cached_property
    def aliases(self) -> dict[Digest, tuple[str, ...]]:
        """The live tags by their digest, the most specific first."""
        tags: dict[Digest, list[str]] = defaultdict(list)
        for tag, changes in self.changes.items():
            if digest := changes[-1].period.digest:
                tags[digest].append(tag)
        return {digest: by_precision(found) for digest, found in tags.items()}

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The live tags by their image for linux/amd64 or else for their first platform; the newest version first.
        `3.6.4` (Linux and Windows) and `3.6.4-stretch` (only Linux) are different indexes of the same images; people
        see them as the same image.
        """
        tags: dict[Digest, list[str]] = defaultdict(list)
        for digest, found in self.aliases.items():
            tags[self._main_image(digest)].extend(found)
        groups = {most_specific(found): by_precision(found) for found in tags.values()}
        return tuple(groups[first] for first in newest_first(groups))

    @cached_property
    def store(self) -> ObjectStore:
        """Everything that the states contained, numbered in order of time."""
        return fill_store(self.holdings, self._in_order)

    @cached_property
    def group_of(self) -> dict[str, tuple[str, ...]]:
        return {tag: group for group in self.groups for tag in group}

    def _main_image(self, digest: Digest) -> Digest:
        state = self.state(digest)
        if state is None or not state.images:
            return digest
        return next(
            (image for image in state.images if normalized(image.platform) == _MAIN_PLATFORM), state.images[0]
        ).manifest

    def _walk(self) -> None:
        """Process the periods of all tags in order of time."""
        last: dict[str, State] = {}
        was: dict[str, Period] = {}
        for now in self._in_order:
            before, after = last.get(now.tag), self.state(now.digest)
            compares = before is not None and after is not None and before.digest != after.digest
            shared = self._shared_change(before, after, was.get(now.tag), now)
            self.changes[now.tag].append(TagChange(period=now, shared=shared, compares=compares))
            was[now.tag] = now
            if after is not None:
                last[now.tag] = after

    @cached_property
    def _in_order(self) -> list[Period]:
        """The periods of all tags in order of time."""
        periods = (period for of_tag in self.periods.values() for period in of_tag)
        return sorted(periods, key=lambda period: (period.since, tag_key(period.tag)))

    def _shared_change(
        self, before: State | None, after: State | None, was: Period | None, now: Period
    ) -> SharedChange:
        known = (before and before.digest, after and after.digest, _absence(was), _absence(now))
        if known not in self._shared:
            key = key_of(self._fingerprints.of(before), self._fingerprints.of(after), *known)
            summary = self._remembered.get(key) or self._differ.summary(before, after, was=was, now=now)
            if before is not None and after is not None:
                self.summaries[key] = summary
            make = partial(self._differ.change, before, after, was=was, now=now)
            self._shared[known] = SharedChange(key, before.digest if before else None, summary, make)
        return self._shared[known]


def by_slug(state: State) -> dict[str, Image]:
    """The images of a state by their platform in addresses."""
    return dict(zip(state.slugs, state.images, strict=True))


def _absence(period: Period | None) -> tuple[bool, Gone | None] | None:
    return (period.digest is None, period.gone) if period else None


def by_precision(tags: list[str]) -> tuple[str, ...]:
    """The most specific first, then in the order in which people read them."""
    first = most_specific(tags)
    return (first, *(tag for tag in newest_first(tags) if tag != first))
