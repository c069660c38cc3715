"""Facts from Docker Hub's own API about the tags that changed. They are optional: a collection works without them."""

from __future__ import annotations

import msgspec

from collector.archive.facts import HubFact, HubImage
from collector.errors import RegistryError
from collector.model.references import Repository, Tag
from collector.model.times import Time
from collector.registry.hub.client import HubClient
from collector.registry.hub.tags import HubTag

_HUB = "docker.io"
_MAX_SINGLE = 10
"""For more tags than this, the list of tags is read, which has 100 tags per page."""


class HubAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The facts, and the reason if some are missing."""

    facts: list[HubFact] = []
    notice: str = ""


class HubReader:
    """Asks Docker Hub for dates and sizes of tags. A failure becomes a notice."""

    def __init__(self, client: HubClient) -> None:
        self._client = client

    def knows(self, repository: Repository) -> bool:
        """Whether a repository is on Docker Hub."""
        return repository.registry == _HUB and repository.path.count("/") == 1

    def read(self, repository: Repository, tags: list[Tag], time: Time) -> HubAnswer:
        """Asks about these tags of a repository."""
        try:
            if len(tags) <= _MAX_SINGLE:
                found = [self._client.tag(repository, tag) for tag in tags]
                return HubAnswer(facts=[_fact(tag, time) for tag in found if tag])
            listed = self._client.tags(repository)
        except RegistryError as error:
            return HubAnswer(notice=f"{repository.familiar}: Docker Hub's API: {error}")
        wanted = set(tags)
        facts = [_fact(tag, time) for tag in listed.tags if tag.name in wanted]
        why = f"{repository.familiar}: Docker Hub's API: {listed.truncated}" if len(facts) < len(wanted) else ""
        return HubAnswer(facts=facts, notice=why if listed.truncated else "")


def _fact(tag: HubTag, time: Time) -> HubFact:
    return HubFact(
        tag=tag.name,
        time=time,
        pushed=tag.last_pushed,
        status=tag.status,
        media_type=tag.media_type,
        digest=tag.digest,
        images=tuple(
            HubImage(
                platform=image.platform,
                digest=image.digest,
                size=image.size if (image.size or 0) <= 2**62 else None,
                status=image.status,
                pushed=image.last_pushed,
            )
            for image in tag.images
        ),
    )
