"""The files that only programs read: objects, states by date, package lists, indexes. They are published compressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from collector.model.compression import compress
from collector.pages.documents import AnyAsset, LateAsset

SUFFIX = ".gz"
"""Is added to the path. A host sends such a file as it is; a browser decompresses it by itself."""


def iter_data_files(assets: Iterable[AnyAsset], *, plain: bool) -> Iterator[AnyAsset]:
    """The files as they are published. Those that are not JSON, as scripts beside them, stay as they are.

    Args:
        assets: files of JSON, and others.
        plain: whether each is published uncompressed, too.
    """
    for asset in assets:
        is_data = asset.path.endswith(".json")
        if is_data:
            yield LateAsset(path=asset.path + SUFFIX, key=asset.key, rank=asset.rank, make=_compressed(asset))
        if plain or not is_data:
            yield asset


def _compressed(asset: AnyAsset) -> Callable[[], bytes]:
    return lambda: compress(asset.content)
