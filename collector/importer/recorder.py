"""From the values of a page to facts in the archive."""

from __future__ import annotations

from collector.archive.facts import ObservationFact
from collector.archive.writer import RepositoryWriter
from collector.classic.pages import render_page
from collector.classic.sections import render_section
from collector.importer.reader import ReadPage, ReadSection
from collector.model.times import Time


class Recorder:
    """Records the pages of one repository, in the order of time."""

    def __init__(self, name: str, writer: RepositoryWriter) -> None:
        self._name = name
        self._writer = writer
        self._kept: dict[int, str | None] = {}
        """By the identity of a read section: the id of its text, where that had to be kept."""

    def record(self, tag: str, seen: Time, source: str, page: ReadPage | None) -> bool:
        """Add an observation of a page, or of its deletion (None). True where text had to be kept."""
        if page is None:
            self._writer.observe(ObservationFact(tag=tag, time=seen, source=source, gone="removed"))
            return False
        head = page.head
        sections = {str(place): kept for place, read in enumerate(page.sections) if (kept := self._record(seen, read))}
        agrees = True
        if head and head.digest and head.media_type:
            manifests = tuple((read.manifest, read.section.platform) for read in page.sections)
            agrees = self._writer.add_index(seen, head.digest, head.media_type, manifests)
        text = page.raw if page.raw is not None or agrees else self._render(tag, page)
        self._writer.observe(
            ObservationFact(
                tag=tag,
                time=seen,
                source=source,
                digest=head.digest if head else None,
                gone="missing" if head and head.digest is None else None,
                page=self._writer.add_text(seen, text) if text is not None else None,
                sections=sections or None,
                form="counted" if head and head.counted else None,
            )
        )
        return text is not None or bool(sections)

    def _record(self, seen: Time, read: ReadSection) -> str | None:
        """Record a section's facts; keep its text where the archive's facts would not give it back."""
        if id(read) not in self._kept:
            section = read.section
            layers = tuple(layer.digest for layer in section.layers)
            agrees = [self._writer.add_layer(seen, layer) for layer in section.layers]
            agrees.append(self._writer.add_config(seen, section.config))
            agrees.append(
                self._writer.add_manifest(seen, read.manifest, section.media_type, section.config.digest, layers)
            )
            raw = read.raw if read.raw is not None or all(agrees) else render_section(self._name, section)
            self._kept[id(read)] = None if raw is None else self._writer.add_text(seen, raw.encode())
        return self._kept[id(read)]

    def _render(self, tag: str, page: ReadPage) -> bytes:
        """The page again, from its own values; the reader made sure that this gives its bytes."""
        assert page.head is not None
        texts = (read.raw or render_section(self._name, read.section) for read in page.sections)
        return render_page(self._name, tag, page.head, texts).encode()
