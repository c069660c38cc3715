"""`python -m benchmarks.synthetic.proportions ARCHIVE`: compares the proportions of an archive with those of a real
one.

What the real one is like stands in `real.json`, recorded from the bundle of 68 images of 2016 to 2018; `--record`
writes it again. Only images of docker.io count: what was asked of registries has no counterpart in archives of pages.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.diff.differ import Differ

_REAL = Path(__file__).with_name("real.json")

_REASONS = (
    "base-moved",
    "dockerfile-changed",
    "platform-added",
    "platform-removed",
    "files-changed",
    "gone",
    "first-seen",
    "rebuilt",
    "metadata",
)
_RARE = ("platform-removed", "rebuilt", "metadata")


class Proportion(msgspec.Struct, frozen=True, kw_only=True):
    """One number that does not depend on an archive's size, and how far a synthetic one may be from it."""

    name: str
    value: float
    factor: float
    """It is near enough within this factor, up and down."""

    def is_near(self, real: Proportion) -> bool:
        return real.value / self.factor <= self.value <= real.value * self.factor


class _Counts:
    """Sums over an archive, image by image."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()
        self.lists: dict[str, list[int]] = defaultdict(list)
        self.reasons: Counter[str] = Counter()
        self.images_of_layer: Counter[str] = Counter()
        self.days: dict[str, set[tuple[str, str]]] = defaultdict(set)
        """By day: images and tags of which something was seen."""

    def add(self, held: Holdings) -> None:
        self.sums.update(
            images=1,
            tags=len(held.tags),
            layers=len(held.layers),
            manifests=len(held.manifests),
            indexes=len(held.indexes),
            steps=len(held.steps),
            windows=sum(config.platform.os == "windows" for config in held.config_facts.values()),
            entrypoints=sum(config.entrypoint is not None for config in held.config_facts.values()),
            step_characters=sum(map(len, held.steps.values())),
        )
        self.lists["tags"].append(len(held.tags))
        self.lists["layers"] += [len(manifest.layers) for manifest in held.manifests.values()]
        self.lists["history"] += [len(config.history) for config in held.config_facts.values()]
        self.lists["sizes"] += [layer.size for layer in held.layers.values()]
        self.lists["platforms"] += [len(index.manifests) for index in held.indexes.values()]
        self.images_of_layer.update(held.layers.keys())
        self._add_observations(held)
        self._add_changes(held)

    def _add_observations(self, held: Holdings) -> None:
        live: Counter[str] = Counter()
        for tag, seen in held.observations.items():
            self.sums["observations"] += len(seen)
            self.lists["observations"].append(len(seen))
            self.sums["missing"] += seen[0].gone == "missing"
            if seen[-1].digest:
                live[seen[-1].digest] += 1
            for one in seen:
                self.days[one.time[:10]].add((held.repository.name, tag))
        self.sums.update(live=live.total(), live_states=len(live))

    def _add_changes(self, held: Holdings) -> None:
        differ = Differ()
        states: set[str] = set()
        for tag in held.tags:
            for period, change in differ.history(held.periods(tag), held.state):
                self.reasons.update({reason.code for reason in change.reasons})
                states.update([period.digest] if period.digest else [])
        self.sums["states"] += len(states)


def measure_proportions(root: Path) -> list[Proportion]:
    """What an archive is like."""
    archive = Archive(root)
    counts = _Counts()
    for repository in archive.repositories():
        if repository.registry == "docker.io":
            counts.add(archive.load(repository))
            counts.sums["bytes"] += sum(map(len, archive.journal_bytes(repository)))
    return [*_ratios(counts), *_quantiles(counts), *_changes(counts)]


def _ratios(counts: _Counts) -> Iterable[Proportion]:
    def of(name: str, part: str, whole: str, factor: float) -> Proportion:
        return Proportion(name=name, value=counts.sums[part] / max(1, counts.sums[whole]), factor=factor)

    yield of("live tags an image", "live", "images", 1.5)
    yield of("tags for each live one", "tags", "live", 1.4)
    yield of("observations for each live tag", "observations", "live", 1.5)
    yield of("observations a tag", "observations", "tags", 1.5)
    yield of("live tags that share one state", "live", "live_states", 1.25)
    yield of("observations a state", "observations", "states", 1.25)
    yield of("tags that were missing at first", "missing", "tags", 1.4)
    yield of("manifests a state", "manifests", "states", 1.25)
    yield of("indexes a state", "indexes", "states", 1.25)
    yield of("new layers a manifest", "layers", "manifests", 1.5)
    yield of("new steps a manifest", "steps", "manifests", 1.8)
    yield of("characters a step", "step_characters", "steps", 1.5)
    yield of("bytes of journals an observation", "bytes", "observations", 1.25)
    yield of("Windows among manifests", "windows", "manifests", 2.5)
    yield of("manifests with an entrypoint", "entrypoints", "manifests", 1.8)
    shared = sum(images > 1 for images in counts.images_of_layer.values())
    yield Proportion(name="layers of several images", value=shared / len(counts.images_of_layer), factor=3.5)


def _quantiles(counts: _Counts) -> Iterable[Proportion]:
    bounds: Mapping[str, tuple[str, Mapping[int, float]]] = {
        "tags an image": ("tags", {50: 1.5, 90: 1.5}),
        "observations a tag": ("observations", {50: 1.6, 90: 1.6, 99: 1.6}),
        "layers a manifest": ("layers", {10: 1.7, 50: 1.3, 90: 1.4}),
        "steps a config": ("history", {10: 2.2, 50: 1.3, 90: 1.4}),
        "platforms an index": ("platforms", {50: 1.4, 90: 1.4}),
        "bytes a layer": ("sizes", {50: 60, 75: 3, 90: 2}),
    }
    for name, (kind, places) in bounds.items():
        for place, factor in places.items():
            label = f"{name}, {place} % have at most"
            yield Proportion(name=label, value=_at(counts.lists[kind], place), factor=factor)


def _changes(counts: _Counts) -> Iterable[Proportion]:
    for code in _REASONS:
        share = counts.reasons[code] / max(1, counts.sums["observations"])
        yield Proportion(name=f"of all observations: {code}", value=share, factor=2.5 if code in _RARE else 1.6)
    tags = [1000 * len(found) // counts.sums["live"] for found in counts.days.values()]
    images = [1000 * len({image for image, _ in found}) // counts.sums["images"] for found in counts.days.values()]
    for what, shares in (("live tags", tags), ("images", images)):
        for place in (50, 90, 99):
            label = f"{what} seen to change on a day, in thousandths: on {place} % of days at most"
            yield Proportion(name=label, value=_at(shares, place), factor=1.8)


def _at(values: Sequence[int], percent: int) -> float:
    return float(sorted(values)[min(len(values) - 1, len(values) * percent // 100)]) if values else 0.0


def real_proportions() -> list[Proportion]:
    """What the real archive is like."""
    return msgspec.json.decode(_REAL.read_bytes(), type=list[Proportion])


def render_proportions(real: Sequence[Proportion], other: Sequence[Proportion]) -> str:
    """Both beside each other, as a Markdown table."""
    lines = ["| what | real | here | ratio | within | near |", "| --- | --- | --- | --- | --- | --- |"]
    for one, found in zip(real, other, strict=True):
        near = "yes" if found.is_near(one) else "**no**"
        ratio = f"{found.value / one.value:.2f}"
        lines.append(f"| {one.name} | {one.value:,.3g} | {found.value:,.3g} | {ratio} | {one.factor:g} × | {near} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure an archive, and print the table or record it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic.proportions")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--record", action="store_true", help="this is the real one")
    arguments = parser.parse_args()
    found = measure_proportions(arguments.archive)
    if arguments.record:
        _REAL.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    sys.stdout.write(render_proportions(real_proportions(), found))


if __name__ == "__main__":
    main()
