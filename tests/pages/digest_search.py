"""Finds digests in the published files, independently of `digests.js`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from collector.pages.search_indexes import PREFIX, digest_paths


class Record(msgspec.Struct, frozen=True):
    """A digest, the kind of its object, and its uses."""

    kind: str
    digest: str
    where: list[dict[str, Any]]


def whole(where: dict[str, Any]) -> dict[str, Any]:
    """With the members that the file leaves out because of their default."""
    platform = where.get("platform", "")
    slug = platform.replace("/", "-")
    said = {"platform": platform, "slug": slug, "more": 0, "until": None, **where}
    return {**said, "tags": where["tags"].split()}


class Index:
    """Queries the published files as the browser does."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.read = cache(lambda path: json.loads(files[path]))

    def places(self, digits: str) -> list[tuple[str, int]]:
        """The image and the object of every digest that begins so."""
        path = next(path for path in digest_paths(digits) if path in self.files)
        begin = path.removeprefix("api/v1/digests/").removesuffix(".json")
        shard = self.read(path)
        return [
            (image, number)
            for image, known in shard.items()
            for rest, numbers in known.items()
            if rest.startswith(digits[len(begin) : PREFIX])
            for number in ([numbers] if isinstance(numbers, int) else numbers)
        ]

    def records(self, digits: str) -> list[tuple[str, Record]]:
        """The same with what the objects say."""
        return [(image, record) for image, number in self.places(digits) for record in self.told(image, number)]

    def told(self, image: str, number: int) -> Iterator[Record]:
        """The digests by which an object is found."""
        chunk = self.read(f"api/v1/repos/{image}/objects/-{number // 64}.json")
        place = number % 64
        said = chunk["objects"][place]
        kind = next(iter(said))
        where = chunk["where_of"][place]
        yield Record(kind=kind, digest=said[kind], where=[whole(one) for one in chunk["where"][where]])
        if kind == "manifest":
            where = chunk.get("config_where_of", {}).get(str(place), where)
            yield Record(kind="config", digest=said["config"], where=[whole(one) for one in chunk["where"][where]])
