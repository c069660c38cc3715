"""Adding facts: each is written once, the first fact counts, and all can be read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.archive import writer as writing
from collector.archive.facts import ObservationFact, content_id, decode_fact, encode_fact
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import ArchiveError
from collector.model.images import State
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.classic.values import states
from tests.support.archives import ArchiveBuilder, digest, docker_image, index, journal_name, single
from tests.support.exports import journals

TOOL = parse_repository("tool")
JOURNAL = journal_name("tool", "2017-01")
NOW = Time("2017-01-01T00:00:00Z")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(state=states(), text=st.binary(max_size=50))
def test_any_state_comes_back_from_the_disk(
    tmp_path_factory: pytest.TempPathFactory, state: State, text: bytes
) -> None:
    builder = ArchiveBuilder(tmp_path_factory.mktemp("archive"))
    builder.see("tool:1", "2017-01-31", state)
    with builder.archive.writing():
        writer = builder.archive.writer(TOOL)
        text_id = writer.add_text(NOW, text)
        writer.flush()
    holdings = builder.archive.load(TOOL)
    assert holdings.faults == list(verify(builder.archive)) == []
    assert holdings.texts[text_id].content == text
    # Values that hypothesis repeats under one digest contradict one another: there the first word stays.
    digests = [one.manifest for one in state.all_images] + [one.config.digest for one in state.all_images]
    digests += [layer.digest for one in state.all_images for layer in one.layers] + [state.digest] * state.is_index
    if len(set(digests)) == len(digests):
        assert holdings.state_on_pages(state.digest) == state


def test_a_fact_is_one_canonical_line() -> None:
    fact = ObservationFact(tag="1", time=NOW, source="git:é\n", digest=digest("x"))
    line = encode_fact(fact)
    assert (
        line
        == f'{{"digest":"{digest("x")}","fact":"observation","source":"git:é\\n","tag":"1","time":"{NOW}"}}\n'.encode()
    )
    assert decode_fact(line) == fact


def test_the_same_facts_again_add_nothing(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    state = index("x", docker_image("a"), docker_image("b", platform="linux/arm64"))
    builder.see("tool:1", "2017-01-01", state)
    before = journals(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", state)
    assert journals(tmp_path / "a") == before
    builder.see("tool:2", "2017-01-02", state)
    after = journals(tmp_path / "a")[JOURNAL].splitlines()
    assert [json.loads(line)["fact"] for line in after].count("observation") == 2
    assert len(after) == len(before[JOURNAL].splitlines()) + 1


def test_referenced_facts_come_first(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", index("x", docker_image("a")))
    lines = journals(tmp_path / "a")[JOURNAL].splitlines()
    kinds = [json.loads(line)["fact"] for line in lines]
    assert list(dict.fromkeys(kinds)) == ["layer", "step", "config", "manifest", "index", "observation"]


def test_two_steps_with_the_same_short_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has its whole hash as its id."""
    monkeypatch.setattr(writing, "content_id", lambda raw: "0" * 16 + content_id(raw)[16:])
    builder = ArchiveBuilder(tmp_path / "a")
    state = single(docker_image("a", steps=("one", "two", "one")))
    builder.see("tool:1", "2017-01-01", state)
    holdings = builder.archive.load(TOOL)
    assert sorted(map(len, holdings.steps)) == [16, 64]
    assert holdings.state_on_pages(state.digest) == state


def test_a_digest_is_an_index_or_a_manifest(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a", create=True)
    with archive.writing():
        writer = archive.writer(TOOL)
        assert writer.add_manifest(NOW, digest("m"), "x", digest("c"), ())
        assert not writer.add_index(NOW, digest("m"), "y", ())
        assert writer.add_index(NOW, digest("i"), "y", ())
        assert not writer.add_manifest(NOW, digest("i"), "x", digest("c"), ())


def test_many_waiting_facts_are_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MAX_WAITING", 100)
    archive = Archive(tmp_path / "a", create=True)
    with archive.writing():
        writer = archive.writer(TOOL)
        writer.observe(ObservationFact(tag="1", time=NOW, source="x" * 200, gone="missing"))
        assert archive.load(TOOL).tags == ["1"]


def test_a_torn_line_is_cut_away_by_the_next_write(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", gone="missing")
    path = tmp_path / "a" / JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"fact":"observation","gone":"mis')
    with builder.archive.writing():
        writer = builder.archive.writer(TOOL)
        assert writer.notices == [f"{path}:2: cut off by a crash; left out"]
    builder.see("tool:2", "2017-01-02", gone="missing")
    assert path.read_bytes().startswith(whole)
    assert list(verify(builder.archive)) == []


def test_something_else_in_the_place_of_a_journal(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", gone="missing")
    (tmp_path / "a" / journal_name("tool", "2017-02")).mkdir()
    with pytest.raises(ArchiveError, match="cannot be written"):
        builder.see("tool:1", "2017-02-01", gone="removed")
    (tmp_path / "a" / "docker.io/library/other").write_text("in the way")
    with pytest.raises(ArchiveError, match="cannot be made"):
        builder.see("other:1", "2017-02-01", gone="missing")
