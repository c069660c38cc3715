"""The rows of one repository. Repositories that share objects have the same rows for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from collector.archive.holdings import Holdings
from collector.model.digests import Digest
from collector.model.images import Config, Image, State, published_gone
from collector.tables.definitions import (
    CONFIGS,
    ENVIRONMENT,
    INVENTORIES,
    LABELS,
    LAYERS,
    MANIFESTS,
    PACKAGES,
    PLATFORMS,
    STEPS,
    TAGS,
    Table,
)

Value = str | int | None
Row = tuple[Table, tuple[Value, ...]]


def iter_rows(holdings: Holdings) -> Iterator[Row]:
    """The rows of a repository. Objects that the archive lacks have none."""
    image = holdings.repository.familiar
    digests: dict[Digest, None] = {}
    for tag in holdings.tags:
        for period in holdings.periods(tag):
            gone = published_gone(period.gone)
            yield TAGS, (image, tag, period.since, period.until, period.digest, gone, int(period.is_rehearsed))
            if period.digest:
                digests[period.digest] = None
    seen: set[str] = set()
    for digest in digests:
        state = holdings.state(digest)
        if state:
            yield from _of_state(state, seen, holdings)


def _of_state(state: State, seen: set[str], holdings: Holdings) -> Iterator[Row]:
    for position, image in enumerate(state.images):
        yield PLATFORMS, (state.digest, position, str(image.platform), image.manifest)
        if image.manifest not in seen:
            seen.add(image.manifest)
            yield from _of_image(image)
        if image.config.digest not in seen:
            seen.add(image.config.digest)
            yield from _of_config(image.config)
            yield from _of_packages(image.config.digest, seen, holdings)


def _of_image(image: Image) -> Iterator[Row]:
    is_known = all(layer.has_size for layer in image.layers)
    yield MANIFESTS, (image.manifest, image.config.digest, _size(image.size) if is_known else None)
    for position, layer in enumerate(image.layers):
        yield LAYERS, (image.manifest, position, layer.digest, _size(layer.size) if layer.has_size else None)


def _of_config(config: Config) -> Iterator[Row]:
    digest, runtime = config.digest, config.runtime
    user, folder = (runtime.user, runtime.working_directory) if runtime else (None, None)
    yield CONFIGS, (digest, config.created, _words(config.entrypoint), _words(config.cmd), user, folder)
    for position, step in enumerate(config.history):
        yield STEPS, (digest, position, step.created, step.text)
    for name, value in runtime.labels if runtime else ():
        yield LABELS, (digest, name, value)
    for entry in runtime.environment if runtime else ():
        name, _, value = entry.partition("=")
        yield ENVIRONMENT, (digest, name, value)


def _of_packages(config: str, seen: set[str], holdings: Holdings) -> Iterator[Row]:
    known = holdings.image_packages(config)
    if known is None:
        return
    inventory, packages = known
    yield INVENTORIES, (config, packages.id, inventory.by, inventory.time)
    if packages.id not in seen:
        seen.add(packages.id)
        for package in packages.packages:
            yield PACKAGES, (packages.id, *package)


def _size(size: int) -> int | None:
    """The size; None if no column of SQL can hold the number that a manifest states."""
    return size if size < 2**63 else None


def _words(words: Iterable[str] | None) -> str | None:
    """A JSON array; None for unknown values."""
    return None if words is None else msgspec.json.encode(tuple(words)).decode()
