"""The look-up of the tags that are, or once were, a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.hashed_files import count_digits, iter_hashed_files
from collector.pages.repository_context import RepositoryContext
from collector.releases.version_spans import MAX_ROWS, MAX_TAGS, TagReleases, version_key, version_order, version_spans

FOLDER = "api/v1/versions"


class VersionUse(msgspec.Struct, frozen=True, array_like=True):
    """Tags of an image that became a version together."""

    version: str
    """The version as the image states it: `1.13.8-1~stretch`."""
    variable: str
    """The variable that states it: `PYTHON_VERSION`. Of several that agree, that of the image's name, or the first."""
    image: str
    tags: str
    """The tags, those with the fewest words first: `3.6` before `3.6-slim`; the first 8, separated by spaces."""
    ever: int
    """The number of tags."""
    since: Time
    until: Time | None
    """The time at which they became another version, or were gone; null: they still are this version."""
    address: str
    """The address of the release that brought it, in the history of the first tag."""


VersionsFile = dict[str, tuple[VersionUse, ...]]
"""The number at the beginning of a version, as `1.13.8` → its uses."""


def version_uses(context: RepositoryContext) -> tuple[VersionUse, ...]:
    """Every version that a tag became, or that it was before a release moved it."""
    return tuple(
        VersionUse(
            version=span.version,
            variable=span.variable,
            image=context.image,
            tags=" ".join(span.tags[:MAX_TAGS]),
            ever=len(span.tags),
            since=span.since,
            until=span.until,
            address=f"{context.history_address(span.tags[0]).partition('#')[0]}#{span.name}",
        )
        for span in version_spans(context.image, _histories(context))
    )


def _histories(context: RepositoryContext) -> Iterator[TagReleases]:
    for tag, changes in context.histories.changes.items():
        last = changes[-1].period
        yield TagReleases(
            tag, context.histories.releases(tag), context.releases.anchors(tag), None if last.digest else last.since
        )


def version_assets(uses: Iterable[VersionUse]) -> tuple[int, Iterator[Asset]]:
    """The files of the look-up by version, and the number of digits that name one."""
    by_key: dict[str, list[VersionUse]] = defaultdict(list)
    for use in uses:
        by_key[version_key(use.version)].append(use)
    contents = {key: msgspec.json.encode(_first_rows(key, found)) for key, found in sorted(by_key.items())}
    digits = count_digits(contents)
    return digits, iter_hashed_files(FOLDER, contents, digits)


def _first_rows(key: str, uses: Iterable[VersionUse]) -> list[VersionUse]:
    return sorted(
        uses,
        key=lambda use: version_order(
            key,
            version=use.version,
            variable=use.variable,
            image=use.image,
            tag=use.tags.partition(" ")[0],
            count=use.ever,
            since=use.since,
        ),
    )[:MAX_ROWS]
