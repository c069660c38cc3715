"""Timelines: the picture of a tag's history, drawn from the lines of `collector.pages.timeline`.

A lane for each platform, a band for each image in the form of its release's cause, dashes while a newer release has not
reached the platform, and below the lanes the size from zero on. A band leads to its release. The table of releases
has the same facts as text, so the picture is hidden from screen readers and from the Tab key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from collector.model.sizes import render_size
from collector.model.times import Time, seconds_of
from collector.site.time_axis import TICK_SPACE, WIDTH, Axis

_START, _END = '<pre><code class="language-timeline">', "</code></pre>"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_PAGE = re.compile(r"page(?: ([\w./-]+))?\Z", re.ASCII)
_RELEASE = re.compile(rf"release ({_TIME}) ([a-z-]+) (r-[0-9a-f-]+) (.*)\Z", re.ASCII)
_PLATFORM = re.compile(rf"platform ((?:{_TIME}=(?:\d+|behind|absent) )+)(.+)\Z", re.ASCII)
_SIZE = re.compile(rf"size ((?:{_TIME}=(?:\d+|-) )+)(.+)\Z", re.ASCII)

_LANE, _BAND = 16, 10
"""The heights of a lane, and of the band in its middle, which the style sheet has as the width of its line."""
_CHART = 44
_MIN_WIDTH = 3
"""In thousandths of the picture's width, so that even a short band can be pointed at."""
_PLATFORM_FORM = ("p", "platform")
"""The only one that is an outline."""
_FORMS = {
    "version": ("v", "version"),
    "steps": ("s", "steps"),
    "base": ("b", "base"),
    "root-filesystem": ("b", "base"),
    "new-platform": _PLATFORM_FORM,
    "platform-back": _PLATFORM_FORM,
    "first-seen": ("f", "first seen, or back"),
    "back": ("f", "first seen, or back"),
}
"""The class of the form of each cause, and its word."""
_OTHER = ("o", "other")
"""The form of every other cause."""
FORM_WORDS = tuple(dict.fromkeys([*_FORMS.values(), _OTHER]))
"""Every form, each once."""

Marks = list[tuple[int, str]]


class _Release(msgspec.Struct, frozen=True, gc=False):
    day: str
    cause: str
    anchor: str
    text: str

    @property
    def form(self) -> tuple[str, str]:
        return _FORMS.get(self.cause, _OTHER)


class _Timeline(msgspec.Struct, kw_only=True):
    """The content of a block. Texts are HTML."""

    page: str
    releases: list[_Release]
    platforms: list[tuple[str, Marks]]
    size: tuple[str, Marks] | None = None


@lru_cache(256)
def form_of(word: str) -> str:
    """The class of the form of a release with this label."""
    if "platform" in word:
        return _PLATFORM_FORM[0]
    return {"first seen": "f", "back": "f"}.get(word) or _FORMS.get(word, _OTHER)[0]


def with_timelines(html: str) -> str:
    """Replaces each timeline by its picture."""
    above, *blocks = html.split(_START)
    return "".join([above, *map(_with_picture, blocks)]) if blocks else html


def _with_picture(html: str) -> str:
    """`html`: a timeline after the start of its block, with what follows the block."""
    lines, end, below = html.partition(_END)
    return f"{draw(lines) or f'{_START}{lines}{end}'}{below}"


@lru_cache(256)
def draw(data: str) -> str:
    """The picture of a timeline; empty if the lines are not those of one."""
    found = _parse(data.strip("\n").split("\n"))
    return _render(found) if found else ""


def _parse(lines: Sequence[str]) -> _Timeline | None:
    page = _PAGE.match(lines[0])
    if page is None:
        return None
    found = _Timeline(page=page[1] or "", releases=[], platforms=[])
    for line in lines[1:]:
        if release := _RELEASE.match(line):
            found.releases.append(_Release(release[1][:10], release[2], release[3], release[4]))
        elif platform := _PLATFORM.match(line):
            found.platforms.append((platform[2], _marks(platform[1])))
        elif size := _SIZE.match(line):
            found.size = size[2], _marks(size[1])
        else:
            return None
    count = len(found.releases)
    numbers = (what for _, marks in found.platforms for _, what in marks if what.isdigit())
    return found if found.platforms and all(int(number) < count for number in numbers) else None


def _marks(text: str) -> Marks:
    pairs = (token.split("=") for token in text.split())
    return [(seconds_of(Time(moment)) or 0, what) for moment, what in pairs]


def _render(found: _Timeline) -> str:
    moments = [moment for _, marks in found.platforms for moment, _ in marks]
    axis = Axis(min(moments), max(moments))
    lanes = _LANE * len(found.platforms)
    chart = _CHART if found.size else 0
    height = lanes + chart + TICK_SPACE
    bands, waiting, ends = _bands(found, axis)
    pictures = [
        f'<path class=g d="{"".join(f"M{x} 0V{lanes + chart}" for x, _ in axis.ticks)}"/>',
        *_links(found, bands),
        f'<path class=w d="{waiting}"/>' if waiting else "",
        f'<path class=e d="{ends}"/>' if ends else "",
    ]
    names = [f"<li>{name}" for name, _ in found.platforms]
    texts = "".join(f'<text x="{x / 10:g}%" y="{height - 3}">{words}</text>' for x, words in axis.ticks)
    if found.size:
        line, most = _size_line(found.size[1], axis, lanes)
        pictures.append(f'<path class=z d="{line}"/>')
        names.append(f"<li class=n>Size: 0 to {render_size(most)}, {found.size[0]}")
    key = "".join(f"<li class={form}>{word}" for form, word in _used(found, waiting, ends))
    return (
        f'<div class="ri-time" aria-hidden="true"><ul>{"".join(names)}</ul>'
        f'<svg height="{height}"><svg viewBox="0 0 1000 {height}" preserveAspectRatio="none">{"".join(pictures)}'
        f'</svg>{texts}</svg><ul class="k">{key}</ul></div>'
    )


def _bands(found: _Timeline, axis: Axis) -> tuple[list[list[str]], str, str]:
    """The paths of each release's bands, of platforms that wait, and of ends."""
    bands: list[list[str]] = [[] for _ in found.releases]
    waiting, ends = [], []
    are_outlined = [release.form is _PLATFORM_FORM for release in found.releases]
    for number, (_, marks) in enumerate(found.platforms):
        middle = number * _LANE + _LANE // 2
        places = [axis.place(moment) for moment, _ in marks]
        for (_, what), start, stop in zip(marks, places, [*places[1:], WIDTH], strict=True):
            width = stop - start
            if what.isdigit():
                release = int(what)
                outline = f"v{_BAND}H{start}z" if are_outlined[release] else ""
                top = middle - _BAND // 2 if outline else middle
                bands[release].append(f"M{start} {top}h{max(width, _MIN_WIDTH)}{outline}")
            elif what == "behind" and width >= _MIN_WIDTH:
                waiting.append(f"M{start} {middle}h{width}")
        if marks[-1][1] == "absent":
            ends.append(f"M{places[-1]} {middle - 6}v12")
    return bands, "".join(waiting), "".join(ends)


def _links(found: _Timeline, bands: Sequence[list[str]]) -> Iterator[str]:
    for release, paths in zip(found.releases, bands, strict=True):
        if paths:
            form, _ = release.form
            yield (
                f"<a href={found.page}#{release.anchor} tabindex=-1><title>{release.day} {release.text}</title>"
                f'<path class={form} d="{"".join(paths)}"/></a>'
            )


def _used(found: _Timeline, waiting: str, ends: str) -> Iterator[tuple[str, str]]:
    """The forms in the picture, with their words."""
    drawn = {what for _, marks in found.platforms for _, what in marks if what.isdigit()}
    used = {found.releases[int(number)].form for number in drawn}
    yield from (form for form in FORM_WORDS if form in used)
    if waiting:
        yield "w", "waits for the newest"
    if ends:
        yield "e", "gone"


def _size_line(marks: Marks, axis: Axis, top: int) -> tuple[str, int]:
    """An area from zero to the size, and the largest size."""
    most = max((int(size) for _, size in marks if size != "-"), default=0)
    bottom = top + _CHART
    line, last = "", bottom
    for moment, size in marks:
        up = bottom if size == "-" else bottom - round(int(size) * (_CHART - 6) / max(most, 1))
        if up != last:
            line += f"H{axis.place(moment)}V{up}"
            last = up
    return f"M0 {bottom}{line}H1000V{bottom}", most
