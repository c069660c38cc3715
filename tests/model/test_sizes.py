"""Sizes for people, alone and together."""

from __future__ import annotations

import pytest

from collector.model.sizes import render_size, render_sizes_alike


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (1_250, "1.2 KB"), (5_435_000_000, "5.4 GB")]
)
def test_one_size(size: int, text: str) -> None:
    assert render_size(size) == text


@pytest.mark.parametrize(
    ("sizes", "texts"),
    [
        ((), []),
        ((999_999, 1_000_001), ["1.0 MB", "1.0 MB"]),
        ((244_100_000, 5_400_000_000), ["0.2 GB", "5.4 GB"]),
        ((49_000, 5_000, 499, 0, 1_000_000), ["0.05 MB", "0.01 MB", "0.000 MB", "0.0 MB", "1.0 MB"]),
    ],
)
def test_sizes_of_one_thing_are_in_one_unit(sizes: tuple[int, ...], texts: list[str]) -> None:
    assert render_sizes_alike(sizes) == texts
