"""The bases of all images of an archive."""

from __future__ import annotations

import msgspec

from collector.archive.store import Archive
from collector.bases.outline import Outline, outline_of
from collector.bases.parts import RepositoryBases
from collector.bases.relations import find_bases
from collector.model.references import parse_repository

_DECODER = msgspec.msgpack.Decoder(Outline)


def bases_of_archive(archive: Archive) -> dict[str, RepositoryBases]:
    """The bases of the images of each repository, by the repositories' full names."""
    outlines = {repository.name: _encoded_outline(archive, repository.name) for repository in archive.repositories()}
    return find_bases(outlines, lambda name: _DECODER.decode(outlines[name]))


def _encoded_outline(archive: Archive, name: str) -> bytes:
    return msgspec.msgpack.encode(outline_of(archive.load_contents(parse_repository(name))))
