"""Which SBOMs were collected before their packages were kept: `collect --packages` reads these again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from collector.archive.facts import RawFact
from collector.archive.holdings import Holdings
from collector.archive.raw_objects import attested_by, iter_children, statement_layers
from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.documents import MANIFEST_TYPES, Descriptor, ManifestDocument, parse_manifest
from collector.model.images import INDEX_TYPES
from collector.sbom.formats import MAX_STATEMENT, is_sbom


class AttachedSbom(NamedTuple):
    """An SBOM, and the manifest of the image that it is attached to."""

    layer: Descriptor
    attested: Digest


def unread_sboms(holdings: Holdings) -> list[AttachedSbom]:
    """The SBOMs whose packages the archive does not have, and that are small enough to be read."""
    found = {
        (sbom.attested, sbom.layer.digest): sbom
        for raw in holdings.raws.values()
        for sbom in _iter_sboms(holdings, raw)
        if sbom.layer.size <= MAX_STATEMENT and not _is_read(holdings, sbom)
    }
    return list(found.values())


def config_of(holdings: Holdings, manifest: Digest) -> Digest | None:
    """The Image ID of a manifest; None if the archive does not have it, or it is of no image."""
    raw = holdings.raws.get(manifest)
    document = _parse(raw) if raw else None
    return document.config.digest if document and document.config and document.is_image else None


def _iter_sboms(holdings: Holdings, raw: RawFact) -> Iterator[AttachedSbom]:
    """The SBOMs of all attestations in an index, or of a single attestation."""
    try:
        entries = list(iter_children(holdings.raws, raw)) if raw.media_type in INDEX_TYPES else [None]
    except InvalidValue:
        return
    for entry in entries:
        child = holdings.raws.get(entry.digest) if entry else raw
        document = _parse(child) if child else None
        attested = attested_by(entry, document) if document else None
        if document and attested:
            layers = statement_layers(document)
            yield from (AttachedSbom(layer, attested) for layer in layers if _is_sbom(holdings, layer))


def _is_sbom(holdings: Holdings, layer: Descriptor) -> bool:
    """Whether a statement is an SBOM: by the recorded statement, else by its annotation."""
    known = holdings.statements.get(layer.digest)
    annotated = dict(layer.annotations).get("in-toto.io/predicate-type", "")
    return is_sbom(known.predicate_type if known else annotated)


def _is_read(holdings: Holdings, sbom: AttachedSbom) -> bool:
    config = config_of(holdings, sbom.attested)
    return config is None or any(one.statement == sbom.layer.digest for one in holdings.inventories.get(config, ()))


def _parse(raw: RawFact) -> ManifestDocument | None:
    try:
        return parse_manifest(raw.content, raw.media_type) if raw.media_type in MANIFEST_TYPES else None
    except InvalidValue:
        return None
