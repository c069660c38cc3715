"""The repair of JSON with halves of surrogate pairs."""

from __future__ import annotations

import tracemalloc

from collector.model.json_text import repair_json


def test_a_text_of_halves_alone_takes_memory_in_proportion() -> None:
    raw = rb'"' + rb"\ud83d" * 100_000 + rb'"'
    tracemalloc.start()
    try:
        repaired = repair_json(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert repaired == raw.replace(rb"\ud83d", rb"\ufffd")
    assert peak < 3 * len(raw)
