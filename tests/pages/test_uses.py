"""Every digest is found with its correct uses, compared with a computation without an index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.archive.store import Archive
from collector.model.digests import Digest, hex_of
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages import search_indexes
from collector.pages.documents import AnyAsset, Item
from collector.pages.search_indexes import SCRIPT, iter_digest_assets, pack_digests
from tests.diff.builders import image, layer, named
from tests.pages.archives import Seen, alone, files_of, index_of, iter_items, write_archive
from tests.pages.digest_search import Index, whole

Ask = tuple[str, Digest]
"""An image and a digest."""
Use = tuple[str, str]
"""A platform, empty for an index, and a tag."""
Span = tuple[str, str | None]


def spans_by_brute_force(archive: Path) -> dict[Ask, dict[Use, Span]]:
    """Of every digest that a tag ever led to: its first and last day on each platform of each tag."""
    found: dict[Ask, dict[Use, list[Span]]] = defaultdict(lambda: defaultdict(list))
    opened = Archive(archive)
    for repository in opened.repositories():
        holdings = opened.load(repository)
        for tag in holdings.tags:
            for period in holdings.periods(tag):
                state = holdings.state(period.digest) if period.digest else None
                if state is None:
                    continue
                members = [("", state.digest)] if state.is_index else []
                for place, member in enumerate(state.all_images):
                    # An attestation of the sample is behind its image.
                    platform = str(state.all_images[place - member.platform.is_attestation].platform)
                    members += [(platform, member.manifest), (platform, member.config.digest)]
                    members += [(platform, layer.digest) for layer in member.layers]
                for platform, digest in members:
                    found[repository.familiar, digest][platform, tag].append((period.since, period.until))
    return {ask: {use: widest(spans) for use, spans in uses.items()} for ask, uses in found.items()}


def widest(spans: list[Span]) -> Span:
    ends = [until for _, until in spans]
    return min(since for since, _ in spans), None if None in ends else max(end for end in ends if end)


@pytest.fixture(scope="module")
def index(assets: dict[str, bytes]) -> Index:
    return Index(assets)


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict[Ask, dict[Use, Span]]:
    return spans_by_brute_force(sample)


def test_every_digest_of_the_sample_is_found_whole_and_by_seven_digits(
    index: Index, truth: dict[Ask, dict[Use, Span]]
) -> None:
    assert len(truth) > 2_900
    for name, digest in truth:
        for digits in (hex_of(digest), hex_of(digest)[:7], hex_of(digest)[:16]):
            assert [image for image, record in index.records(digits) if image == name and record.digest == digest]


def test_the_uses_of_a_digest_are_those_of_the_archive(index: Index, truth: dict[Ask, dict[Use, Span]]) -> None:
    for (name, digest), uses in truth.items():
        (record,) = (r for image, r in index.records(hex_of(digest)) if image == name and r.digest == digest)
        told = 0
        for where in record.where:
            of_platform = {tag: span for (platform, tag), span in uses.items() if platform == where["platform"]}
            current = where["until"] is None
            same = {tag: span for tag, span in of_platform.items() if (span[1] is None) is current}
            assert set(where["tags"]) <= same.keys()
            assert len(where["tags"]) + where["more"] == len(same)
            assert where["from"] == min(since for since, _ in same.values())
            assert current or where["until"] == max(until for _, until in same.values() if until)
            told += len(same)
        assert told == len(uses)


def test_the_kinds_of_digests(index: Index, sample: Path) -> None:
    holdings = Archive(sample).load(next(r for r in Archive(sample).repositories() if r.familiar == "python"))
    digest = holdings.periods("3.6-slim")[-1].digest
    state = holdings.state(digest) if digest else None
    assert state
    of_image = state.images[0]
    for kind, asked in (
        ("state", state.digest),
        ("manifest", of_image.manifest),
        ("config", of_image.config.digest),
        ("layer", of_image.layers[-1].digest),
    ):
        (record,) = (record for _, record in index.records(hex_of(asked)) if record.digest == asked)
        assert record.kind == kind
        assert "3.6-slim" in record.where[0]["tags"]


def test_uses_link_to_existing_pages(index: Index, items: list[Item]) -> None:
    checked = 0
    pages = {item.address for item in items if not isinstance(item, AnyAsset)}
    for path, content in index.files.items():
        image, slash, _ = path.removeprefix("api/v1/").partition("objects/")
        for found in json.loads(content)["where"] if slash else ():
            for where in map(whole, found):
                assert "addresses" not in where
                page = f"{where['slug']}/" if where["slug"] and where["until"] is None else ""
                for tag in where["tags"]:
                    assert f"{image}{tag}/{page}" in pages
                    checked += 1
    assert checked > 2_000


def test_no_digest_is_invented(index: Index, truth: dict[Ask, dict[Use, Span]]) -> None:
    told = set()
    for path, content in index.files.items():
        image, slash, file = path.removeprefix("api/v1/repos/").partition("/objects/-")
        for place, said in enumerate(json.loads(content)["objects"] if slash else ()):
            if not isinstance(said, str):
                told |= {(image, record.digest) for record in index.told(image, int(file[:-5]) * 64 + place)}
    assert told == truth.keys()


def _shards_of(packed: Mapping[str, bytes]) -> dict[str, object]:
    return {asset.path: json.loads(asset.content) for asset in iter_digest_assets(packed) if asset.path != SCRIPT}


def test_an_unknown_prefix_has_an_empty_answer() -> None:
    packed = {"app": pack_digests([(Digest("sha256:abc" + "0" * 61), 7)])}
    shards = _shards_of(packed)
    assert shards.pop("api/v1/digests/a.json") == {"app": {"bc" + "0" * 9: 7}}
    assert list(shards.values()) == [{}] * 15


def test_current_and_former_tags_are_separate(tmp_path: Path) -> None:
    state, other = index_of(image("a", layers=(layer("x"),))), index_of(image("b", layers=(layer("y"),)), name="o")
    first, then = Time("2018-01-01T00:00:00Z"), Time("2018-02-01T00:00:00Z")
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="now", time=first, state=state),
            Seen(tag="was", time=first, state=state),
            Seen(tag="was", time=then, state=other),
        ],
    )
    ((_, record),) = Index(dict(files_of(iter_items(archive)))).records(hex_of(named("x")))
    assert [(where["tags"], where["from"], where["until"]) for where in record.where] == [
        (["now"], first, None),
        (["was"], first, then),
    ]


def test_a_tag_with_a_separate_address_has_it_in_its_uses(tmp_path: Path) -> None:
    state = index_of(image("a", layers=(layer("x"),)))
    seen = [Seen(tag=tag, state=state) for tag in ("name", "feed.xml", "other")]
    archive = write_archive(tmp_path / "archive", **{"owner": seen, "owner/name": [Seen(tag="1", gone="missing")]})
    files = dict(files_of(iter_items(archive)))
    ((_, record),) = Index(files).records(hex_of(named("x")))
    (where,) = record.where
    assert where["addresses"] == {"name": "repos/owner/~name/", "feed.xml": "repos/owner/~feed.xml/"}
    assert all(f"{address}{where['slug']}/index.html" in files for address in where["addresses"].values())
    names = json.loads(files["api/v1/names.json"])
    assert names["exceptions"] == {f"owner:{tag}": address for tag, address in where["addresses"].items()}


def test_the_newest_of_many_tags_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    state = index_of(image("a", layers=(layer("x"),)))
    archive = write_archive(tmp_path / "archive", app=[Seen(tag=f"{n}", state=state) for n in range(70)])
    ((_, record),) = Index(dict(files_of(iter_items(archive)))).records(hex_of(named("x")))
    (where,) = record.where
    assert (where["tags"][:2], len(where["tags"]), where["more"]) == (["69", "68"], 50, 20)


def test_uses_are_bounded_whatever_the_names_of_tags(tmp_path: Path) -> None:
    """Sixty objects, each used by other tags with the longest of names."""
    seen = [
        Seen(tag=f"{count}-{number}-{'x' * 120}", state=index_of(image(f"{number}"), name=f"{number}"))
        for number in range(25)
        for count in range(number + 1)
    ]
    files = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen))))
    chunk = json.loads(files["api/v1/repos/app/objects/-0.json"])
    assert len(chunk["where"]) == 50, "of each index, and of its image on its platform"
    assert 5_000 < len(json.dumps(chunk["where"], separators=(",", ":"))) < 14_000
    counted = {len(where["tags"].split()) + where.get("more", 0) for (where,) in chunk["where"]}
    assert counted == set(range(1, 26))


def test_a_platform_that_an_index_has_twice_is_reported_once(tmp_path: Path) -> None:
    """The page has its current address, whichever of the two it had before."""
    one, two = image("a", layers=(layer("y"),)), image("b", layers=(layer("x"),))
    first, then = Time("2018-01-01T00:00:00Z"), Time("2018-02-01T00:00:00Z")
    both, alone_now = index_of(one, two, name="both"), index_of(two, name="one")
    seen = [
        *(Seen(tag=tag, time=first, state=both) for tag in ("1", "2")),
        Seen(tag="1", time=then, state=alone_now),
        Seen(tag="2", time=then, gone="missing"),
    ]
    files = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen))))
    ((_, record),) = Index(files).records(hex_of(named("x")))
    assert [(where["tags"], where["slug"], where["from"], where["until"]) for where in record.where] == [
        (["1"], "linux-amd64", first, None),
        (["2"], "linux-amd64", first, then),
    ]
    assert "repos/app/1/linux-amd64/index.html" in files


def test_very_many_platforms_are_summarised(tmp_path: Path) -> None:
    platforms = [Platform(os="linux", architecture=f"a{number}") for number in range(40)]
    images = [image(f"{one}", layers=(layer("x"),), platform=one) for one in platforms]
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=index_of(*images))])
    ((_, record),) = Index(dict(files_of(iter_items(archive)))).records(hex_of(named("x")))
    assert [where["platform"] for where in record.where] == [*map(str, platforms[:32]), ""]
    assert {tuple(where["tags"]) for where in record.where} == {("1",)}


def test_an_image_id_of_two_manifests_has_the_uses_of_both(tmp_path: Path) -> None:
    first, second = (image(name, layers=(layer(name),), config="shared") for name in "ab")
    seen = [Seen(tag=one.manifest[7:10], state=alone(one)) for one in (first, second)]
    index = Index(dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen)))))
    told = {record.digest: record.where for _, record in index.records(hex_of(first.manifest))}
    assert [where["tags"] for where in told[first.manifest]] == [[seen[0].tag]]
    assert [sorted(where["tags"]) for where in told[first.config.digest]] == [sorted(one.tag for one in seen)]
    assert len(index.places(hex_of(first.config.digest))) == 1


def test_later_observations_change_only_the_uses_in_older_files(tmp_path: Path) -> None:
    states = [index_of(image(f"{n}", f"RUN {n}", layers=(layer(f"{n}"),)), name=f"{n}") for n in range(40)]
    seen = [Seen(tag="1", time=Time(f"2018-01-01T00:00:{n:02}Z"), state=one) for n, one in enumerate(states)]
    before = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen[:-1]))))
    after = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen[-1:]))))
    paths = sorted(path for path in before if "/objects/" in path)
    assert len(paths) == 3
    assert before[paths[0]] == after[paths[0]]
    old, new = (json.loads(files[paths[-1]]) for files in (before, after))
    assert new["objects"][: len(old["objects"])] == old["objects"]
    assert old["where"][-1][0].get("until") is None
    assert new["where"][old["where_of"][-1]][0]["until"] == seen[-1].time


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2**256 - 1), st.integers(0, 2**32 - 1)), max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_index_has_every_digest_of_every_image(told: list[tuple[str, int, int]]) -> None:
    digests = [(image, Digest(f"sha256:{value:064x}"), number) for image, value, number in told]
    packed = {
        image: pack_digests((digest, number) for name, digest, number in digests if name == image) for image in "cab"
    }
    for shards in (((1, None),), ((2, None),), ((3, None),)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search_indexes, "_SHARDS", shards)
            assets = {asset.path: asset.content for asset in iter_digest_assets(packed) if asset.path != SCRIPT}
            index = Index(assets)
            for name, digest, number in digests:
                assert (name, number) in index.places(hex_of(digest))
            found = [place for path in assets for place in index.places(Path(path).stem)]
        assert sorted(found) == sorted((name, number) for name, _, number in digests)


@pytest.mark.parametrize(
    ("count", "digits"), [(0, 1), (1_024, 1), (1_025, 2), (16_384, 2), (16_385, 3)], ids=lambda one: f"{one}"
)
def test_the_index_has_as_many_files_as_its_size_needs(count: int, digits: int) -> None:
    rows = [(Digest(f"sha256:{number:064x}"), number) for number in range(count)]
    assets = list(iter_digest_assets({"a": pack_digests(rows[:1_000]), "b": pack_digests(rows[1_000:])}))
    assert len(assets) == 16**digits + 1
    assert (assets[0].path, assets[0].content) == (SCRIPT, f"export const SHARD = {digits};\n".encode())


def test_digests_that_begin_alike_share_an_entry() -> None:
    digests = [Digest("sha256:abc" + "0" * 9 + rest * 52) for rest in "12"]
    packed = {"app": pack_digests((digest, number) for number, digest in enumerate(digests, 7))}
    shards = _shards_of(packed)
    assert shards["api/v1/digests/a.json"] == {"app": {"bc" + "0" * 9: [7, 8]}}


def test_a_platform_that_looks_like_an_attestation_leads_to_its_own_page(tmp_path: Path) -> None:
    attestation = image("b", layers=(layer("y"),), platform=Platform(os="unknown", architecture="unknown", variant="x"))
    lookalike = image("a", layers=(layer("x"),), platform=Platform(os="unknown", architecture="unknown-x"))
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=index_of(attestation, lookalike))])
    files = dict(files_of(iter_items(archive)))
    ((_, record),) = Index(files).records(hex_of(named("x")))
    assert f"repos/app/1/{record.where[0]['slug']}/index.html" in files
    ((_, record),) = Index(files).records(hex_of(named("y")))
    assert record.where[0]["slug"] == ""
