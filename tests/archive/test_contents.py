"""The facts about layers and steps: how they are told from all others, and how long their lines may be."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from collector.archive.facts.codec import Fact
from collector.archive.store import Archive
from collector.model.references import parse_repository
from tests.support.archives import ArchiveBuilder, docker_image, single


def test_no_two_kinds_of_fact_begin_with_the_same_three_letters() -> None:
    kinds = [fact.__struct_config__.tag[:3] for fact in get_args(Fact)]
    assert len(set(kinds)) == len(kinds) == 13


def test_a_line_that_is_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    for day, layers in (("2017-01-01", ["a"]), ("2017-01-02", [f"layer {number}" for number in range(50)])):
        builder.see("tool:1", day, single(docker_image(day, layers=tuple(layers))))
    archive, tool = Archive(tmp_path / "a"), parse_repository("tool")
    assert len(archive.load_contents(tool).manifests) == 2
    monkeypatch.setattr("collector.archive.journal.MAX_LINE", 2000)
    assert archive.load_contents(tool).manifests.keys() == archive.load(tool).manifests.keys()
    assert len(archive.load_contents(tool).manifests) == 1
