"""The facts that the archive keeps of an attestation's statement (in-toto; SLSA provenance v0.2 and v1; SPDX 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from collector.archive.facts import StatementFact
from collector.archive.raw_objects import statement_of
from collector.errors import InvalidValue
from collector.model.documents import Descriptor, Json, parse_json

MAX_STATEMENT = 16 * 2**20
"""Bytes. Only the descriptor of a larger statement is kept."""

_MAX_TEXT = 1000
"""Characters of a builder, a source or a revision; longer values are cut."""

_BROKEN = (msgspec.MsgspecError, InvalidValue, UnicodeDecodeError, RecursionError)


class _Statement(msgspec.Struct):
    predicate_type: str | None = msgspec.field(default=None, name="predicateType")
    predicate: msgspec.Raw = msgspec.Raw(b"{}")


class _Package(msgspec.Struct):
    id: str | None = msgspec.field(default=None, name="SPDXID")


class _Relation(msgspec.Struct):
    element: str | None = msgspec.field(default=None, name="spdxElementId")
    kind: str | None = msgspec.field(default=None, name="relationshipType")
    related: str | None = msgspec.field(default=None, name="relatedSpdxElement")


class _Document(msgspec.Struct):
    """The fields of an SPDX document that are decoded; the others take megabytes."""

    packages: list[_Package] | None = None
    relationships: list[_Relation] | None = None
    describes: list[str] | None = msgspec.field(default=None, name="documentDescribes")


def bare_statement(layer: Descriptor) -> StatementFact:
    """The facts of the descriptor alone, for a statement that is too large or invalid."""
    known = statement_of(layer)
    return StatementFact(digest=known.digest, predicate_type=known.predicate_type, size=known.size)


def read_statement(layer: Descriptor, raw: bytes) -> StatementFact:
    """The facts of a statement: builder, source and revision of a provenance; the number of packages of an SBOM."""
    bare = bare_statement(layer)
    try:
        statement = msgspec.json.decode(raw, type=_Statement)
        predicate_type = _text(statement.predicate_type) or bare.predicate_type
        facts: dict[str, Any] = {}
        if "slsa.dev/provenance" in predicate_type:
            facts = _provenance(parse_json(bytes(statement.predicate)))
        elif "spdx.dev" in predicate_type:
            facts = {"packages": _count_packages(msgspec.json.decode(statement.predicate, type=_Document))}
    except _BROKEN:
        return bare
    return StatementFact(digest=layer.digest, predicate_type=predicate_type, size=layer.size, **facts)


def _provenance(predicate: Json) -> dict[str, str]:
    v1 = _at(predicate, "buildDefinition", "externalParameters", "configSource")
    v02 = _at(predicate, "invocation", "configSource")
    source = v1 if isinstance(v1, dict) else v02 if isinstance(v02, dict) else {}
    uri = _text(source.get("uri"))
    vcs = _at(predicate, "runDetails", "metadata", "buildkit_metadata", "vcs")
    if not isinstance(vcs, dict):
        vcs = _at(predicate, "metadata", "https://mobyproject.org/buildkit@v1#metadata", "vcs")
    vcs = vcs if isinstance(vcs, dict) else {}
    digests = source.get("digest")
    revision = _text(digests.get("sha1")) if isinstance(digests, dict) else ""
    builder = _text(_at(predicate, "runDetails", "builder", "id")) or _text(_at(predicate, "builder", "id"))
    return {
        "builder": builder,
        "source": uri or _text(vcs.get("source")),
        "revision": revision or _text(vcs.get("revision")),
    }


def _count_packages(document: _Document) -> int | None:
    """Installed packages, without the entry for the image itself and without packages that are only a source."""
    if document.packages is None:
        return None
    left_out = {*(document.describes or ()), *_sources(document)}
    left_out.update(relation.related for relation in document.relationships or () if relation.kind == "DESCRIBES")
    return sum(package.id is None or package.id not in left_out for package in document.packages)


def _sources(document: _Document) -> Iterator[str]:
    """The packages that others are generated from and that are not installed themselves.

    Docker Scout lists the source `openssl` beside `libssl3`. A package that is both, such as `apt`, contains files.
    """
    generated: dict[str, set[str | None]] = defaultdict(set)
    contained: dict[str, set[str | None]] = defaultdict(set)
    for relation in document.relationships or ():
        if relation.kind == "GENERATED_FROM" and relation.related:
            generated[relation.related].add(relation.element)
        elif relation.kind == "CONTAINS" and relation.element:
            contained[relation.element].add(relation.related)
    for source, packages in generated.items():
        if contained[source] <= packages:
            yield source


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""
