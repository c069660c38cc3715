"""What the archive has of a repository, as far as fetching is concerned."""

from __future__ import annotations

from collector.archive.holdings import Holdings


class Known:
    """A container of digests: of objects kept as raw text, of statements that were read, of what was not there."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def __contains__(self, digest: object) -> bool:
        holdings = self._holdings
        return digest in holdings.raws or digest in holdings.statements or digest in holdings.absent
