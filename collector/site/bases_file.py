"""The bases of a whole archive in a file, for machines that have only a part of the archive.

`repo-info shards N --bases FILE` writes it, `repo-info build --shard K/N --bases FILE` reads it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from collector import __version__
from collector.archive.store import Archive
from collector.bases.archive_bases import keep_bases
from collector.bases.cache import must_read
from collector.bases.parts import decode_bases
from collector.errors import BuildError
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import parse_repository
from collector.pages.program_key import program_key
from collector.site.base_cache import BaseCache
from collector.site.plain_files import read_plain

_MAX_BYTES = 2**30
_HINT = "write it with `repo-info shards N --bases FILE`, where the whole archive is"


class ArchiveBases(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the file."""

    version: str = __version__
    """The version of the program that wrote the file."""
    journals: dict[str, str]
    """Full name of a repository → hash of its journals."""
    bases: dict[str, bytes]
    """Full name of a repository → its bases, as `encode_bases` makes them."""
    without_packages: dict[str, bytes]
    """The same for sites that name no packages: there some bases come from other releases."""

    def check(self, archive: Archive, names: Iterable[str]) -> None:
        """Check that the bases of these repositories are readable, and that they match this archive.

        Raises:
            BuildError: they are damaged, or the archive has changed since they were written.
        """
        for name in names:
            if self.journals.get(name) != archive.journals_key(parse_repository(name)).key:
                raise BuildError(f"{archive.root}: {name} has changed since the bases were written", hint=_HINT)
            try:
                decode_bases(self.bases.get(name, b""))
                decode_bases(self.without_packages.get(name, b""))
            except NOT_DECODABLE as error:
                raise BuildError(f"the bases of {name} are damaged: {error}", hint=_HINT) from None


def write_bases(archive: Path, path: Path, *, jobs: int = 0) -> None:
    """Write the bases of an archive.

    Raises:
        ArchiveError: the archive cannot be read.
        BuildError: the file cannot be written.
    """
    store = Archive(archive)
    journals = {one.name: store.journals_key(one).key for one in store.repositories()}
    # Intermediate results stay in files and other processes, because they are larger than the bases themselves.
    with TemporaryDirectory(prefix="repo-info-", ignore_cleanup_errors=True) as folder:
        cache = BaseCache(folder=Path(folder), program=program_key(), processes=jobs or os.cpu_count() or 1)
        found = ArchiveBases(
            journals=journals,
            bases=_encoded_bases(store, journals, cache, names_packages=True),
            without_packages=_encoded_bases(store, journals, cache, names_packages=False),
        )
    try:
        path.write_bytes(msgspec.msgpack.encode(found))
    except OSError as error:
        raise BuildError(f"{path}: cannot be written: {error.strerror}", hint="name another file") from None


def _encoded_bases(
    archive: Archive, journals: Mapping[str, str], cache: BaseCache, *, names_packages: bool
) -> dict[str, bytes]:
    names = keep_bases(archive, journals, cache, names_packages=names_packages)
    return {one: must_read(cache, name) for one, name in names.items()}


def read_bases(path: Path) -> ArchiveBases:
    """Read the bases of an archive.

    Raises:
        BuildError: the file is damaged, or another version wrote it.
    """
    content = read_plain(path.parent, path.name, _MAX_BYTES)
    if content is None:
        raise BuildError(f"{path}: missing, a link, or too large", hint=_HINT)
    try:
        found = msgspec.msgpack.decode(content, type=ArchiveBases)
    except NOT_DECODABLE:
        raise BuildError(f"{path}: not the bases of an archive", hint=_HINT) from None
    if found.version != __version__:
        raise BuildError(f"{path}: written by repo-info {found.version}, not {__version__}", hint=_HINT)
    return found
