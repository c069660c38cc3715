"""The timeline of a tag as lines of text, which the site draws: releases, platforms, and the size of one platform.

    page history/
    release 2017-12-21T03:57:00Z version r-33a5a60a9a15 PYTHON_VERSION 3.6.3 → 3.6.4
    platform 2017-12-21T03:57:00Z=0 2018-01-02T09:00:00Z=behind 2018-01-03T01:00:00Z=absent linux/amd64
    size 2017-12-21T03:57:00Z=54801234 2018-01-03T01:00:00Z=- linux/amd64

A platform has an image of the release with that number from the moment on; `behind`: a newer release is there, and the
platform does not have it; `absent`: the tag has no image for it, and none is awaited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.model.images import Image
from collector.model.times import Time
from collector.pages.histories import Histories, TagChange
from collector.pages.plain_text import cut, one_line
from collector.pages.release_rows import ReleaseRows
from collector.releases import Release
from collector.releases.release import Arrival

MAX_RELEASES = 120
"""The number of releases that are drawn: the newest ones."""
_MIN_RELEASES = 4
"""The number of releases from which on a timeline is drawn. Fewer are easier to read as text."""
_MAX_PLATFORMS = 12
_MAX_NAME = 40
_MAX_TEXT = 40

Marks = list[tuple[Time, str]]


class Timelines:
    """The timelines of one repository's tags."""

    def __init__(self, histories: Histories, rows: ReleaseRows) -> None:
        self._histories = histories
        self._rows = rows
        self._known: dict[tuple[int, str], str] = {}
        """Identity of the releases (which tags with the same history share) and address of the page → the timeline."""

    def lines(self, tag: str, page: str = "", most: int = MAX_RELEASES) -> str:
        """The timeline of a tag; empty if it has few releases.

        Args:
            tag: its name.
            page: the relative address of the page that lists the releases; empty: the page of the timeline itself.
            most: of so many releases, the newest.
        """
        releases = self._histories.releases(tag)
        if len(releases) < _MIN_RELEASES:
            return ""
        key = id(releases), page
        if key not in self._known:
            self._known[key] = "\n".join([f"page {page}".rstrip(), *self._iter_lines(tag, releases[-most:])])
        return self._known[key]

    def _iter_lines(self, tag: str, releases: Sequence[Release]) -> Iterator[str]:
        anchors = self._rows.anchors(tag)
        for release in releases:
            text = cut(one_line(self._rows.text(release)), _MAX_TEXT)
            yield f"release {release.since} {release.cause} {anchors[release.states[0]]} {text}"
        changes = self._histories.changes[tag][releases[0].states[0] :]
        lanes = _Lanes(releases)
        for place, change in enumerate(changes, start=releases[0].states[0]):
            lanes.add(place, change, self._present(change))
        names = self._histories.platform_names(tag)
        for slug, marks in lanes.ordered():
            yield f"platform {_joined(marks)} {_name(names.get(slug, slug))}"
        yield from self._size(changes, lanes.main, names)

    def _present(self, change: TagChange) -> frozenset[str] | None:
        """The platforms of a state; None if the tag has some that are not known."""
        images = self._histories.images(change.period.digest)
        if images is not None:
            return frozenset(images)
        return frozenset() if change.period.gone else None

    def _size(self, changes: Sequence[TagChange], slug: str, names: Mapping[str, str]) -> Iterator[str]:
        marks: Marks = []
        last: Image | None = None
        for change in changes:
            images = self._histories.images(change.period.digest)
            image = images.get(slug) if images else None
            if marks and image is last:
                continue
            last, size = image, str(image.size) if image else "-"
            if not marks or marks[-1][1] != size:
                marks.append((change.period.since, size))
        if any(size != "-" for _, size in marks):
            yield f"size {_joined(marks)} {_name(names.get(slug, slug))}"


class _Lanes:
    """The release of each platform at each moment."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self._arrivals: dict[int, list[tuple[int, Arrival]]] = {}
        self._opened: dict[int, list[Release]] = {}
        for number, release in enumerate(releases):
            self._opened.setdefault(release.states[0], []).append(release)
            for arrival in release.arrivals:
                self._arrivals.setdefault(arrival.state, []).append((number, arrival))
        self._marks: dict[str, Marks] = {}
        self._has: dict[str, int] = {}
        """Platform → the number of the release of its image."""
        self._had: dict[str, int] = {}
        """The same for absent platforms."""

    def add(self, place: int, change: TagChange, present: frozenset[str] | None) -> None:
        """Adds the state with this number. `present`: its platforms; None if they are not known."""
        since = change.period.since
        arrived = self._arrivals.get(place, ())
        for number, arrival in arrived:
            self._enter(arrival, number, since, present or frozenset())
        if present is not None:
            for slug in self._has.keys() - present:
                self._had[slug] = self._has.pop(slug)
                self._marks[slug].append((since, "absent"))
            for slug in self._had.keys() & present:
                self._has[slug] = number = self._had.pop(slug)
                self._marks[slug].append((since, str(number)))
        self._wait(since, self._opened.get(place, ()), {arrival.platform for _, arrival in arrived})

    def _wait(self, since: Time, opened: Sequence[Release], arrived: set[str]) -> None:
        """Records the platforms that do not have the release that begins."""
        concerned = {one.platform for release in opened for one in release.platforms if one.progress != "dropped"}
        for slug in sorted(concerned & self._marks.keys() - arrived):
            marks = self._marks[slug]
            if marks[-1] == (since, "absent"):
                marks.pop()
            if not marks or marks[-1][1] != "behind":
                marks.append((since, "behind"))

    def _enter(self, arrival: Arrival, number: int, since: Time, present: frozenset[str]) -> None:
        slug = arrival.platform
        if slug not in self._marks:
            self._marks[slug] = self._renamed(arrival, present)
        self._had.pop(slug, None)
        self._has[slug] = number
        marks = self._marks[slug]
        # A state may bring a platform images of several releases: the last is that of its newest image.
        if marks and marks[-1][0] == since:
            marks.pop()
        marks.append((since, str(number)))

    def _renamed(self, arrival: Arrival, present: frozenset[str]) -> Marks:
        """The lane of the platform's earlier spelling, if a variant or a version of Windows has been named since."""
        if arrival.kind == "changed":
            system = "-".join(arrival.platform.split("-")[:2])
            old = [slug for slug in self._has.keys() - present if slug.startswith(system)]
            if len(old) == 1:
                del self._has[old[0]]
                return self._marks.pop(old[0])
        return []

    def ordered(self) -> Iterator[tuple[str, Marks]]:
        """The present platforms first, with linux/amd64 before all others; only the first of very many."""
        slugs = sorted(self._marks, key=lambda slug: (slug not in self._has, slug != self.main, slug))
        for slug in slugs[:_MAX_PLATFORMS]:
            yield slug, self._marks[slug]

    @property
    def main(self) -> str:
        """The platform whose size is drawn."""
        here = self._has or self._marks
        return "linux-amd64" if "linux-amd64" in here else min(here, default="")


def _joined(marks: Marks) -> str:
    return " ".join(f"{moment}={what}" for moment, what in marks)


def _name(name: str) -> str:
    return cut(one_line(name), _MAX_NAME) or "-"
