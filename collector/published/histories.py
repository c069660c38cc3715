"""Reads the bases that moved from the histories of a site."""

from __future__ import annotations

import msgspec

from collector.errors import InvalidValue, NotFound
from collector.lookup.tag_history import MovedBase
from collector.model.references import parse_repository, parse_tag
from collector.model.times import parse_time
from collector.pages.addresses import twin_path
from collector.pages.base_rows import BaseMoveRow
from collector.published.site_files import SiteFiles
from collector.releases import Release
from collector.releases.history_parts import part_path


class _ReleaseTwin(msgspec.Struct):
    states: list[int]
    bases: list[BaseMoveRow] = []


class _HistoryTwin(msgspec.Struct):
    releases: list[_ReleaseTwin]


def read_moved_bases(files: SiteFiles, tag_address: str, states: int, release: Release) -> tuple[MovedBase, ...]:
    """The bases that moved in a release.

    Args:
        files: of the site.
        tag_address: of the tag's page.
        states: the number of states of the tag.
        release: one of the tag.

    Raises:
        NotFound: the site leaves the history out, to stay within the limits of its host.
        RegistryError: the site does not answer, or its file is malformed or has no such release.
    """
    path = twin_path(f"{tag_address}{part_path(release.states[0], states)}")
    twin = files.get(path, _HistoryTwin)
    if twin is None:
        hint = "ask without --bases, or its archive with --archive DIR"
        raise NotFound(f"{files.address}: has no {path}, to stay within the limits of its host", hint=hint)
    found = next((one for one in twin.releases if one.states[:1] == [release.states[0]]), None)
    if found is None:
        raise files.fault(path, f"has no release that begins with state {release.states[0]}")
    arrived = tuple(dict.fromkeys(arrival.platform for arrival in release.arrivals))
    try:
        return tuple(_moved_base(row, arrived) for row in found.bases)
    except InvalidValue as error:
        raise files.fault(path, str(error)) from None


def _moved_base(row: BaseMoveRow, arrived: tuple[str, ...]) -> MovedBase:
    if not {*row.platforms} <= {*arrived}:
        raise InvalidValue("a base moved on a platform that the release did not reach")
    image, tag = parse_repository(row.image).familiar, parse_tag(row.tag)
    return MovedBase(image, tag, parse_time(row.since), row.platforms or arrived)
