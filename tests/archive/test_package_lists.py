"""Package lists in the archive: as differences, rebuilt, checked, and lost one by one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.archive.as_of import beginning
from collector.archive.facts import (
    InventoryFact,
    ObservationFact,
    PackagesFact,
    StatementFact,
    decode_fact,
    encode_fact,
)
from collector.archive.facts.package_list import AddedPackages, RemovedPackages, UpdatedPackages
from collector.archive.holdings import Holdings, iter_facts
from collector.archive.line_sums import add_sum, without_sum
from collector.archive.package_differences import apply, difference
from collector.archive.package_lists import MAX_DEPTH
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.archive.writer import RepositoryWriter
from collector.model.digests import Digest
from collector.model.packages import MAX_PACKAGES, Package, PackageList, Scan, package_list
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.support.archives import digest, journal_name

TOOL = parse_repository("tool")
JOURNAL = journal_name("tool", "2017-01")
SEEN = Time("2017-01-01T00:00:00Z")


def packages_of(*names: str, version: str = "1") -> PackageList:
    return package_list(Package("deb", name, version, "", "", "MIT") for name in names)


def scan(packages: PackageList, by: str = "page") -> Scan:
    return Scan(packages=packages, by=by)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", create=True)


def write(archive: Archive, record: Callable[[RepositoryWriter], object]) -> Holdings:
    with archive.writing():
        writer = archive.writer(TOOL)
        record(writer)
        writer.flush()
    return archive.load(TOOL)


def rows(packages: Iterable[Package]) -> tuple[AddedPackages, ...]:
    return tuple(
        AddedPackages(one.type, one.version, one.source, one.source_version, one.licence, (one.name,))
        for one in packages
    )


def add(number: int, packages: PackageList, writer: RepositoryWriter) -> None:
    writer.add_scan(SEEN, digest(f"config {number}"), scan(packages))


def builds(count: int, *, seed: int = 1) -> list[PackageList]:
    """Lists of builds of one image, each of which updates some packages of the one before."""
    chance = random.Random(seed)
    versions = {f"lib{number:03}": 1 for number in range(60)}
    lists = []
    for _ in range(count):
        for name in chance.sample(sorted(versions), 3):
            versions[name] += 1
        lists.append(package_list(Package("deb", name, str(version)) for name, version in versions.items()))
    return lists


def facts_of(archive: Archive) -> Iterator[PackagesFact]:
    holdings = Holdings(TOOL)
    for _, _, fact in iter_facts(archive.root, TOOL, holdings):
        if isinstance(fact, PackagesFact):
            yield fact


def lines_of(archive: Archive) -> list[bytes]:
    return (archive.root / JOURNAL).read_bytes().splitlines(keepends=True)


def replace(archive: Archive, lines: list[bytes]) -> None:
    (archive.root / JOURNAL).write_bytes(b"".join(lines))


def found(archive: Archive) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in verify(archive)]


def write_builds(archive: Archive, lists: list[PackageList]) -> Holdings:
    def record(writer: RepositoryWriter) -> None:
        for number, packages in enumerate(lists):
            add(number, packages, writer)

    return write(archive, record)


def test_lists_come_back_from_their_differences(archive: Archive) -> None:
    lists = builds(100)
    holdings = write_builds(archive, lists)
    for number, packages in enumerate(lists):
        assert holdings.package_list(digest(f"config {number}")) == packages
    whole = [fact for fact in facts_of(archive) if fact.on is None]
    assert len(whole) < 10
    assert max(filter(None, map(holdings.package_lists.depth, holdings.packages))) == MAX_DEPTH
    assert sum(len(line) for line in lines_of(archive)) < 100 * 900
    assert found(archive) == []


def test_each_list_and_each_inventory_is_written_once(archive: Archive) -> None:
    packages, config = packages_of("a"), digest("config")
    write(archive, lambda writer: writer.add_scan(SEEN, config, scan(packages)))
    before = lines_of(archive)
    write(archive, lambda writer: writer.add_scan(Time("2017-01-02T00:00:00Z"), config, scan(packages)))
    assert lines_of(archive) == before
    assert len(before) == 2
    write(archive, lambda writer: writer.add_scan(SEEN, digest("other"), scan(packages)))
    assert len(lines_of(archive)) == 3


def test_packages_with_only_a_changed_licence(archive: Archive) -> None:
    first = packages_of("a", "b", "c", "d")
    second = package_list([*first.packages[:3], Package("deb", "d", "1", "", "", "GPL")])
    write_builds(archive, [first, second])
    fact = list(facts_of(archive))[1]
    assert (fact.remove, fact.update, fact.add) == ((), (), (("deb", "1", "", "", "GPL", ("d",)),))


def test_a_later_run_continues_from_the_lists_of_an_earlier_one(archive: Archive) -> None:
    lists = builds(40)
    for number, packages in enumerate(lists):
        write(archive, partial(add, number, packages))
    assert sum(fact.on is None for fact in facts_of(archive)) < 4
    assert archive.load(TOOL).package_list(digest("config 39")) == lists[39]


@pytest.mark.parametrize(("most", "rests"), [(200, True), (70, False)])
def test_large_lists_are_compared_with_few_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, most: int, *, rests: bool
) -> None:
    monkeypatch.setattr("collector.archive.package_lists._CANDIDATE_PACKAGES", most)
    first, second = builds(2)
    write_builds(archive, [first, packages_of(*(f"other{number}" for number in range(60))), second])
    assert [fact.on for fact in facts_of(archive)] == [None, None, first.id if rests else None]


RANKS = [
    ("an attestation before a page", [("page", "abcd"), ("syft 1", "ab")], "ab"),
    ("a page before an attestation that names nothing", [("page", "ab"), ("syft 1", "")], "ab"),
    ("the list that was not cut short", [("page", "abc"), ("page", "ab")], "abc"),
    ("the scanner that found more", [("syft 1", "ab"), ("docker-scout 1", "abc"), ("syft 2", "a")], "abc"),
    ("of equals the newest", [("syft 1", "ab"), ("syft 2", "cd")], "cd"),
]


@pytest.mark.parametrize(("said", "counts"), [rank[1:] for rank in RANKS], ids=[rank[0] for rank in RANKS])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_which_inventory_takes_precedence(
    archive: Archive, said: list[tuple[str, str]], counts: str, is_reversed: bool
) -> None:
    times = [Time(f"2017-01-{day:02}T00:00:00Z") for day in range(1, 10)]
    dated = list(zip(said, times, strict=False))

    def record(writer: RepositoryWriter) -> None:
        for (by, names), time in dated[::-1] if is_reversed else dated:
            writer.add_scan(time, digest("config"), scan(packages_of(*names), by))

    assert write(archive, record).package_list(digest("config")) == packages_of(*counts)


def test_packages_of_an_image_without_an_inventory_are_unknown(archive: Archive) -> None:
    holdings = write_builds(archive, [packages_of("a")])
    assert holdings.inventory(digest("another")) is None
    assert holdings.package_list(digest("another")) is None


def test_lists_based_on_a_lost_list_are_unknown_until_it_is_written_again(archive: Archive) -> None:
    lists = builds(20)
    write_builds(archive, lists)
    lines = lines_of(archive)
    lost = next(
        number for number, line in enumerate(lines) if lists[4].id.encode() in line and b'"fact":"packages"' in line
    )
    on_it = {fact.id for fact in facts_of(archive) if fact.on == lists[4].id}
    replace(archive, lines[:lost] + lines[lost + 1 :])
    holdings = archive.load(TOOL)
    readable = [holdings.package_list(digest(f"config {number}")) for number in range(20)]
    assert readable[:4] == lists[:4]
    assert readable[4] is None
    assert on_it
    assert {lists[number].id for number in range(20) if readable[number] is None} >= {lists[4].id, *on_it}
    messages = {message for _, message in found(archive)}
    assert messages == {f"package list {lists[4].id} is missing"}
    write_builds(archive, lists)
    assert found(archive) == []
    assert all(archive.load(TOOL).package_list(digest(f"config {number}")) == lists[number] for number in range(20))


def test_a_lost_list_is_written_again_in_full(archive: Archive) -> None:
    lists = builds(3)
    write_builds(archive, lists)
    lines = lines_of(archive)
    replace(archive, [line for line in lines if b'"id":"%b"' % lists[1].id.encode() not in line])
    assert len(lines_of(archive)) == len(lines) - 1
    write_builds(archive, lists)
    assert {fact.id: fact.on for fact in facts_of(archive)} == {
        lists[0].id: None,
        lists[1].id: None,
        lists[2].id: lists[1].id,
    }


def test_a_changed_list_is_reported_and_unknown_with_those_based_on_it(archive: Archive) -> None:
    lists = builds(3)
    write_builds(archive, lists)
    lines = lines_of(archive)
    fact = json.loads(without_sum(lines[0]))
    fact["add"][0][1] = "666"
    changed = json.dumps(fact, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    replace(archive, [add_sum(changed), *lines[1:]])
    holdings = archive.load(TOOL)
    assert [holdings.package_list(digest(f"config {number}")) for number in range(3)] == [None] * 3
    assert found(archive) == [(1, f"the packages are not those of the list's id {lists[0].id}")]


def test_lists_based_on_themselves_or_on_too_many(archive: Archive) -> None:
    one, other = ("1" * 64, "2" * 64)
    chain = [package_list(Package("deb", f"p{n:03}", "1") for n in range(length)) for length in range(1, MAX_DEPTH + 4)]
    facts = [PackagesFact(id=one, on=other), PackagesFact(id=other, on=one), PackagesFact(id="3" * 64, on="3" * 64)]
    facts += [
        PackagesFact(id=after.id, on=before.id, add=rows(after.packages[-1:])) for before, after in pairwise(chain)
    ]
    facts.append(PackagesFact(id=chain[0].id, add=rows(chain[0].packages)))
    (archive.root / JOURNAL).parent.mkdir(parents=True)
    replace(archive, [add_sum(encode_fact(fact)) for fact in facts])
    lists = archive.load(TOOL).package_lists
    assert [lists.get(fact.id) for fact in facts[:3]] == [None] * 3
    assert lists.get(chain[MAX_DEPTH].id) == chain[MAX_DEPTH]
    assert lists.get(chain[MAX_DEPTH + 1].id) is None
    assert found(archive) == [
        (line, f"more than {MAX_DEPTH} package lists rest on one another")
        for line in (1, 2, 3, 3 + MAX_DEPTH + 1, 3 + MAX_DEPTH + 2)
    ]


def test_a_list_of_too_many_packages_is_reported(archive: Archive) -> None:
    names = tuple(f"{number:06}" for number in range(MAX_PACKAGES + 1))
    new = package_list(Package("deb", name, "1") for name in names)
    (archive.root / JOURNAL).parent.mkdir(parents=True)
    replace(archive, [encode_fact(PackagesFact(id=new.id, add=(AddedPackages("deb", "1", "", "", "", names),)))])
    assert archive.load(TOOL).package_lists.get(new.id) is None
    assert (1, f"a package list of more than {MAX_PACKAGES} packages") in found(archive)


def test_an_inventory_without_its_statement_is_a_fault(archive: Archive) -> None:
    said = Digest(digest("statement"))
    write(archive, lambda writer: writer.add_scan(SEEN, digest("config"), scan(packages_of("a"), "syft 1"), said))
    assert found(archive) == [(2, f"statement {said} is missing")]
    write(archive, lambda writer: writer.add(SEEN, StatementFact(digest=said, predicate_type="x", size=1)))
    assert found(archive) == []


def test_an_inventory_with_other_types_than_its_list_is_a_fault(archive: Archive) -> None:
    write(archive, lambda writer: writer.add_scan(SEEN, digest("config"), scan(packages_of("a"))))
    packages, inventory = (json.loads(line) for line in lines_of(archive))
    del packages["sum"], inventory["sum"]
    facts = [packages, inventory | {"types": ["apk"]}]
    replace(archive, [json.dumps(fact, sort_keys=True, separators=(",", ":")).encode() + b"\n" for fact in facts])
    assert (2, "the types are not those of the packages in the list") in found(archive)


@pytest.mark.parametrize(
    "entry",
    [
        ["deb"],
        ["DEB", "a", "1"],
        ["deb", "a\tb", "1"],
        ["deb", "", "1"],
        ["deb", "a", "x" * 129],
        ["deb", "a", 1],
        "deb",
    ],
)
def test_entries_that_are_not_packages_do_not_become_facts(archive: Archive, entry: object) -> None:
    (archive.root / JOURNAL).parent.mkdir(parents=True)
    replace(archive, [json.dumps({"add": [entry], "fact": "packages", "id": "1" * 64}).encode() + b"\n"])
    assert archive.load(TOOL).packages == {}
    assert "not a fact" in found(archive)[0][1]


def test_what_was_known_at_a_moment(archive: Archive) -> None:
    def record(writer: RepositoryWriter) -> None:
        writer.add_scan(SEEN, digest("a"), scan(packages_of("a")))
        writer.add_scan(Time("2017-03-01T00:00:00Z"), digest("b"), scan(packages_of("a", "b")))

    write(archive, record)
    holdings = archive.load(TOOL, until=Time("2017-02-01T00:00:00Z"))
    assert holdings.package_list(digest("a")) == packages_of("a")
    assert holdings.package_list(digest("b")) is None
    later = archive.load(TOOL, until=Time("2017-04-01T00:00:00Z"))
    assert later.package_list(digest("b")) == packages_of("a", "b")


def test_what_was_known_in_the_middle_of_a_month(archive: Archive) -> None:
    days = [Time(f"2017-01-{day:02}T00:00:00Z") for day in (1, 10, 20, 30)]

    def record(writer: RepositoryWriter) -> None:
        for day, tag in zip(days, "abcd", strict=True):
            writer.observe(ObservationFact(tag=tag, time=day, source="https://x", gone="missing"))
            writer.add_scan(day, digest(tag), scan(packages_of(tag)))

    write(archive, record)
    holdings = archive.load(TOOL, until=Time("2017-01-20T12:00:00Z"))
    assert [holdings.package_list(digest(tag)) for tag in "abcd"] == [*map(packages_of, "abc"), None]


def test_the_facts_as_lines() -> None:
    inventory = InventoryFact(config=digest("c"), packages="1" * 64, by="page", time=SEEN, types=("deb",))
    assert json.loads(encode_fact(inventory)) == {
        "fact": "inventory",
        "config": digest("c"),
        "packages": "1" * 64,
        "by": "page",
        "time": SEEN,
        "types": ["deb"],
    }
    packages = PackagesFact(
        id="1" * 64,
        on="2" * 64,
        remove=(RemovedPackages("deb", "1", ("a", "b")),),
        update=(UpdatedPackages("deb", "3", "", ("c",)),),
        add=(AddedPackages("deb", "4", "x", "", "MIT", ("d", "e")),),
    )
    assert json.loads(encode_fact(packages)) == {
        "fact": "packages",
        "id": "1" * 64,
        "on": "2" * 64,
        "remove": [["deb", "1", ["a", "b"]]],
        "update": [["deb", "3", "", ["c"]]],
        "add": [["deb", "4", "x", "", "MIT", ["d", "e"]]],
    }


SOME = st.builds(
    Package,
    st.sampled_from(["deb", "npm"]),
    st.sampled_from("abc"),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["", "a", "x"]),
    st.sampled_from(["", "1"]),
    st.sampled_from(["", "MIT"]),
)
LISTS = st.lists(SOME.filter(lambda one: one.source != one.name), max_size=8).map(package_list)


@given(LISTS, LISTS)
def test_any_list_comes_back_from_its_difference_to_any_other(old: PackageList, new: PackageList) -> None:
    fact = decode_fact(encode_fact(difference(new, old)))
    assert isinstance(fact, PackagesFact)
    assert package_list(chain(*apply(fact, old.packages))) == new
    assert package_list(chain(*apply(difference(new), ()))) == new


def test_a_journal_without_inventories_is_searched_for_them_once() -> None:
    fact = ObservationFact(tag="a", time=Time("2017-01-30T00:00:00Z"), source="x" * 1000, gone="missing")
    content = encode_fact(fact) * 5000
    started = process_time()
    assert beginning("2017-01.jsonl", content, Time("2017-01-02T00:00:00Z")) == b""
    assert process_time() - started < 2
