"""What is worth keeping of an attestation's statement (in-toto; SLSA provenance v0.2 and v1; SPDX 2)."""

from __future__ import annotations

from typing import Any

from collector.archive.facts import StatementFact
from collector.archive.objects import statement_of
from collector.errors import InvalidValue
from collector.model.documents import Descriptor, parse_json

_LONGEST = 1000
"""Characters of a builder, a source or a revision."""


def bare_statement(layer: Descriptor) -> StatementFact:
    """What the descriptor alone says, where the statement is not read: it is too large, or cannot be understood."""
    known = statement_of(layer)
    return StatementFact(digest=known.digest, predicate_type=known.predicate_type, size=known.size)


def read_statement(layer: Descriptor, raw: bytes) -> StatementFact:
    """What a statement says: of a provenance builder, source and revision, of an SBOM the number of packages."""
    bare = bare_statement(layer)
    try:
        document = parse_json(raw)
    except InvalidValue:
        return bare
    predicate_type = _text(document.get("predicateType")) or bare.predicate_type
    predicate = document.get("predicate")
    predicate = predicate if isinstance(predicate, dict) else {}
    facts: dict[str, Any] = {}
    if "slsa.dev/provenance" in predicate_type:
        facts = _provenance(predicate)
    elif "spdx.dev" in predicate_type:
        facts = {"packages": _count_packages(predicate)}
    return StatementFact(digest=layer.digest, predicate_type=predicate_type, size=layer.size, **facts)


def _provenance(predicate: dict[str, Any]) -> dict[str, str]:
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


def _count_packages(predicate: dict[str, Any]) -> int | None:
    """Packages without the one that stands for the document's own subject."""
    packages = predicate.get("packages")
    if not isinstance(packages, list):
        return None
    relations = predicate.get("relationships")
    described = {
        relation.get("relatedSpdxElement")
        for relation in (relations if isinstance(relations, list) else [])
        if isinstance(relation, dict) and relation.get("relationshipType") == "DESCRIBES"
    }
    return sum(isinstance(package, dict) and package.get("SPDXID") not in described for package in packages)


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
