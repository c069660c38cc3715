"""Archives of images that were built on one another, and their bases, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from collector.archive.store import Archive
from collector.bases.archive_bases import keep_bases
from collector.bases.cache import MemoryCache, must_read
from collector.bases.parts import Base, RepositoryBases, decode_bases
from collector.model.digests import Digest, parse_digest
from collector.model.images import Image
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from tests.diff.builders import AMD64, ROOT, image, layer
from tests.pages.archives import Seen, alone, day
from tests.support.modern import Collected
from tests.support.registry import Blob, blob, config, raw_image
from tests.support.registry import Image as RawImage

BASE_STEPS = (ROOT, 'CMD ["bash"]')
RUN = "RUN make"
ARM = Platform(os="linux", architecture="arm", variant="v7")


def debian(name: str = "debian", *layers: str, platform: Platform = AMD64) -> Image:
    """A base: one layer, or these."""
    return image(name, *BASE_STEPS, layers=tuple(map(layer, layers or (name,))), platform=platform)


def on(base: Image, name: str = "python", *steps: str, layers: int = 1) -> Image:
    """An image that is built on another one."""
    own = tuple(layer(f"{name} {number}") for number in range(layers))
    before = [step.text for step in base.config.history]
    return image(name, *before, *(steps or (RUN,)), layers=(*base.layers, *own), platform=base.platform)


def seen(tag: str, number: int, image_: Image) -> Seen:
    return Seen(tag=tag, time=day(number), state=alone(image_))


def bases(root: Path, name: str) -> RepositoryBases:
    return all_bases(root)[parse_repository(name).name]


def all_bases(root: Path) -> dict[str, RepositoryBases]:
    archive = Archive(root)
    keys = {repository.name: archive.journals_key(repository).key for repository in archive.repositories()}
    cache = MemoryCache()
    return {name: decode_bases(must_read(cache, part)) for name, part in keep_bases(archive, keys, cache).items()}


def base(root: Path, one: Image, name: str = "python") -> Base | None:
    return bases(root, name).base_of(one.manifest)


def named(found: Base | None) -> str:
    return f"{parse_repository(found.repository).familiar}:{found.tag}" if found else "unknown"


def raw(
    *layers: str,
    said: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    steps: int | None = None,
    created: str = "2024-01-01T00:00:00Z",
) -> RawImage:
    """An image as a registry sends it, with a step for each layer."""
    blobs = [blob(name.encode()) for name in layers]
    history: list[dict[str, Any]] = [
        {"created": created, "created_by": f"COPY {name} /"}
        for name in layers[: len(layers) if steps is None else steps]
    ]
    about = config(
        architecture="amd64", layers=blobs, created=created, history=history, settings={"Labels": dict(labels or {})}
    )
    return raw_image(architecture="amd64", layers=blobs, config_blob=about, annotations=said)


def collected(tag: str, number: int, one: RawImage, top: Blob | None = None) -> Collected:
    return Collected(tag=tag, time=day(number), top=top or one.manifest, images=(one,))


def manifest(one: RawImage) -> Digest:
    return parse_digest(one.manifest.digest)


def raw_base(root: Path, one: RawImage) -> Base | None:
    return bases(root, "python").base_of(manifest(one))
