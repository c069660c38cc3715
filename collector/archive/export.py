"""The classic Markdown tree as it stood at a moment, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from collector.archive.facts import PAGE_SOURCE, ObservationFact, UnreadEntry
from collector.archive.holdings import Holdings
from collector.archive.page_dates import Dates, dates_of
from collector.classic.pages import Head, render_page
from collector.classic.sections import Section, render_platform_line, render_section
from collector.errors import ArchiveError
from collector.model.digests import Digest
from collector.model.documents import DOCKER_MANIFEST, OCI_MANIFEST
from collector.model.images import Image, MediaType, State
from collector.model.times import Time

_ANY_BYTES = "surrogateescape"
"""A kept section may contain bytes that are not UTF-8."""


class ClassicExporter:
    """Renders the classic pages of one repository. A section that several pages share is rendered once."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._name = holdings.repository.familiar
        self._sections: dict[tuple[Digest, bool, bool], str] = {}

    def iter_pages(self, as_of: Time | None = None) -> Iterator[tuple[str, bytes]]:
        """Each tag with its page as of a moment (None: the newest). Tags that had no page then are left out.

        Raises:
            ArchiveError: the archive lacks a part of what the page needs.
        """
        for tag in self._holdings.tags:
            seen = observation_at(self._holdings, tag, as_of)
            page = self.page(seen) if seen else None
            if page is not None:
                yield tag, page

    def page(self, seen: ObservationFact) -> bytes | None:
        """The page from which an observation was made; None if the page was deleted or never read.

        Raises:
            ArchiveError: the archive lacks a part of what the page needs.
        """
        if seen.page is not None:
            return self._text(seen.page)
        if seen.gone == "removed" or (seen.digest is None and seen.gone is None):
            return None
        if seen.digest is None:
            return render_page(self._name, seen.tag, Head(digest=None), ()).encode()
        is_page = seen.source.startswith(PAGE_SOURCE)
        state = (self._holdings.state_on_pages if is_page else self._holdings.state)(seen.digest)
        if state is None:
            raise ArchiveError(
                f"{self._name}:{seen.tag} at {seen.time}: the archive lacks a part of {seen.digest}",
                hint="run `repo-info verify` to see which",
            )
        entries = self._entries(state, is_page=is_page)
        head = Head(
            digest=state.digest,
            media_type=state.media_type if state.is_index else None,
            platforms=tuple(
                entry.platform if isinstance(entry, UnreadEntry) else render_platform_line(entry.platform)
                for entry in entries
            ),
            counted=seen.form == "counted" or not is_page,
        )
        sections = self._iter_sections(seen, entries, is_in_index=state.is_index, is_page=is_page)
        return render_page(self._name, seen.tag, head, sections).encode(errors=_ANY_BYTES)

    def _entries(self, state: State, *, is_page: bool) -> list[Image | UnreadEntry]:
        """The entries that have a section on the page, in its order."""
        entries: list[Image | UnreadEntry] = [*state.all_images]
        index = self._holdings.indexes.get(state.digest) if is_page else None
        for unread in sorted(index.unread if index else (), key=lambda unread: unread.place):
            entries.insert(unread.place, unread)
        return entries

    def _iter_sections(
        self, seen: ObservationFact, entries: Sequence[Image | UnreadEntry], *, is_in_index: bool, is_page: bool
    ) -> Iterator[str]:
        kept = seen.sections or {}
        dates = dates_of(self._holdings, seen)
        first = 0
        for place, entry in enumerate(entries):
            if str(place) in kept:
                yield self._text(kept[str(place)]).decode(errors=_ANY_BYTES)
            elif isinstance(entry, UnreadEntry):
                message = f"{self._name}:{seen.tag} at {seen.time}: the archive lacks the text for {entry.platform}"
                raise ArchiveError(message, hint="repeat the run that wrote it, such as `repo-info import`")
            else:
                own = {layer - first: date for layer, date in dates.items() if layer >= first} if dates else {}
                yield self._section(entry, own, is_in_index=is_in_index, is_page=is_page)
            first += len(entry.layers) if isinstance(entry, Image) else 0

    def _section(self, image: Image, dates: Dates, *, is_in_index: bool, is_page: bool) -> str:
        layers = tuple(
            msgspec.structs.replace(layer, last_modified=dates[place]) if place in dates else layer
            for place, layer in enumerate(image.layers)
        )
        key = (image.manifest, is_in_index, is_page)
        if layers == image.layers and key in self._sections:
            return self._sections[key]
        section = Section(
            platform=image.platform,
            digest=image.manifest if is_in_index else None,
            media_type=image.media_type if is_page else _classic_type(image.media_type),
            config=image.config,
            layers=layers,
        )
        text = render_section(self._name, section)
        if layers == image.layers:
            self._sections[key] = text
        return text

    def _text(self, text_id: str) -> bytes:
        fact = self._holdings.texts.get(text_id)
        if fact is None:
            hint = "run `repo-info verify` to see what else"
            raise ArchiveError(f"{self._name}: the archive lacks the kept text {text_id}", hint=hint)
        return fact.content


def _classic_type(media_type: MediaType) -> MediaType:
    """repo-info shows OCI manifests under Docker's type. That is a mistake, but readers of its pages expect it."""
    return DOCKER_MANIFEST if media_type == OCI_MANIFEST else media_type


def observation_at(holdings: Holdings, tag: str, as_of: Time | None = None) -> ObservationFact | None:
    """The last observation of a tag up to a moment."""
    found = None
    for seen in holdings.observations.get(tag, ()):
        if as_of is not None and seen.time > as_of:
            break
        found = seen
    return found
