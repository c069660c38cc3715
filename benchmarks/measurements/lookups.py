"""The files that a browser fetches to look up a digest: the index file of its first digits, then the objects of one
image. Computed from the built files for every digest of the archive; the browser tests check that the browser requests
no others.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from benchmarks.bench import SITE, Bench
from benchmarks.rows import Row, judge_limit
from benchmarks.sizes import gzipped
from benchmarks.units import KB, render_kb

REQUESTS = "digest look-up: requests"
BYTES = "digest look-up: bytes"
BYTES_GZIPPED = "digest look-up: bytes, gzipped"

LARGE = "digest look-up at 5 million digests: bytes of the index file, gzipped"

_PLACES = 64
"""Numbers of one file of objects."""
_LARGE_SHARD = 5_000_000 // 4_096
"""Digests of one file at 5 million: there are 4,096 files then."""
_LARGE_DIGITS = 9
"""Hex digits of a key then: three of the twelve are in the name of the file."""
_MORE_IMAGES = 10
"""Times the images that are here, among which 5 million digests lie."""
_MOST_REQUESTS = 2
_MOST_BYTES = 30 * KB
_MOST_GZIPPED = 16 * KB

_Shard = dict[str, dict[str, int | list[int]]]
"""By image and the further digits of a digest: the number of its object, or of each that has it."""


class _Image(msgspec.Struct, frozen=True):
    name: str
    address: str


class _Names(msgspec.Struct, frozen=True):
    images: list[_Image]


class _Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of one digest."""

    files: tuple[tuple[int, int], ...]
    """Bytes, plain and gzipped, of each file that is fetched at once."""
    images: int
    """That have the digest."""


class _Weights:
    """Bytes of files, plain and gzipped; each is read once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, int]] = {}

    def of(self, path: Path) -> tuple[int, int]:
        if path not in self._known:
            content = path.read_bytes()
            self._known[path] = len(content), gzipped(content)
        return self._known[path]


def measure(bench: Bench) -> Iterator[Row]:
    """The cost of looking up each digest once."""
    lookups = list(_iter_lookups(bench.folder / SITE / "api" / "v1"))
    requests = max(len(lookup.files) for lookup in lookups)
    several = sum(lookup.images > 1 for lookup in lookups) / len(lookups)
    text = f"{requests}, and one for each further image that is opened ({several:.1%} of digests have such)"
    yield judge_limit(f"{REQUESTS}, {len(lookups):,} digests", text, requests, _MOST_REQUESTS, str(_MOST_REQUESTS))
    for what, place in ((BYTES, 0), (BYTES_GZIPPED, 1)):
        totals = sorted(sum(weights[place] for weights in lookup.files) for lookup in lookups)
        yield judge_limit(what, _spread(totals), totals[-1], _MOST_BYTES, render_kb(_MOST_BYTES))
    large = gzipped(msgspec.json.encode(large_shard(bench.folder / SITE / "api" / "v1" / "digests")))
    yield judge_limit(LARGE, render_kb(large), large, _MOST_GZIPPED, render_kb(_MOST_GZIPPED))


def _iter_lookups(api: Path) -> Iterator[_Lookup]:
    names = msgspec.json.decode((api / "names.json").read_bytes(), type=_Names)
    addresses = {image.name: image.address for image in names.images}
    weights = _Weights()
    for path in sorted((api / "digests").iterdir()):
        images: dict[str, list[Path]] = defaultdict(list)
        for name, digests in _read(path).items():
            for digits, numbers in digests.items():
                first = numbers if isinstance(numbers, int) else numbers[0]
                images[digits].append(api / f"{addresses[name]}objects" / f"-{first // _PLACES}.json.gz")
        for objects in images.values():
            yield _Lookup(files=(weights.of(path), weights.of(objects[0])), images=len(objects))


def _read(path: Path) -> _Shard:
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=_Shard)


def large_shard(folder: Path) -> _Shard:
    """One file as it would be at 5 million digests: as many files of this site together as that takes."""
    together: _Shard = defaultdict(dict)
    for number, path in enumerate(sorted(folder.iterdir())):
        if sum(map(len, together.values())) >= _LARGE_SHARD:
            break
        for name, of_image in _read(path).items():
            further = {digits[-_LARGE_DIGITS:]: numbers for digits, numbers in of_image.items()}
            together[f"{name}-{number % _MORE_IMAGES}"] |= further
    return dict(sorted(together.items()))


def _spread(values: Sequence[int]) -> str:
    """The median, the 99th percentile and the largest of sorted values."""
    last = len(values) - 1
    half, most = values[last // 2], values[last * 99 // 100]
    return f"median {render_kb(half)}, 99 % below {render_kb(most)}, largest {render_kb(values[-1])}"
