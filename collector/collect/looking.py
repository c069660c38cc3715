"""One look at one tag: what it points at now, and what has to be fetched for it."""

from __future__ import annotations

import msgspec

from collector.archive.holdings import Holdings
from collector.collect.fetch import Facts, Fetcher
from collector.errors import NotFoundInRegistry, PullLimitReached, RegistryError
from collector.model.digests import Digest
from collector.model.references import Repository, Tag
from collector.registry.client import RegistryClient


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a tag came to. Neither digest nor error nor `is_missing`: as it was."""

    tag: Tag
    digest: Digest | None = None
    """What it points at, where that is news."""
    announced: Digest | None = None
    """What the registry calls the digest, where that is something else."""
    fetched: Facts = ()
    is_missing: bool = False
    error: RegistryError | None = None

    @property
    def is_limited(self) -> bool:
        """Whether the registry's limit of pulls stands in the way: the next run makes up for it."""
        return isinstance(self.error, PullLimitReached)


class Looker:
    """Looks at the tags of one repository; may be called from many threads."""

    def __init__(
        self, client: RegistryClient, repository: Repository, holdings: Holdings, fetcher: Fetcher | None
    ) -> None:
        """Without a `fetcher` nothing is fetched: the look says only what is news."""
        self._client = client
        self._repository = repository
        self._holdings = holdings
        self._fetcher = fetcher

    def look(self, tag: Tag) -> Look:
        """HEAD, and more only where that says something new."""
        try:
            return self._look(tag)
        except NotFoundInRegistry:
            return Look(tag=tag, is_missing=True)
        except RegistryError as error:
            return Look(tag=tag, error=error)

    def _look(self, tag: Tag) -> Look:
        head = self._client.head_manifest(self._repository, tag)
        last = self._holdings.observations[tag][-1] if self._holdings.observations.get(tag) else None
        if head.digest and last and head.digest in {last.digest, last.announced}:
            return Look(tag=tag)
        if head.digest and head.digest in self._holdings.raws:
            return Look(tag=tag, digest=head.digest)
        if head.digest is None:
            return self._look_by_get(tag, last.digest if last else None)
        return Look(tag=tag, digest=head.digest, fetched=self._fetch(head.digest))

    def _look_by_get(self, tag: Tag, last: Digest | None) -> Look:
        """For registries whose HEAD does not say the digest."""
        got = self._client.get_manifest(self._repository, tag)
        if got.digest == last:
            return Look(tag=tag)
        fetched = () if got.digest in self._holdings.raws else self._fetch(got.digest)
        return Look(tag=tag, digest=got.digest, announced=got.announced, fetched=fetched)

    def _fetch(self, digest: Digest) -> Facts:
        return self._fetcher.fetch(digest) if self._fetcher else ()
