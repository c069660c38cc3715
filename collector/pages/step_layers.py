"""Which step made which layer.

A manifest lists layers, a config lists steps, and only some steps make a layer. A config says which, and is believed
where it says so of as many steps as there are layers. Classic pages do not say it. Where, of a page, one of these rules
makes the counts agree, the steps it names stand beside the layers, in order:

1. every step made a layer (schema 1, Windows);
2. `RUN`, `COPY` and `ADD` did;
3. `RUN`, `COPY`, `ADD` and `WORKDIR` did (BuildKit makes a layer for a folder that was not there).

Else nothing is said: a wrong pair would be worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence

from collector.model.images import Step

_RULES: tuple[frozenset[str] | None, ...] = (
    None,
    frozenset({"RUN", "COPY", "ADD"}),
    frozenset({"RUN", "COPY", "ADD", "WORKDIR"}),
)


def pair_steps(steps: Sequence[Step], layers: int) -> list[int | None]:
    """For each step the place of its layer, or None where it made none or it cannot be told."""
    known = [step.made_layer for step in steps if step.made_layer is not None]
    for made in [known] if known else (_made_by(makers, steps) for makers in _RULES):
        if len(made) == len(steps) and sum(made) == layers:
            places = iter(range(layers))
            return [next(places) if makes else None for makes in made]
    return [None] * len(steps)


def _made_by(makers: frozenset[str] | None, steps: Sequence[Step]) -> list[bool]:
    return [makers is None or step.text.partition(" ")[0].upper() in makers for step in steps]
