"""The values of raw texts."""

from __future__ import annotations

from pathlib import Path

from collector.archive.store import Archive
from collector.model.digests import parse_digest
from collector.model.references import parse_repository
from collector.model.times import parse_time
from tests.support.modern import Collected, tool, write_collected


def test_what_two_builds_have_in_common_is_in_memory_once(tmp_path: Path) -> None:
    builds = [tool("1.0"), tool("1.1")]
    seen = [
        Collected(tag="latest", time=parse_time(f"2024-05-0{day}T00:00:00Z"), top=one.manifest, images=(one,))
        for day, one in enumerate(builds, 1)
    ]
    holdings = Archive(write_collected(tmp_path / "archive", "tool", *seen)).load(parse_repository("tool"))
    states = [holdings.state(parse_digest(one.manifest.digest)) for one in builds]
    assert all(states)
    one, other = (state.images[0] for state in states if state)
    assert one.manifest != other.manifest
    assert one.config.history == other.config.history
    assert one.config.runtime
    assert other.config.runtime
    for mine, its in (
        (one.config.history, other.config.history),
        (one.config.runtime.environment, other.config.runtime.environment),
        ((one.layers[0],), (other.layers[0],)),
    ):
        assert [id(part) for part in mine] == [id(part) for part in its]
        assert mine
