"""`site_src/archive-format.md` describes every fact with every member, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from collector.archive import facts, header, import_marks, layout, visits
from collector.archive.facts import Fact, decode_fact, encode_fact
from collector.archive.facts.forms import with_patterns
from collector.archive.line_sums import add_sum, has_sum, is_damaged
from collector.model import digests, times

WORDS = {
    digests.PATTERN: "digest",
    times.PATTERN: "time",
    r"^(?:[0-9a-f]{16}|[0-9a-f]{64})$": "step id",
    r"^[0-9a-f]{64}$": "text id",
    r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$": "tag",
    r"^[a-z][a-z0-9.+-]{0,31}$": "package type",
}
"""The name of each pattern on the page."""

Row = tuple[str, str, str]
"""Member, type, and `required` or its default."""


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "site_src" / "archive-format.md").read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """By the kind of fact."""
    _, *parts = re.split(r"^### `(\w+)`$", page.partition("\n## From facts")[0], flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def rows(section: str) -> list[Row]:
    found = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", section, re.MULTILINE)
    return sorted((name, kind.strip(), need.strip()) for name, kind, need in found)


def expected(kind: type[Fact]) -> list[Row]:
    info = msgspec.inspect.type_info(with_patterns(kind))
    assert isinstance(info, msgspec.inspect.StructType)
    return sorted((field.encode_name, words(field.type, field.name), need(field)) for field in info.fields)


def need(field: msgspec.inspect.Field) -> str:
    if field.required:
        return "required"
    default = [] if field.default in {(), None} else field.default
    if field.default is None:
        return "optional"
    return f"optional, `{msgspec.json.encode(default).decode()}`"


def words(info: msgspec.inspect.Type, name: str) -> str:
    """The name of a member's type on the page."""
    if isinstance(info, msgspec.inspect.UnionType):
        (info,) = (type_ for type_ in info.types if not isinstance(type_, msgspec.inspect.NoneType))
    match info:
        case msgspec.inspect.StrType(pattern=pattern):
            return words_of_text(pattern, name)
        case msgspec.inspect.VarTupleType(item_type=item):
            return words_of_list(item, name)
        case msgspec.inspect.DictType(value_type=value):
            return f"object of {words(value, name)}{' or null' if may_be_null(value) else ''}"
        case msgspec.inspect.LiteralType(values=values):
            return " or ".join(f"`{value}`" for value in values)
        case msgspec.inspect.IntType(ge=least):
            return "number" if least is None else "size"
    kinds = {msgspec.inspect.BytesType: "base64", msgspec.inspect.BoolType: "true or false"}
    return {**kinds, msgspec.inspect.StructType: name}[type(info)]


def may_be_null(info: msgspec.inspect.Type) -> bool:
    return isinstance(info, msgspec.inspect.UnionType) and info.includes_none


def words_of_text(pattern: str | None, name: str) -> str:
    if pattern is None:
        return "media type" if name == "media_type" else "text"
    return next(word for rule, word in WORDS.items() if rule.removesuffix("$") + r"\Z" == pattern)


def words_of_list(item: msgspec.inspect.Type, name: str) -> str:
    if isinstance(item, msgspec.inspect.TupleType):
        return "list of pairs of time or null and step id"
    if isinstance(item, msgspec.inspect.NamedTupleType):
        return f"list of {name.removesuffix('e')}ed packages"
    if (kind := words(item, name)) == "package type":
        return f"list of {kind}s"
    if isinstance(item, msgspec.inspect.StructType):
        return {"manifests": "list of entries", "images": "list of images", "unread": "list of unread sections"}[name]
    return f"list of {words(item, name)}"


KINDS: dict[str, type[Fact]] = {kind.__struct_config__.tag: kind for kind in get_args(Fact)}


def test_every_kind_of_fact_has_its_section(page: str) -> None:
    assert sorted(sections(page)) == sorted(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_member_is_described_with_its_type(page: str, kind: str) -> None:
    assert rows(sections(page)[kind]) == expected(KINDS[kind])


@pytest.mark.parametrize(
    ("struct", "section"),
    [(facts.IndexEntry, "index"), (facts.UnreadEntry, "index"), (facts.HubImage, "hub")],
    ids=["index", "unread", "hub"],
)
def test_the_members_of_parts_are_named(page: str, struct: type[msgspec.Struct], section: str) -> None:
    assert [name for name in struct.__struct_encode_fields__ if f"`{name}`" not in sections(page)[section]] == []


def test_the_examples_are_facts_as_a_writer_writes_them(page: str) -> None:
    lines = re.findall(r"^```json\n(.*\n)```$", page, re.MULTILINE)
    assert len(lines) >= 4
    for line in "".join(lines).splitlines(keepends=True):
        written = encode_fact(decode_fact(line.encode()))
        assert line.encode() in {written, add_sum(written)}


def test_the_names_of_the_files_are_those_that_are_written(page: str) -> None:
    tree = page.partition("\n## Files and folders\n")[2].partition("```text\narchive/\n")[2].partition("```")[0]
    names = re.findall(r"^  (\S+)", tree, re.MULTILINE)
    journals = [Path(name) for name in names if name.count("/") > 1]
    assert len(journals) == 3
    for path in journals:
        repository = layout.repository_of(Path(), path.parent)
        assert repository
        assert layout.journal_of(path.parent, layout.month_in(path), layout.mark_of(repository)) == path
    others = {name.partition("/")[0] for name in names} - {path.parts[0] for path in journals}
    assert others == {header.HEADER, visits.FOLDER, import_marks.FILE}


def test_a_line_with_its_sum_is_shown(page: str) -> None:
    section = page.partition("\n## Sums\n")[2].partition("\n## ")[0]
    (line,) = re.findall(r"^```json\n(.*\n)```$", section, re.MULTILINE)
    (summed,) = re.findall(r"In this line, the bytes are `(.*)`\.", section)
    assert has_sum(line.encode())
    assert not is_damaged(line.encode())
    assert line.startswith(f'{summed},"sum":"')


def test_the_key_of_every_fact_is_described(page: str) -> None:
    for kind, section in sections(page).items():
        (named,) = re.findall(r"Key: ((?:`\w+`(?:, | and )?)+)", section)
        members = re.findall(r"`(\w+)`", named)
        example = msgspec.json.decode(sample(kind), type=KINDS[kind])
        assert sorted(example.key[1 : 1 + len(members)]) == sorted(
            str(getattr(example, member)) for member in members
        ), kind


def sample(kind: str) -> bytes:
    """A fact of a kind with all required members."""
    value = {
        "digest": f"sha256:{'1' * 64}",
        "time": "2018-01-29T12:00:00Z",
        "step id": "2" * 16,
        "text id": "3" * 64,
        "tag": "latest",
        "size": 1,
        "platform": {"os": "linux", "architecture": "amd64"},
    }
    members = {
        name: value.get(word, [] if word.startswith("list") else "x")
        for name, word, required in expected(KINDS[kind])
        if required == "required"
    }
    return msgspec.json.encode({"fact": kind, **members})


def test_the_versions_end_with_the_one_that_is_written(page: str) -> None:
    versions = re.findall(r"^\| (\d+) \|", page.partition("\n## Versions\n")[2], re.MULTILINE)
    assert max(map(int, versions)) == header.FORMAT
