"""What a look-up needs of its source: an archive on disk, or the JSON of a published site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from collector.model.digests import Digest
from collector.model.images import State
from collector.model.packages import ImagePackages
from collector.model.references import Repository
from collector.model.timelines import Period
from collector.model.times import Time


class RepositoryFacts(Protocol):
    """The facts of one repository."""

    @property
    def repository(self) -> Repository:
        """Its name."""

    @property
    def tags(self) -> list[str]:
        """Every tag that was ever observed, sorted."""

    @property
    def faults(self) -> Sequence[object]:
        """The parts that could not be read and were left out, with the reasons."""

    @property
    def known_until(self) -> Time:
        """When one of its tags was last observed."""

    def periods(self, tag: str) -> tuple[Period, ...]:
        """What a tag pointed at over time, oldest first; empty for a tag that was never observed."""

    def state(self, digest: Digest) -> State | None:
        """The index or image of a digest; None if a part of it is missing."""

    def has_manifest(self, digest: Digest) -> bool:
        """Whether there is an index or a manifest with this digest."""

    def image_packages(self, config: Digest) -> ImagePackages | None:
        """The packages of the image with this Image ID; None if they are not known.

        Facts about the scan may be missing.
        """

    def scanned_packages(self, config: Digest) -> ImagePackages | None:
        """The packages with all facts about the scan.

        Raises:
            NotFound: the source has these facts only for other images.
        """


Facts_co = TypeVar("Facts_co", bound=RepositoryFacts, covariant=True)


class Loader(Protocol[Facts_co]):
    """Reads repositories."""

    def load(self, repository: Repository, /) -> Facts_co:
        """All facts of a repository.

        Raises:
            NotFound: there is no such repository.
        """


class Source(Loader[RepositoryFacts], Protocol):
    """The repositories."""

    def repositories(self) -> Iterable[Repository]:
        """Every repository."""

    def load_observations(self, repository: Repository, /) -> RepositoryFacts:
        """Only its tags and their periods."""
