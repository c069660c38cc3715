"""The bases of whole repositories: when a base moved, what is built on a tag, and how they are read and written."""

from __future__ import annotations

from pathlib import Path

from collector.bases.parts import decode_bases, encode_bases
from tests.bases.archives import ARM, all_bases, base, bases, debian, named, on, seen
from tests.diff.builders import layer
from tests.pages.archives import Seen, day, index_of, write_archive


def test_a_base_that_has_moved_since(tmp_path: Path) -> None:
    """As it was on that platform, through a time in which it was gone or had other images elsewhere."""
    below, top = debian(), on(debian())
    elsewhere = [debian(name, platform=ARM) for name in ("one", "two")]
    history = [
        Seen(tag="stretch", time=day(1), state=index_of(below, elsewhere[0], name="1")),
        Seen(tag="stretch", time=day(3), state=index_of(below, elsewhere[1], name="2")),
        Seen(tag="stretch", time=day(4), gone="missing"),
    ]
    root = write_archive(tmp_path / "a", debian=history, python=[seen("3.6", 2, top)])
    found = base(root, top)
    assert found
    assert (found.since, found.moved) == (day(1), None)
    again = [
        Seen(tag="stretch", time=day(5), state=index_of(below, name="3")),
        Seen(tag="stretch", time=day(6), state=index_of(debian("new"), name="4")),
    ]
    write_archive(root, debian=again)
    found = base(root, top)
    assert found
    assert (found.since, found.moved) == (day(1), day(6))


def test_the_images_built_on_a_tag_now_and_over_time(tmp_path: Path) -> None:
    below, new = debian(), debian("new")
    archive = {
        "debian": [
            seen("stretch", 1, below),
            seen("9", 1, below),
            seen("stretch", 3, new),
            seen("sid", 3, debian("x")),
        ],
        "python": [seen("3.6", 2, on(below)), seen("3.6", 4, on(new, "new python")), seen("3.5", 2, on(below))],
        "node": [seen("8", 2, on(below, "node")), Seen(tag="8", time=day(5), gone="missing")],
        "ruby": [seen("2", 2, debian("ruby"))],
    }
    root = write_archive(tmp_path / "a", **archive)
    found = bases(root, "debian").dependents
    assert {tag: [(one.repository, one.tags, one.ever) for one in found[tag]] for tag in found} == {
        "9": [("docker.io/library/node", (), 1), ("docker.io/library/python", ("3.5",), 2)],
        "stretch": [("docker.io/library/node", (), 1), ("docker.io/library/python", ("3.5", "3.6"), 2)],
    }
    assert not bases(root, "ruby").dependents


def test_bases_can_be_encoded_and_decoded(tmp_path: Path) -> None:
    archive = {"debian": [seen("stretch", 1, debian())], "python": [seen("3.6", 2, on(debian()))]}
    parts = all_bases(write_archive(tmp_path / "a", **archive))
    assert [decode_bases(encode_bases(part)) for part in parts.values()] == list(parts.values())


def test_invalid_and_damaged_lines_are_skipped(tmp_path: Path) -> None:
    """As by every other reader."""
    below, top = debian(), on(debian())
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    (journal,) = (root / "docker.io/library/debian").glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([b"{}\n", b"\xff\n", *lines, b'{"fact":"manifest"', b"\n", lines[-1][:-9]]))
    assert named(base(root, top)) == "debian:stretch"
    place = next(place for place, line in enumerate(lines) if b'"fact":"manifest"' in line)
    lines[place] = lines[place].replace(below.layers[0].digest.encode(), layer("another").digest.encode())
    journal.write_bytes(b"".join(lines))
    assert base(root, top) is None
