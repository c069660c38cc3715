"""The changes of a repository's tags as rows of tables."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.times import Time
from collector.pages.histories import Histories, SharedChange, TagChange
from collector.pages.tag_order import newest_first

_COMMIT = re.compile(r"^(git:[0-9a-f]{12})[0-9a-f]+$")


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One state of a tag with the change that led to it."""

    since: Time
    """Lasts until the next newer row, or until now."""
    digest: Digest | None = None
    """The new digest of the tag; None if it was gone or its page was not understood."""
    gone: Gone | None = None
    reasons: tuple[ReasonCode, ...]
    summary: str
    """The sentences of the reasons. Contains text from images."""
    platforms: tuple[str, ...] = ()
    """The slugs of the platforms that changed; left out if the state has only one, or if all changed."""
    source: str
    """The source of the observation: `git:<commit>` of the imported archive, or the address of a registry."""
    state: int | None = None
    """The object of this state, in `api/v1/<address of the image>objects/-<number // 64>.json` at the place `number %
    64`; None if it was gone, not understood, or incomplete in the archive.
    """


class ImageChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change of several tags at the same time."""

    image: str
    address: str
    """The address of the history of the first of the tags."""
    tags: tuple[str, ...]
    since: Time
    reasons: tuple[ReasonCode, ...]
    summary: str


class SharedChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that several tags share, before it has the address of one of them."""

    tags: tuple[str, ...]
    first: str
    """The tag whose history has the row."""
    since: Time
    reasons: tuple[ReasonCode, ...]
    summary: str


class ChangeRows:
    """The rows of one repository. The cells of a change are computed once for all tags that share it."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._cells: dict[bytes, _Cells] = {}
        """By the key of a shared change."""

    def row(self, change: TagChange) -> ChangeRow:
        """The row of one change of one tag."""
        period, cells = change.period, self._cells_of(change)
        return ChangeRow(
            since=period.since,
            digest=period.digest,
            gone=period.gone,
            reasons=cells.reasons,
            summary=cells.summary,
            platforms=cells.platforms,
            source=_short_source(period.source),
            state=self._histories.store.number(period.digest),
        )

    def reasons(self, change: TagChange) -> tuple[ReasonCode, ...]:
        """The reasons of a change, without the rest of its row."""
        return self._cells_of(change).reasons

    def latest(self, count: int) -> list[SharedChangeRow]:
        """The last changes, newest first; tags with the same change at the same time share a row."""
        rows: dict[tuple[Time, Digest | None, str], list[tuple[str, TagChange]]] = defaultdict(list)
        for tag, changes in self._histories.changes.items():
            for change in changes[-count:]:
                period, summary = change.period, self._cells_of(change).summary
                rows[period.since, period.digest, summary].append((tag, change))
        newest = sorted(rows.items(), key=lambda row: row[0][0], reverse=True)[:count]
        return [
            SharedChangeRow(
                tags=tuple(newest_first(tag for tag, _ in found)),
                first=found[0][0],
                since=since,
                reasons=self._cells_of(found[0][1]).reasons,
                summary=summary,
            )
            for (since, _, summary), found in newest
        ]

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
