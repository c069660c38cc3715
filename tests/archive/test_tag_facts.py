"""The facts that some tags need: the same states as from all facts, from a part of the lines."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from collector.archive.holdings import Holdings
from collector.archive.layout import folder_of, journals_in
from collector.archive.line_sums import without_sum
from collector.archive.store import Archive
from collector.model.images import Layer
from collector.model.references import Repository, parse_repository
from collector.model.times import Time
from tests.pages import collected
from tests.support.archives import ArchiveBuilder, docker_image, index, single

TOOL = parse_repository("tool")
ONE, TWO = (docker_image(name, layers=(name, "common")) for name in ("one", "two"))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Two tags of an image; each has another image, and an index of its own."""
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", single(ONE))
    builder.see("tool:1", "2017-01-02", index("one", ONE))
    builder.see("tool:2", "2017-01-01", single(TWO))
    return builder.archive


def expect_same(archive: Archive, repository: Repository, tag: str) -> None:
    few, every = archive.load_tags(repository, [tag]), archive.load(repository)
    assert few.periods(tag) == every.periods(tag)
    for period in few.periods(tag):
        if period.digest:
            assert few.state(period.digest) == every.state(period.digest)


def layers_of(holdings: Holdings, tag: str) -> set[Layer]:
    states = [holdings.state(period.digest) for period in holdings.periods(tag) if period.digest]
    return {layer for state in states if state for image in state.images for layer in image.layers}


def rewrite(archive: Archive, change: Callable[[bytes], bytes]) -> None:
    """Change each line of the journal, without its sum."""
    (path,) = journals_in(folder_of(archive.root, TOOL))
    path.write_bytes(b"".join(change(without_sum(line)) for line in BytesIO(path.read_bytes())))


def test_only_what_a_tag_needs_is_read(archive: Archive) -> None:
    expect_same(archive, TOOL, "1")
    few = archive.load_tags(TOOL, ["1"])
    assert (few.tags, [*few.manifests], len(few.indexes)) == (["1"], [ONE.manifest], 1)
    assert sorted(few.layers) == sorted(layer.digest for layer in ONE.layers)


def test_a_first_line_with_a_fault_does_not_hide_the_second(archive: Archive) -> None:
    rewrite(archive, lambda line: line.replace(b'"media_type":"', b'"media_type":0,"x":"') + line)
    expect_same(archive, TOOL, "1")
    assert archive.load_tags(TOOL, ["1"]).state(ONE.manifest)


def test_a_member_of_a_later_version_does_not_hide_the_name(archive: Archive) -> None:
    rewrite(archive, lambda line: line.replace(b'{"', b'{"copies":[{"digest":"x","id":"x"}],"', 1))
    expect_same(archive, TOOL, "1")
    assert archive.load_tags(TOOL, ["1"]).state(ONE.manifest)


def test_a_name_that_is_no_text_is_left_out(archive: Archive) -> None:
    rewrite(archive, lambda line: b'{"digest":"\xff","fact":"layer"}\n' + line)
    assert archive.load_tags(TOOL, ["1"]).tags == ["1"]
    expect_same(archive, TOOL, "1")


@pytest.mark.parametrize("tag", ["1.0", "latest"])
def test_what_registries_gave_is_the_same(tmp_path: Path, tag: str) -> None:
    archive = Archive(collected.write(tmp_path / "a"))
    (repository,) = archive.repositories()
    expect_same(archive, repository, tag)
    dated = Time("2024-05-01T00:00:00Z")
    with archive.writing():
        writer = archive.writer(repository)
        for layer in layers_of(archive.load(repository), tag):
            writer.add_layer(dated, msgspec.structs.replace(layer, last_modified=dated))
        writer.flush()
    expect_same(archive, repository, tag)


def test_the_tags_of_the_sample_are_the_same(root: Path) -> None:
    archive = Archive(root / "examples" / "archive")
    for repository in archive.repositories():
        for tag in archive.load(repository).tags[::20]:
            expect_same(archive, repository, tag)
