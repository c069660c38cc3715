"""The changes of a repository's tags as rows of tables."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import PublishedGone, published_gone
from collector.model.times import Time
from collector.pages.histories import Histories, SharedChange, TagChange

_COMMIT = re.compile(r"^(git:[0-9a-f]{12})[0-9a-f]+$")


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One state of a tag with the change that led to it."""

    since: Time
    """Lasts until the next newer row, or until now."""
    digest: Digest | None = None
    """The new digest of the tag; None if it was gone or its page was not understood."""
    gone: PublishedGone | None = None
    reasons: tuple[ReasonCode, ...]
    summary: str
    """The sentences of the reasons. Contains text from images."""
    platforms: tuple[str, ...] = ()
    """The slugs of the platforms that changed; left out if the state has only one, or if all changed."""
    source: str
    """The source of the observation: `git:<commit>` of the imported archive, or the address of a registry."""
    is_rehearsed: bool = False
    """Whether `since` was given to `collect --rehearse`, to try out a history."""
    state: int | None = None
    """The object of this state, in `api/v1/<address of the image>objects/-<number // 64>.json` at the place `number %
    64`; None if it was gone, not understood, or incomplete in the archive.
    """


class ChangeRows:
    """The rows of one repository. The cells of a change are computed once for all tags that share it."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._cells: dict[bytes, _Cells] = {}
        """The key of a shared change → its cells."""

    def row(self, change: TagChange) -> ChangeRow:
        """The row of one change of one tag."""
        period, cells = change.period, self._cells_of(change)
        return ChangeRow(
            since=period.since,
            digest=period.digest,
            gone=published_gone(period.gone),
            reasons=cells.reasons,
            summary=cells.summary,
            platforms=cells.platforms,
            source=_short_source(period.source),
            is_rehearsed=period.is_rehearsed,
            state=self._histories.store.number(period.digest),
        )

    def reasons(self, change: TagChange) -> tuple[ReasonCode, ...]:
        """The reasons of a change, without the rest of its row."""
        return self._cells_of(change).reasons

    def _cells_of(self, change: TagChange) -> _Cells:
        key = change.shared.key
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = _Cells(change.shared)
        return cells


@lru_cache(1024)
def _short_source(source: str) -> str:
    """The archive has the commit in full."""
    return _COMMIT.sub(r"\1", source)


class _Cells:
    """The cells of a row that depend only on the change."""

    def __init__(self, change: SharedChange) -> None:
        summary = change.summary
        self.reasons = summary.codes
        self.summary = change.text
        moved = (*summary.added, *summary.removed)
        slugs = [*(slug for slug, _ in summary.images), *moved]
        is_all = not summary.unchanged and not (summary.images and moved)
        self.platforms = () if is_all else tuple(dict.fromkeys(slugs))
