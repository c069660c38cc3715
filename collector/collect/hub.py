"""What Docker Hub's own API says of the tags that the archive follows, kept as facts where it is news."""

from __future__ import annotations

from collector.archive.facts import HubFact, HubImage
from collector.archive.writer import RepositoryWriter
from collector.errors import RegistryError
from collector.model.references import Repository
from collector.model.times import Time
from collector.registry.hub import HubClient
from collector.registry.hub_tags import HubTag

_HUB = "docker.io"


class HubReader:
    """Reads the list of a repository's tags. Everything works without it, so a failure is a notice."""

    def __init__(self, client: HubClient) -> None:
        self._client = client

    def read(self, repository: Repository, writer: RepositoryWriter, time: Time) -> list[str]:
        """Add what is new of the tags that are there; gives notices."""
        live = {tag for tag, seen in writer.holdings.observations.items() if seen[-1].digest}
        if repository.registry != _HUB or not live:
            return []
        try:
            found = self._client.tags(repository)
        except RegistryError as error:
            return [f"{repository.familiar}: Docker Hub's API: {error}"]
        for tag in found.tags:
            if tag.name in live:
                writer.add(time, _fact(tag, time))
        return [f"{repository.familiar}: Docker Hub's API: {found.truncated}"] if found.truncated else []


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
                size=image.size,
                status=image.status,
                pushed=image.last_pushed,
            )
            for image in tag.images
        ),
    )
