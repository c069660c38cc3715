"""Records the values of pages as facts in the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from collector.archive.facts import ObservationFact, UnreadEntry
from collector.archive.page_dates import DateEncoder, Dates, PageDates
from collector.archive.writer import RepositoryWriter
from collector.classic.pages import Head
from collector.classic.sections import render_platform_line, render_section
from collector.importer.reader import ReadPage, ReadSection, UnreadSection
from collector.model.digests import Digest
from collector.model.images import Layer
from collector.model.times import Time

_Sections = tuple[ReadSection | UnreadSection, ...]
ReadText = Callable[[], bytes | None]
"""Returns the exact bytes of a page, for the few pages that must be kept."""


class Recorded(NamedTuple):
    """The outcome for one page."""

    is_new: bool
    is_kept: bool
    """Whether the text of the page or of a section was kept beside the facts."""
    problem: str = ""
    """Why the page was not understood."""


class _Stated(NamedTuple):
    """The records for the content of a page; pages with the same content share them."""

    is_exact: bool = True
    """Whether the facts of the archive reproduce the head and the order of the page."""
    kept: dict[str, str] | None = None
    """Ids of the texts of sections that had to be kept, by their place."""
    dates: PageDates = PageDates()
    problem: str = ""
    """Why the page cannot be true."""


class _Kept(NamedTuple):
    """The parts of a section that the archive keeps beside its facts."""

    text: str | None = None
    """The id of its text, if the text had to be kept."""
    dates: Dates = MappingProxyType({})
    """The place of a layer in the section → its date, where that differs from the one in the layer's fact."""


def _dates_on_page(sections: _Sections, kept: Sequence[_Kept]) -> PageDates:
    """The dates of the layers in all sections that were read."""
    if not any(one.dates for one in kept):
        return PageDates()
    other: dict[int, Time | None] = {}
    dates: list[Time | None] = []
    for read, one in zip(sections, kept, strict=True):
        other |= {len(dates) + place: date for place, date in one.dates.items()}
        dates += [layer.last_modified for layer in read.section.layers] if isinstance(read, ReadSection) else []
    return PageDates(other, dates)


class Recorder:
    """Records the pages of one repository, in the order of time.

    The first facts about a digest stay. If the facts do not reproduce a page or a section byte for byte, its text is
    kept, too.
    """

    def __init__(self, name: str, writer: RepositoryWriter) -> None:
        self._name = name
        self._writer = writer
        self._dates = DateEncoder(writer.holdings)
        self._kept: dict[int, _Kept] = {}
        """The identity of a read section → what was kept of it."""
        self._stated: dict[tuple[Digest, str | None, tuple[int, ...]], _Stated] = {}
        """The digest, its media type, and the identities of the read sections below it → what the pages state."""

    def record_removal(self, tag: str, seen: Time, source: str) -> bool:
        """Add the observation that a page was deleted; returns whether it is new."""
        return self._writer.observe(ObservationFact(tag=tag, time=seen, source=source, gone="removed"))

    def record(self, tag: str, seen: Time, source: str, page: ReadPage, read_text: ReadText) -> Recorded:
        """Add the observation of a page."""
        head = page.head
        stated = self._state(seen, head, head.digest, page.sections) if head and head.digest else _Stated()
        if stated.problem:
            head = None
        is_exact = page.is_exact and stated.is_exact
        text = read_text() if page.is_file and not is_exact else None
        dates, dates_as = (None, None) if text is not None else self._dates.encode(tag, seen, stated.dates)
        is_new = self._writer.observe(
            ObservationFact(
                tag=tag,
                time=seen,
                source=source,
                digest=head.digest if head else None,
                gone="missing" if head and head.digest is None else None,
                page=self._writer.add_text(seen, text) if text is not None else None,
                sections=stated.kept,
                form="counted" if head and head.counted else None,
                dates=dates,
                dates_as=dates_as,
            )
        )
        return Recorded(is_new, text is not None or stated.kept is not None, page.problem or stated.problem)

    def _state(self, seen: Time, head: Head, digest: Digest, sections: _Sections) -> _Stated:
        """Record what a page states about its digest, once."""
        key = (digest, head.media_type, tuple(map(id, sections)))
        stated = self._stated.get(key)
        if stated is None:
            problem = self._contradiction(head, digest, sections)
            if problem:  # not shared: the next page may contradict more
                return _Stated(is_exact=False, problem=problem)
            kept = [self._keep(seen, read) for read in sections]
            texts = {str(place): one.text for place, one in enumerate(kept) if one.text is not None}
            is_exact = self._add_digest(seen, head, digest, sections)
            stated = self._stated[key] = _Stated(is_exact, texts or None, _dates_on_page(sections, kept))
        return stated

    def _contradiction(self, head: Head, digest: Digest, sections: _Sections) -> str:
        """The contradiction between a page and the archive, if any: a digest cannot be an index and also a manifest."""
        manifests = {read.manifest for read in sections if isinstance(read, ReadSection)}
        indexes = {digest} if head.media_type else set()
        held = self._writer.holdings
        both = (
            (manifests & indexes)
            | {digest for digest in manifests if digest in held.indexes}
            | {digest for digest in indexes if digest in held.manifests}
        )
        return f"{min(both)} is stated to be an index and also a manifest" if both else ""

    def _keep(self, seen: Time, read: ReadSection | UnreadSection) -> _Kept:
        """Record the facts of a section; keep its text if the archive's facts do not give it back."""
        if isinstance(read, UnreadSection):
            return _Kept(self._writer.add_text(seen, read.raw))
        if id(read) not in self._kept:
            section = read.section
            layers = tuple(layer.digest for layer in section.layers)
            dates, agrees = self._add_layers(seen, section.layers)
            agrees.append(self._writer.add_config(seen, section.config))
            agrees.append(
                self._writer.add_manifest(seen, read.manifest, section.media_type, section.config.digest, layers)
            )
            raw = read.raw if read.raw is not None or all(agrees) else render_section(self._name, section)
            self._kept[id(read)] = (
                _Kept(dates=dates) if raw is None else _Kept(self._writer.add_text(seen, raw.encode()))
            )
        return self._kept[id(read)]

    def _add_layers(self, seen: Time, layers: tuple[Layer, ...]) -> tuple[Dates, list[bool]]:
        """Record layers; returns the dates that differ, by place, and for each layer whether it otherwise equals its
        fact.
        """
        dates: dict[int, Time | None] = {}
        agrees = []
        for place, layer in enumerate(layers):
            is_equal = self._writer.add_layer(seen, layer)
            known = self._writer.holdings.layers[layer.digest]
            if not is_equal and msgspec.structs.replace(known, last_modified=layer.last_modified) == layer:
                dates[place] = layer.last_modified
                is_equal = True
            agrees.append(is_equal)
        return dates, agrees

    def _add_digest(self, seen: Time, head: Head, digest: Digest, sections: _Sections) -> bool:
        """Record the object of a digest; returns whether the archive's facts give the page's head and order back."""
        if head.media_type:
            manifests = ((read.manifest, read.section.platform) for read in sections if isinstance(read, ReadSection))
            unread = (
                UnreadEntry(place=place, platform=read.platform)
                for place, read in enumerate(sections)
                if isinstance(read, UnreadSection)
            )
            return self._writer.add_index(seen, digest, head.media_type, tuple(manifests), tuple(unread))
        # The platform of a single manifest comes from its config, which the archive may have with another platform.
        image = self._writer.holdings.image(digest)
        return image is not None and render_platform_line(image.platform) == head.platforms[0]
