"""Look-ups in a real Chromium, of digests and of names: on a site of a real archive's size, and on a large one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.bench import Bench
from benchmarks.measurements import full_build, growth
from benchmarks.multiplied import multiply
from benchmarks.reader import Readers, chromium
from benchmarks.rows import Row, judge_limit, not_measured
from benchmarks.scales import Load, sum_up
from benchmarks.units import KB, render_kb
from collector.errors import RepoInfoError
from collector.pages.search_indexes import NameIndex
from tests.support.chromium import find_chromium

DIGEST = "look-up of a digest in Chromium"
NAME = "search for a name in Chromium"

_DIGESTS_OF = (220_000, 5_000_000)
_TAGS_OF = 32_000
"""Tags of the larger archive, and digests of the measured indexes; for fewer tags, in proportion."""
_MOST_REQUESTS = 2
_MOST_BYTES = 30 * KB
_NAMES = "/api/v1/names.json"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look-up, on a separate visit."""

    milliseconds: float
    """From the last key to the answer shown."""
    asked: Load
    """What was loaded for this look-up."""
    names: Load
    """The index of names, which is loaded when the box gets the focus."""


def measure(bench: Bench) -> Iterator[Row]:
    """Digests on multiplied sites, names on the sites of the growth measurement."""
    program = find_chromium(os.environ)
    if not program:
        for what in (DIGEST, NAME):
            yield not_measured(what, "there is no Chromium: set REPO_INFO_CHROMIUM, or install the package chromium")
        return
    small, large = (growth.build(bench, tags) for tags in growth.sizes(bench))
    with chromium(program, bench.quiet_for) as readers:
        known = [_look_up_digests(bench, readers, small, count * bench.tags // _TAGS_OF) for count in _DIGESTS_OF]
        yield from render_digests(known)
        yield from render_names([search_names(readers, site, bench.lookups) for site in (small, large)])


def _look_up_digests(bench: Bench, readers: Readers, template: Path, digests: int) -> tuple[int, list[Look]]:
    bench.say(f"an index of {digests:,} digests, and Chromium {readers.version}")
    site = bench.folder / f"{digests}-digests"
    made = multiply(template, site, digests=digests, sought=bench.lookups)
    return made.digests, [look(readers, site, one.digest, one.address) for one in made.sought]


def search_names(readers: Readers, site: Path, lookups: int) -> tuple[int, list[Look]]:
    """The number of tags of a site, including gone ones, and some searches for names from all parts of it."""
    index = msgspec.json.decode((site / _NAMES.lstrip("/")).read_bytes(), type=NameIndex)
    images = [index.images[place * len(index.images) // lookups] for place in range(lookups)]
    tags = sum(len(image.tags.split()) + len(image.gone.split()) for image in index.images)
    names = [(image, (image.tags or image.gone).split()) for image in images]
    # As words: these may be of the image or of the tag, and are looked for in each of both.
    looks = [
        look(readers, site, f"{image.name} {of_image[len(of_image) // 2]}", image.address) for image, of_image in names
    ]
    return tags, looks


def look(readers: Readers, site: Path, query: str, wanted: str) -> Look:
    """Put a query into the search box of the home page.

    Raises:
        RepoInfoError: the first result does not lead to an address below `wanted`.
    """
    with readers.reading(site) as reader:
        reader.open("")
        before = len(reader.answers)
        milliseconds, results = reader.time(full_build.TOOL.box, query) if full_build.TOOL.box else (None, [])
        loaded = reader.answers[before:]
    if milliseconds is None or not results[0].startswith(wanted):
        raise RepoInfoError(f"{query}: expected {wanted}, found {', '.join(results[:1]) or 'nothing'}")
    return Look(
        milliseconds=milliseconds,
        asked=sum_up(each for each in loaded if each.path.startswith("/api/") and each.path != _NAMES),
        names=sum_up(each for each in loaded if each.path == _NAMES),
    )


def render_digests(known: Sequence[tuple[int, Sequence[Look]]]) -> Iterator[Row]:
    """Rows of indexes of some sizes, the first of which the others are compared with."""
    for digests, looks in known:
        what = f"{DIGEST}, {digests:,} digests"
        requests = max(one.asked.requests for one in looks)
        yield judge_limit(f"{what}: requests", str(requests), requests, _MOST_REQUESTS, str(_MOST_REQUESTS))
        sent, whole = (_spread(values) for values in zip(*((_weights(one.asked)) for one in looks), strict=True))
        most = max(one.asked.gzipped for one in looks)
        text = f"{sent}; before they are compressed {whole}"
        yield judge_limit(f"{what}: bytes sent", text, most, _MOST_BYTES, render_kb(_MOST_BYTES))
    yield from _render_times(DIGEST, [(f"{digests:,} digests", looks) for digests, looks in known])


def render_names(known: Sequence[tuple[int, Sequence[Look]]]) -> Iterator[Row]:
    """Rows of names of some numbers of tags, the first of which the others are compared with."""
    for tags, looks in known:
        sent, whole = _weights(looks[0].names)
        requests = max(one.asked.requests for one in looks)
        text = f"{requests} requests; before, once a visit, {render_kb(sent)} of names ({render_kb(whole)})"
        yield Row(what=f"{NAME}, {tags:,} tags: what is loaded", measured=text)
    yield from _render_times(NAME, [(f"{tags:,} tags", looks) for tags, looks in known])


def _render_times(what: str, known: Sequence[tuple[str, Sequence[Look]]]) -> Iterator[Row]:
    (of, first), *_ = known
    base = median(one.milliseconds for one in first)
    for where, looks in known:
        middle = median(one.milliseconds for one in looks)
        compared = "" if where == of else f"{middle / base:.2f} × {of}"
        yield Row(what=f"{what}, {where}: from the last key", measured=f"{middle:.1f} ms", compared=compared)


def _weights(load: Load) -> tuple[int, int]:
    return load.gzipped, load.bytes


def _spread(values: Iterable[int]) -> str:
    """The median and the largest."""
    known = list(values)
    return f"median {render_kb(median(known))}, largest {render_kb(max(known))}"
