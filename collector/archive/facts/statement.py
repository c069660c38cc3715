"""Statements of attestations."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, Size


class StatementFact(DigestFact, frozen=True, kw_only=True, tag="statement"):
    """Facts from the statement of an attestation; the statement itself is not kept."""

    table = "statements"
    predicate_type: str
    size: Size
    builder: str = ""
    source: str = ""
    revision: str = ""
    packages: int | None = None
