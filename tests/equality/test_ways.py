"""The same archive gives the same bytes: by more processes, in parts, on another day, in any order of files."""

from __future__ import annotations

from pathlib import Path

from tests.equality.ways import iter_ways


def test_every_way_gives_the_same_site(root: Path, tmp_path: Path) -> None:
    found = dict(iter_ways(root / "examples" / "archive", tmp_path, shards=(2,)))
    assert len(found) == 3
    assert not any(found.values()), found
