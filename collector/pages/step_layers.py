"""Pairs steps with the layers that they made.

A manifest lists layers, a config lists steps, and only some steps make a layer. A config marks these steps, and is
believed if their number equals that of the layers. Classic pages have no such marks. For a page, the first of these
rules that yields as many steps as there are layers decides:

1. every step made a layer (schema 1, Windows);
2. `RUN`, `COPY` and `ADD` did;
3. `RUN`, `COPY`, `ADD` and `WORKDIR` did (BuildKit makes a layer for a new folder).

If a rule pairs a large layer with a step that cannot have made it (one that sets a value or makes a link), no step gets
a layer: a wrong pair is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collector.diff.instructions import FILE_INSTRUCTIONS, split_step
from collector.model.images import Step

_RULES: tuple[frozenset[str] | None, ...] = (None, FILE_INSTRUCTIONS, FILE_INSTRUCTIONS | {"WORKDIR"})

_SMALL_COMMAND = re.compile(r"(?:ln|mkdir|rmdir|touch) [^\n&|;`]*\Z")
"""A single command that writes only names, no content."""

_MAX_SMALL = 1_000_000
"""Compressed bytes of a layer without content. On Windows a setting makes a layer of some 100 KB."""


def pair_steps(steps: Sequence[Step], sizes: Sequence[int]) -> list[int | None]:
    """For each step, the place of its layer; None if it made none, or if that is not known.

    Args:
        sizes: compressed bytes of each layer.
    """
    known = [step.made_layer for step in steps if step.made_layer is not None]
    for made in [known] if known else (_made_by(makers, steps) for makers in _RULES):
        if len(made) == len(steps) and sum(made) == len(sizes):
            places = iter(range(len(sizes)))
            pairs = [next(places) if makes else None for makes in made]
            is_plausible = known or all(map(_may_make, steps, (None if at is None else sizes[at] for at in pairs)))
            return pairs if is_plausible else [None] * len(steps)
    return [None] * len(steps)


def _made_by(makers: frozenset[str] | None, steps: Sequence[Step]) -> list[bool]:
    return [makers is None or split_step(step.text)[0] in makers for step in steps]


def _may_make(step: Step, size: int | None) -> bool:
    """Whether a step can have made a layer of this size."""
    if size is None or size <= _MAX_SMALL:
        return True
    instruction, rest = split_step(step.text)
    return instruction in FILE_INSTRUCTIONS and not _SMALL_COMMAND.match(rest)
