"""The facts that the archive keeps of an attestation's statement (in-toto; SLSA provenance v0.2 and v1; SBOMs)."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from collector.archive.facts import StatementFact
from collector.archive.raw_objects import statement_of
from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.documents import Descriptor, Json, parse_json
from collector.model.packages import Scan
from collector.sbom.formats import parse_sbom
from collector.sbom.statements import Statement, parse_statement

_MAX_PROVENANCE = 16 * 2**20
"""Bytes. Of a larger provenance only the type is kept: all of it is decoded, which takes several times its size."""

_MAX_TEXT = 1000
"""Characters of a builder, a source or a revision; longer values are cut."""


class ReadStatement(NamedTuple):
    """What was read from a statement."""

    fact: StatementFact
    scan: Scan | None = None
    """The packages of the image that it is attached to; None if it lists none, or is about another image."""
    problem: str = ""
    """Why it could not be read, or not be used."""


def bare_statement(layer: Descriptor) -> StatementFact:
    """The facts of the descriptor alone, for a statement that is too large or invalid."""
    known = statement_of(layer)
    return StatementFact(digest=known.digest, predicate_type=known.predicate_type, size=known.size)


def read_statement(layer: Descriptor, raw: bytes, attested: Digest) -> ReadStatement:
    """The facts of a statement: builder, source and revision of a provenance; the packages of an SBOM.

    Args:
        layer: its descriptor.
        raw: its bytes.
        attested: the manifest of the image that it is attached to.
    """
    bare = bare_statement(layer)
    try:
        statement = parse_statement(raw)
        predicate_type = _text(statement.predicate_type) or bare.predicate_type
        statement = msgspec.structs.replace(statement, predicate_type=predicate_type)
        scan = parse_sbom(statement)
        facts: dict[str, Any] = {"packages": scan.count} if scan else _provenance_of(statement)
    except InvalidValue as error:
        return ReadStatement(bare, problem=str(error))
    fact = StatementFact(digest=layer.digest, predicate_type=predicate_type, size=layer.size, **facts)
    if not statement.is_about(attested):
        return ReadStatement(fact, problem=f"about another manifest than {attested}")
    return ReadStatement(fact, scan)


def _provenance_of(statement: Statement) -> dict[str, str]:
    predicate = bytes(statement.predicate)
    is_read = "slsa.dev/provenance" in statement.predicate_type and len(predicate) <= _MAX_PROVENANCE
    return _provenance(parse_json(predicate)) if is_read else {}


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


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""
