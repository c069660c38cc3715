"""Every kind of fault is named with its file and line, and everything else stays readable."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.archive.line_sums import add_sum, without_sum
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import ArchiveError, NewerArchive
from collector.model.references import parse_repository
from tests.support.archives import ArchiveBuilder, digest, docker_image, index, journal_name, single
from tests.support.formats import as_format_1

TOOL = parse_repository("tool")
JOURNAL = journal_name("tool", "2017-01")
Line = dict[str, object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with a tag of an index, then of a single manifest, and a journal of the month after."""
    builder = ArchiveBuilder(tmp_path / "archive")
    builder.see(
        "tool:1",
        "2017-01-01",
        index("x", docker_image("a"), docker_image("b", platform="linux/arm64", layers=("base", "top"))),
    )
    builder.see("tool:1", "2017-01-02", single(docker_image("c", steps=("ADD file:2 in /",))))
    builder.see("tool:2", "2017-02-01", gone="missing")
    return tmp_path / "archive"


def found(root: Path) -> list[tuple[str, int, str]]:
    """File, line and message of each fault; each must have a hint."""
    faults = list(verify(Archive(root)))
    assert all(fault.hint for fault in faults)
    return [(fault.path.relative_to(root).as_posix(), fault.line, fault.message) for fault in faults]


def lines_of(root: Path) -> list[bytes]:
    return (root / JOURNAL).read_bytes().splitlines(keepends=True)


def number_of(root: Path, kind: str, place: int = 0) -> int:
    """The place of the first fact of a kind in the journal, from 0."""
    return [n for n, fact in enumerate(facts_of(root)) if fact["fact"] == kind][place]


def write(root: Path, lines: list[bytes]) -> None:
    (root / JOURNAL).write_bytes(b"".join(lines))


def facts_of(root: Path) -> list[Line]:
    return [json.loads(without_sum(line)) for line in lines_of(root)]


def written(fact: Line) -> bytes:
    """A line with the right sum."""
    return add_sum(json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")


def change(root: Path, kind: str, **fields: object) -> int:
    """Change fields of the first fact of a kind; returns its line, from 1."""
    lines, number = lines_of(root), number_of(root, kind)
    lines[number] = written(facts_of(root)[number] | fields)
    write(root, lines)
    return number + 1


def test_a_complete_archive_has_no_faults(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("step", {"text": "RUN something else"}, "the text of the step does not match its id"),
        (
            "observation",
            {"time": "2017-03-01T00:00:00Z"},
            "the observation of 2017-03-01T00:00:00Z is in the journal of another",
        ),
        ("observation", {"gone": "missing"}, "the observation states a digest and also that the tag is gone"),
        ("observation", {"digest": digest("?")}, f"index or manifest {digest('?')} is missing"),
        ("observation", {"page": 64 * "0"}, f"kept text {64 * '0'} is missing"),
        ("observation", {"sections": {"0": 64 * "0"}}, f"kept text {64 * '0'} is missing"),
        ("index", {"manifests": [{"digest": digest("?"), "platform": {"architecture": "x", "os": "y"}}]}, "manifest"),
        ("manifest", {"config": digest("?")}, f"config {digest('?')} is missing"),
        ("manifest", {"layers": [digest("?")]}, f"layer {digest('?')} is missing"),
        ("config", {"history": [["2017-01-01T00:00:00Z", 16 * "0"]]}, f"step {16 * '0'} is missing"),
        ("layer", {"size": -1}, "not a fact: Expected `int` >= 0"),
        ("layer", {"digest": "sha256:x"}, "not a fact: Expected `str` matching regex"),
        ("observation", {"tag": "1\n"}, "not a fact: Expected `str` matching regex"),
        ("observation", {"fact": "opinion"}, "not a fact: Invalid value 'opinion'"),
    ],
)
def test_a_fact_that_is_wrong_is_named(root: Path, kind: str, fields: Line, message: str) -> None:
    line = change(root, kind, **fields)
    faults = [fault for fault in found(root) if fault[:2] == (JOURNAL, line)]
    assert len(faults) == 1
    assert faults[0][2].startswith(message)


def test_a_kept_text_that_was_changed(root: Path) -> None:
    builder = Archive(root)
    with builder.writing():
        writer = builder.writer(TOOL)
        texts = [writer.add_text("2017-01-05T00:00:00Z", raw) for raw in (b"as it was", b"\xff")]  # type: ignore[arg-type]
        writer.flush()
    assert found(root) == []
    lines = lines_of(root)
    for text in facts_of(root)[-2:]:
        lines[lines.index(written(text))] = written(
            text | ({"text": "as it is"} if "text" in text else {"base64": "/g=="})
        )
    write(root, lines)
    assert [fault[1:] for fault in found(root)] == [
        (len(lines) - 1, f"the kept text does not match its id {texts[0]}"),
        (len(lines), f"the kept text does not match its id {texts[1]}"),
    ]


@pytest.mark.parametrize("kind", ["step", "layer", "config", "manifest", "index"])
def test_a_missing_object_is_named_where_it_is_missed(root: Path, kind: str) -> None:
    lines = lines_of(root)
    gone = json.loads(lines.pop(number_of(root, kind)))
    write(root, lines)
    faults = found(root)
    assert faults
    for path, line, message in faults:
        assert message.endswith(f"{gone.get('digest') or gone['id']} is missing")
        assert (gone.get("digest") or gone["id"]).encode() in (root / path).read_bytes().splitlines()[line - 1]
    holdings = Archive(root).load(TOOL)
    assert holdings.tags == ["1", "2"]
    assert holdings.state(single(docker_image("c")).digest) is not None or kind == "layer"


def test_a_torn_last_line(root: Path) -> None:
    whole = (root / JOURNAL).read_bytes()
    (root / JOURNAL).write_bytes(whole[:-5])
    count = len(lines_of(root))
    assert found(root) == [(JOURNAL, count, "cut off before its end, probably by a crash; left out")]
    holdings = Archive(root).load(TOOL)
    assert [fault.is_torn for fault in holdings.faults] == [True]
    assert len(holdings.observations["1"]) == 1


@pytest.mark.parametrize(
    "garbage",
    [b"garbage\n", b"\n", b"\xff\n", b"{}\n", b"[" * 100_000 + b"\n", b"\0" * 100 + b"\n", b'{"fact":"step"}\n'],
)
def test_a_line_of_garbage_costs_only_itself(root: Path, garbage: bytes) -> None:
    lines = lines_of(root)
    write(root, [*lines[:2], garbage, *lines[2:]])
    (fault,) = found(root)
    assert fault[:2] == (JOURNAL, 3)
    assert fault[2].startswith("not a fact: ")
    holdings = Archive(root).load(TOOL)
    assert all(holdings.is_whole(seen) for tag in holdings.tags for seen in holdings.observations[tag])


def test_a_line_too_long_costs_only_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.archive.journal.MAX_LINE", 2000)
    lines = lines_of(root)
    write(root, [*lines[:2], b"x" * 5000 + b"\n", *lines[2:]])
    assert found(root) == [(JOURNAL, 3, "longer than 2000 bytes; not read")]


def test_duplicates_and_contradictions(root: Path) -> None:
    lines = lines_of(root)
    layer = facts_of(root)[number_of(root, "layer")]
    write(root, [*lines, written(layer), written(layer | {"size": 5})])
    assert found(root) == [
        (JOURNAL, len(lines) + 1, f"repeats an earlier fact: {layer['digest']}"),
        (JOURNAL, len(lines) + 2, f"contradicts an earlier fact; left out: {layer['digest']}"),
    ]
    assert Archive(root).load(TOOL).layers[str(layer["digest"])].size == layer["size"]


@pytest.mark.parametrize(
    "encode",
    [json.dumps, lambda fact: json.dumps(dict(reversed(fact.items())), separators=(",", ":"))],
)
def test_a_fact_that_is_not_written_as_facts_are(root: Path, encode: Callable[[Line], str]) -> None:
    lines, number = lines_of(root), number_of(root, "layer")
    lines[number] = add_sum(encode(facts_of(root)[number]).encode() + b"\n")
    write(root, lines)
    ((path, line, message),) = found(root)
    assert (path, line) == (JOURNAL, number + 1)
    assert message.startswith("not canonical JSON")


def test_keys_of_a_later_version_are_accepted(root: Path) -> None:
    change(root, "layer", zzz="later")
    assert found(root) == []


def test_files_that_are_not_journals(root: Path) -> None:
    folder = root / "docker.io" / "library" / "tool"
    journal = (root / JOURNAL).read_bytes()
    for path in ("2017-13.jsonl", "notes.txt", "../2017-01.jsonl", "../../2017-01.jsonl"):
        (folder / path).write_bytes(journal)
    (folder / "2017-05.jsonl").symlink_to("/etc/passwd")
    for ignored in ("README.md", ".gitattributes", "docker.io/.DS_Store"):
        (root / ignored).write_text("mine")
    (root / ".git").mkdir()
    (root / ".git" / "2017-01.jsonl").write_text("mine")
    foreign, misplaced = (
        "not a journal; not read",
        "a journal in a folder that does not belong to a repository; not read",
    )
    assert found(root) == [
        ("docker.io/2017-01.jsonl", 0, misplaced),
        ("docker.io/library/2017-01.jsonl", 0, misplaced),
        ("docker.io/library/tool/2017-05.jsonl", 0, foreign),
        ("docker.io/library/tool/2017-13.jsonl", 0, foreign),
        ("docker.io/library/tool/notes.txt", 0, foreign),
    ]
    assert Archive(root).repositories() == [TOOL]


def test_a_folder_that_two_names_would_share(root: Path) -> None:
    """`docker.io/tool` is read as `docker.io/library/tool`, and must not be a second place for it."""
    (root / "docker.io" / "tool").mkdir()
    (root / "docker.io" / "tool" / "2017-01.jsonl").write_bytes((root / JOURNAL).read_bytes())
    assert Archive(root).repositories() == [TOOL]
    assert [fault[0] for fault in found(root)] == ["docker.io/tool/2017-01.jsonl"]


def test_the_header(root: Path) -> None:
    header = root / "archive.json"
    header.write_text('{"format": 3}')
    with pytest.raises(NewerArchive, match="format 3, this program reads up to 2"):
        Archive(root)
    header.write_text("{")
    with pytest.raises(ArchiveError, match=r"archive\.json"):
        Archive(root)
    header.unlink()
    with pytest.raises(ArchiveError, match="not an archive"):
        Archive(root)
    with pytest.raises(ArchiveError, match="not an archive, and not empty"):
        Archive(root, create=True)


def test_an_impossible_date_is_reported_and_the_other_lines_are_read(root: Path) -> None:
    lines = lines_of(root)
    place = number_of(root, "observation")
    lines[place] = written(facts_of(root)[place] | {"time": "2017-02-30T12:00:00Z"})
    write(root, lines)
    assert (JOURNAL, place + 1, "not a fact: not a date of the calendar: 2017-02-30T12:00:00Z") in found(root)
    assert len(Archive(root).load(TOOL).observations["1"]) == 1


def test_lines_without_a_sum_are_counted_and_the_first_is_named(root: Path) -> None:
    lines = lines_of(root)
    write(root, [*lines[:2], without_sum(lines[2]), *lines[3:]])
    assert found(root) == [(JOURNAL, 3, "the line has no sum: damage cannot be found")]
    write(root, [lines[0], *map(without_sum, lines[1:])])
    count = len(lines) - 1
    message = f"{count} lines have no sum, of which this is the first: damage cannot be found"
    assert found(root) == [(JOURNAL, 2, message)]
    assert Archive(root).load(TOOL).faults == []
    assert found(as_format_1(root)) == []


@pytest.mark.parametrize(("old", "new"), [(b'"sum"', b'"sul"'), (b'"sum":"', b'"sum":"z'), (b'"}\n', b'"}x\n')])
def test_a_damaged_sum_is_a_fault_of_its_line(root: Path, old: bytes, new: bytes) -> None:
    lines, number = lines_of(root), number_of(root, "layer")
    lines[number] = lines[number].replace(old, new)[: len(lines[number])]
    write(root, lines)
    assert (JOURNAL, number + 1) in {fault[:2] for fault in found(root)}


def test_the_contents_of_facts_do_not_stay_in_memory(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for number in range(50):
        step = f"RUN {number} {40_000 * 'x'}"
        builder.see("tool:1", "2017-01-01", single(docker_image(str(number), steps=(step,))))
    archive = Archive(tmp_path / "archive")
    (journal,) = (tmp_path / "archive").rglob("*.jsonl")
    tracemalloc.start()
    try:
        assert list(verify(archive)) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < journal.stat().st_size / 4


def test_what_a_line_refers_to_may_come_after_it(root: Path) -> None:
    write(root, lines_of(root)[::-1])
    assert found(root) == []
