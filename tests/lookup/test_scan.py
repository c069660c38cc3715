"""Scanning the journals gives the same results as decoding all facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.lookup.uses import uses_of
from collector.model.digests import DigestPrefix, hex_of
from collector.model.references import parse_repository
from tests.support.archives import ArchiveBuilder, digest, docker_image, single


def test_observations_without_other_facts_give_the_same_periods(root: Path) -> None:
    archive = Archive(root / "examples" / "archive")
    for repository in archive.repositories():
        whole, short = archive.load(repository), archive.load_observations(repository)
        assert short.tags == whole.tags
        assert [short.periods(tag) for tag in short.tags] == [whole.periods(tag) for tag in whole.tags]


def test_damage_is_skipped_in_the_same_way(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", single(docker_image("one")))
    builder.see("tool:1", "2017-01-02", gone="missing")
    (journal,) = (tmp_path / "a").rglob("2017-01.*.jsonl")
    first, second = [line for line in journal.read_bytes().splitlines() if b'"fact":"observation"' in line]
    contradiction = second.replace(b"missing", b"removed")
    garbage = b'{"fact":"observation","tag":"../x"}'
    torn = first.replace(b"2017-01-01", b"2017-01-09")
    journal.write_bytes(journal.read_bytes() + b"\n".join([first, contradiction, garbage, torn]))
    repository = parse_repository("tool")
    whole, short = builder.archive.load(repository), builder.archive.load_observations(repository)
    assert len(whole.faults) == 4
    assert dict(short.observations) == dict(whole.observations)
    assert len(short.observations["1"]) == 2


def test_the_text_of_a_step_is_not_read_as_an_observation(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    hostile = 'RUN echo {"fact":"observation","tag":"evil","time":"2017-01-01T00:00:00Z","source":"x"}'
    builder.see("tool:1", "2017-01-01", single(docker_image("one", steps=(hostile,))))
    assert builder.archive.load_observations(parse_repository("tool")).tags == ["1"]


@pytest.mark.parametrize("name", ["base", "one manifest", "one config"])
def test_only_repositories_that_can_match_are_read(tmp_path: Path, name: str) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", single(docker_image("one")))
    builder.see("other:1", "2017-01-01", single(docker_image("other", layers=("else",))))
    prefix = DigestPrefix(hex_of(digest(name))[:7])
    assert builder.archive.mentioning(prefix) == [parse_repository("tool")]
    assert builder.archive.mentioning(DigestPrefix(hex_of(digest(name))[1:9])) == []


def test_every_digest_of_the_sample_is_found_by_its_first_digits(root: Path) -> None:
    archive = Archive(root / "examples" / "archive")
    repository = parse_repository("alpine")
    holdings = archive.load(repository)
    every = {*holdings.indexes, *holdings.manifests, *holdings.config_facts, *holdings.layers}
    assert len(every) > 100
    for one in sorted(every)[::5]:
        prefix = DigestPrefix(one.partition(":")[2][:12])
        assert repository in archive.mentioning(prefix)
        (uses,) = (uses for (found, _), uses in uses_of(holdings, prefix).items() if found == one)
        assert uses, one
