"""The targets of tags: `3.6.4`, `3.6`, `3` and `latest` move as versions are released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.synthetic.lines import Line
from benchmarks.synthetic.plan import MOST_SPELLINGS, ImagePlan

Group = tuple[int, int]
"""A line and a variant: what is built together."""
Target = tuple[Group, ...]
"""What a tag points at: mostly one group; with Windows beside it two."""

_FEW = 3
"""An image of fewer tags has the last of those that there would be."""


def tags_of(plan: ImagePlan, lines: list[Line], releases: Mapping[Group, int]) -> dict[str, Target]:
    """All live tags. `releases` has the newest release that each live group has."""
    tags: dict[str, Target] = {}
    for variant in range(len(plan.variants)):
        numbers = sorted(line for line, of in releases if of == variant)
        newest = {lines[number].major: number for number in numbers}
        for number in numbers:
            line, group = lines[number], (number, variant)
            words = [line.version(releases[group]), line.minor]
            words += [line.major] if newest[line.major] == number else []
            words += ["latest"] if number == numbers[-1] else []
            tags.update(_iter_spelled(plan, group, words, releases))
    return dict(list(tags.items())[-plan.tags :]) if plan.tags < _FEW else tags


def announced(plan: ImagePlan, line: Line, group: Group, release: int) -> Iterator[str]:
    """The tags that come with a release."""
    return (tag for tag, _ in _iter_spelled(plan, group, [line.version(release)], ()))


def _iter_spelled(
    plan: ImagePlan, group: Group, words: Iterable[str], live: Iterable[Group]
) -> Iterator[tuple[str, Target]]:
    """Each word with the variant behind it; the first variant goes without."""
    line, number = group
    if plan.is_distribution:
        yield from ((word, (group,)) for word in _distribution_words(plan, line, words))
        return
    variant = plan.variants[number]
    windows = None if plan.windows is None or number else (line, plan.windows)
    for word in words:
        if number:
            yield (variant.suffix if word == "latest" else f"{word}-{variant.suffix}"), (group,)
            continue
        yield word, (group, windows) if windows and windows in live else (group,)
        if len(plan.variants) >= MOST_SPELLINGS:
            yield (variant.base.root.name if word == "latest" else f"{word}-{variant.base.root.name}"), (group,)


def _distribution_words(plan: ImagePlan, line: int, words: Iterable[str]) -> Iterator[str]:
    version = plan.variants[line].base.version
    yield from (version, f"{version}-{plan.name}", f"{plan.name}-{line}")
    yield from (word for word in words if word == "latest")
