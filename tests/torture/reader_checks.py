"""Any input makes a reader return or raise an error of ours, in a short time."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from collector.errors import RepoInfoError
from tests.torture.answer_readers import iter_answer_readers
from tests.torture.mutations import PIECES, changed, changed_json
from tests.torture.readers import Reader, iter_readers
from tests.torture.report import Check

SLOW = 10.0
"""Seconds after which a reader counts as hanging. None of the inputs has more than some hundred kilobytes."""


def all_readers(examples: Path) -> list[Reader]:
    """The readers of files and of answers."""
    return [*iter_readers(examples), *iter_answer_readers()]


def find_reader(examples: Path, name: str) -> Reader:
    """The reader of this name."""
    return next(reader for reader in all_readers(examples) if reader.name == name)


def check_readers(examples: Path, count: int, seed: int) -> Iterator[Check]:
    """Give this number of inputs to each reader."""
    for reader in all_readers(examples):
        yield from _check(reader, count, seed)


def _check(reader: Reader, count: int, seed: int) -> list[Check]:
    found: list[Check] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_inputs(reader.seeds))
    def run(raw: bytes) -> None:
        problem = problem_of(reader, raw)
        found.append(Check(group=reader.name, name=repr(raw[:80]), problems=(problem,) if problem else ()))

    run()
    return found


def problem_of(reader: Reader, raw: bytes) -> str:
    """The problem of a reader with an input; empty if there is none."""
    began = time.monotonic()
    try:
        reader.read(raw)
    except RepoInfoError as error:
        if "\n" in str(error):
            return f"an error of several lines: {str(error)[:200]!r}"
    except Exception:  # noqa: BLE001  # whatever it is, it is counted
        return f"a traceback: {traceback.format_exc().strip()[-200:]}"
    seconds = time.monotonic() - began
    return f"it took {seconds:.0f} s" if seconds > SLOW else ""


def _inputs(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Random bytes, JSON documents with other values, and good inputs with other pieces."""
    good = st.sampled_from(seeds)
    piece = st.sampled_from(PIECES) | st.binary(max_size=8)
    change = st.tuples(st.floats(0, 1), st.floats(0, 0.2), piece, st.sampled_from([1, 1, 1, 3, 1000]))
    return st.one_of(
        st.builds(changed, good, st.lists(change, min_size=1, max_size=6)),
        st.builds(changed, good, st.lists(change, min_size=1, max_size=2)),
        st.builds(changed_json, good, st.integers(0, 2**32).map(random.Random)),
        st.binary(max_size=200),
    )
