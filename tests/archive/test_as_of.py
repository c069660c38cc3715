"""An archive as of a past moment, where a line is damaged."""

from __future__ import annotations

from pathlib import Path

from collector.archive.as_of import beginning
from collector.model.times import parse_as_of
from tests.support.archives import ArchiveBuilder, docker_image, journal_name, single

NAME = journal_name("tool", "2017-01")


def test_a_later_observation_whose_time_is_damaged_does_not_move_the_end(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    for day in ("2017-01-01", "2017-01-12"):
        builder.see("tool:1", day, single(docker_image(day, layers=(day,))))
    whole = (tmp_path / "a" / NAME).read_bytes()
    before = beginning(Path(NAME).name, whole, parse_as_of("2017-01-10"))
    assert before
    assert whole.startswith(before)
    damaged = whole.replace(b'"time":"2017-01-12T', b'"time":"2017-01-02T')
    assert damaged != whole
    assert beginning(Path(NAME).name, damaged, parse_as_of("2017-01-10")) == before
