"""Small archives for tests, written by the real writer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from collector.archive.facts import ObservationFact
from collector.archive.layout import journal_of, mark_of
from collector.archive.store import Archive
from collector.model.digests import Digest
from collector.model.images import DOCKER_LIST, Config, Gone, Image, Layer, State, Step
from collector.model.packages import BY_PAGE, Package, Scan, package_list
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.model.times import Time, parse_time

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
DAY = "T12:00:00Z"


def digest(name: str) -> Digest:
    """A digest made from a name: equal names give equal digests."""
    return Digest("sha256:" + hashlib.sha256(name.encode()).hexdigest())


def docker_image(
    name: str,
    *,
    platform: Platform | str = "linux/amd64",
    steps: Sequence[str] = ("ADD file:1 in /", 'CMD ["sh"]'),
    layers: Sequence[str] = ("base",),
    size: int = 1_000_000,
    made: str = "2017-01-01T00:00:00Z",
) -> Image:
    """An image whose digests are made from its name and the names of its layers."""
    where = _platform(platform) if isinstance(platform, str) else platform
    return Image(
        manifest=digest(f"{name} manifest"),
        media_type=MANIFEST,
        platform=where,
        config=Config(
            digest=digest(f"{name} config"),
            platform=where,
            history=tuple(Step(created=parse_time(made), text=text) for text in steps),
        ),
        layers=tuple(Layer(digest=digest(layer), size=size, media_type=LAYER) for layer in layers),
    )


def single(one: Image) -> State:
    """The state of a tag that points at one manifest."""
    return State(digest=one.manifest, media_type=one.media_type, all_images=(one,))


def index(name: str, *images: Image) -> State:
    """The state of a tag that points at an index."""
    return State(digest=digest(f"{name} index"), media_type=DOCKER_LIST, all_images=images)


def journal_name(image: str, month: str) -> str:
    """The path of a journal in a new archive."""
    repository = parse_repository(image)
    return journal_of(Path(repository.folder), month, mark_of(repository)).as_posix()


class ArchiveBuilder:
    """Records what tags pointed at. Days are written `2017-01-31` and mean noon."""

    def __init__(self, root: Path) -> None:
        self.archive = Archive(root, create=True)

    def see(self, name: str, day: str, state: State | None = None, *, gone: Gone | None = None) -> None:
        """Record what `image:tag` pointed at on a day. Without `state` and `gone`, the page could not be read."""
        familiar, _, tag = name.rpartition(":")
        seen = Time(day + DAY)
        with self.archive.writing():
            writer = self.archive.writer(parse_repository(familiar))
            for one in state.all_images if state else ():
                for layer in one.layers:
                    writer.add_layer(seen, layer)
                writer.add_config(seen, one.config)
                layers = tuple(layer.digest for layer in one.layers)
                writer.add_manifest(seen, one.manifest, one.media_type, one.config.digest, layers)
            if state and state.is_index:
                entries = tuple((one.manifest, one.platform) for one in state.all_images)
                writer.add_index(seen, state.digest, state.media_type, entries)
            page = writer.add_text(seen, b"what no one understands") if state is None and gone is None else None
            writer.observe(
                ObservationFact(
                    tag=tag, time=seen, source="git:test", digest=state.digest if state else None, gone=gone, page=page
                )
            )
            writer.flush()

    def scan(self, image: str, day: str, scanned: Image, packages: Iterable[Package], **scan: Any) -> None:
        """Record the packages of an image. `scan`: further fields of the `Scan`, by default those of a page."""
        seen = Time(day + DAY)
        with self.archive.writing():
            writer = self.archive.writer(parse_repository(image))
            found = Scan(packages=package_list(packages), **({"by": BY_PAGE} | scan))
            writer.add_scan(seen, scanned.config.digest, found)
            writer.flush()


def deb(name: str, version: str, source: str = "", licence: str = "") -> Package:
    """A package of Debian."""
    return Package("deb", name, version, source, "", licence)


def _platform(text: str) -> Platform:
    """The platform that a person writes as `linux/arm64/v8`."""
    os, architecture, variant, *_ = [*text.split("/"), "", ""]
    return Platform(os=os, architecture=architecture, variant=variant)
