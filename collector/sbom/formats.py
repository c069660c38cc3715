"""The reader of each kind of SBOM, by predicate type."""

from __future__ import annotations

from collector.errors import InvalidValue
from collector.model.json_text import NOT_DECODABLE
from collector.model.packages import Scan
from collector.sbom.cyclonedx import parse_cyclonedx
from collector.sbom.spdx import parse_spdx
from collector.sbom.statements import CYCLONEDX, SPDX, Statement

MAX_STATEMENT = 64 * 2**20
"""The size, in bytes, of the largest SBOM that is read. An SBOM has about a kilobyte for each file of the image."""


def is_sbom(predicate_type: str) -> bool:
    """Whether a statement with this type is about packages."""
    return predicate_type.startswith((SPDX, CYCLONEDX))


def parse_sbom(statement: Statement) -> Scan | None:
    """The packages that a statement lists; None if it is not about packages.

    Raises:
        InvalidValue: it claims to be an SBOM but cannot be read as one.
    """
    kind = statement.predicate_type
    read = parse_spdx if kind.startswith(SPDX) else parse_cyclonedx if kind.startswith(CYCLONEDX) else None
    if read is None:
        return None
    try:
        return read(statement.predicate)
    except NOT_DECODABLE as error:
        raise InvalidValue(f"not an SBOM: {str(error)[:200]}") from None
