"""Atom feeds, checked with a schema of RFC 4287 and an independent parser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from lxml import etree

from collector.configuration import SiteSettings
from collector.model.times import Time
from collector.pages.documents import AnyAsset, Document, Item
from tests.diff.builders import image, layer
from tests.e2e.hostile import MARK, write_hostile_archive
from tests.pages.archives import Seen, alone, files_of, index_of, iter_items, write_archive
from tests.releases.made_up import AMD64, ARM, on, state_of
from tests.support.archives import ArchiveBuilder, deb, docker_image, single

SITE = "https://images.example.org/some/path/"
HERE = "https://somewhere.invalid/"
SPACE = {"a": "http://www.w3.org/2005/Atom"}


class Feed:
    """A feed, as a reader parses it."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))

    def texts(self, path: str) -> list[str]:
        found = self.root.xpath(f"{path}/text()", namespaces=SPACE)
        assert isinstance(found, list)
        return [str(one) for one in found]

    def links(self, path: str, base: str) -> list[str]:
        found = self.root.xpath(f"{path}/@href", namespaces=SPACE)
        assert isinstance(found, list)
        return [urljoin(base + self.path, str(one)) for one in found]

    @property
    def ids(self) -> list[str]:
        return self.texts("a:entry/a:id")

    @property
    def titles(self) -> list[str]:
        return self.texts("a:entry/a:title")

    @property
    def contents(self) -> list[str]:
        return self.texts("a:entry/a:content")


def feeds_of(items: Iterable[Item]) -> dict[str, Feed]:
    assets = (item for item in items if isinstance(item, AnyAsset) and item.path.endswith("feed.xml"))
    return {asset.path: Feed(asset.path, asset.content) for asset in assets}


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    return list(iter_items(write_hostile_archive(tmp_path_factory.mktemp("hostile") / "archive")))


@pytest.fixture(scope="module")
def hostile_feeds(hostile: list[Item]) -> dict[str, Feed]:
    return feeds_of(hostile)


@pytest.fixture(scope="module")
def feeds(items: list[Item]) -> dict[str, Feed]:
    return feeds_of(items)


def check(feed: Feed, schema: etree.RelaxNG, places: set[str], base: str) -> None:
    """Check all requirements of RFC 4287 (the section after each line), and the targets of links."""
    assert schema.validate(feed.root), schema.error_log
    assert len(set(feed.ids)) == len(feed.ids)  # 4.1.1
    assert feed.links("a:link[@rel='self']", base) == [base + feed.path]  # 4.1.1
    assert len(feed.root.findall("a:author", SPACE)) == 1  # 4.1.1
    assert len(feed.links("a:link[not(@rel)]", base)) == 1  # 4.1.1
    assert len(feed.links("a:entry/a:link", base)) == len(feed.ids)
    for link in feed.links("a:link[not(@rel)]", base) + feed.links("a:entry/a:link", base):
        assert link.startswith(base)
        assert unquote(link.removeprefix(base)).partition("#")[0] in places
    updated = feed.texts("a:entry/a:updated")
    assert updated == sorted(updated, reverse=True)
    assert feed.texts("a:updated") == updated[:1] or not updated
    assert all(text.strip() and text.isprintable() for text in (*feed.titles, *feed.contents))


@pytest.mark.parametrize("site_url", ["", SITE])
def test_every_feed_is_valid(sample: Path, schema: etree.RelaxNG, site_url: str) -> None:
    items = list(iter_items(sample, SiteSettings(url=site_url)))
    places = {item.address for item in items if isinstance(item, Document)}
    feeds = feeds_of(items)
    for feed in feeds.values():
        check(feed, schema, places, site_url or HERE)
    kinds = ("", *(item.address for item in items if isinstance(item, Document) and item.kind in {"image", "tag"}))
    assert feeds.keys() == {f"{address}feed.xml" for address in kinds}


def test_hostile_names_and_texts_are_text(
    hostile: list[Item], hostile_feeds: dict[str, Feed], schema: etree.RelaxNG
) -> None:
    places = {item.address for item in hostile if isinstance(item, Document)}
    for feed in hostile_feeds.values():
        check(feed, schema, places, HERE)
    assert "repos/owner/~feed.xml/feed.xml" in hostile_feeds
    assert "repos/localhost+5000/app/feed.xml" in hostile_feeds
    texts = [text for feed in hostile_feeds.values() for text in (*feed.titles, *feed.contents)]
    assert any(MARK in text for text in texts)
    assert max(len(text) for text in texts) < 2_000


def test_an_empty_archive_has_a_feed(tmp_path: Path, schema: etree.RelaxNG) -> None:
    feeds = feeds_of(iter_items(write_archive(tmp_path / "archive")))
    assert list(feeds) == ["feed.xml"]
    check(feeds["feed.xml"], schema, {""}, HERE)


def _day(number: int) -> Time:
    return Time(f"2018-01-{number:02}T00:00:00Z")


ONE = index_of(image("1", "ADD a in /", "ENV A_VERSION=1.0", layers=(layer("1", 1000),)), name="one")
TWO = index_of(
    image("2", "ADD a in /", "ENV A_VERSION=1.1", layers=(layer("2", 3000),)),
    image("arm", "ADD a in /", platform=ARM, layers=(layer("3", 2000),)),
    name="two",
)
HISTORY = [
    *(Seen(tag=tag, time=_day(1), state=ONE) for tag in ("1.0", "1")),
    *(Seen(tag=tag, time=_day(2), state=TWO) for tag in ("1.0", "1")),
    Seen(tag="1", time=_day(3), gone="missing"),
]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("short") / "archive", app=HISTORY)


def test_the_text_of_an_entry(short: Path) -> None:
    feed = feeds_of(iter_items(short))["repos/app/1.0/feed.xml"]
    assert feed.texts("a:title") == ["Releases of app:1.0"]
    assert feed.titles == [
        "app:1.0: A_VERSION 1.0 → 1.1 (on linux/amd64); new platform: linux/arm64 · 1 of 2 platforms",
        "app:1.0: first seen",
    ]
    assert feed.contents == [
        f"Was {ONE.digest}. Now {TWO.digest}. "
        "linux/amd64: 1.0 KB → 3.0 KB, 1 new layer (3.0 KB), 1 step changed, 1 setting changed.",
        f"Now {ONE.digest}. Platforms: linux/amd64 (1.0 KB).",
    ]
    reasons = feed.root.xpath("a:entry[1]/a:category/@term", namespaces=SPACE)
    assert reasons == ["dockerfile-changed", "new-platform"]
    assert feed.links("a:entry/a:link", HERE) == [
        f"{HERE}repos/app/1.0/#r-{state.digest.removeprefix('sha256:')[:12]}" for state in (TWO, ONE)
    ]


def test_tags_with_the_same_release_share_an_entry(short: Path) -> None:
    feed = feeds_of(iter_items(short))["repos/app/feed.xml"]
    assert feed.titles == [
        "app:1: removed from the registry",
        "app:1.0 and 1 more: A_VERSION 1.0 → 1.1 (on linux/amd64); new platform: linux/arm64 · 1 of 2 platforms",
        "app:1.0 and 1 more: first seen",
    ]
    assert feed.contents[0] == f"Was {TWO.digest}."
    assert feed.contents[1].startswith("Tags: 1.0, 1. Was sha256:")
    assert feeds_of(iter_items(short))["feed.xml"].ids == feed.ids


def test_the_last_change_of_a_gone_tag_is_shown(short: Path) -> None:
    assert feeds_of(iter_items(short))["repos/app/1/feed.xml"].titles == ["app:1: removed from the registry"]


def test_that_a_tag_is_still_absent_is_no_entry(tmp_path: Path) -> None:
    seen = [Seen(tag="1", time=_day(1), gone="missing"), Seen(tag="1", time=_day(2), state=ONE)]
    found = feeds_of(iter_items(write_archive(tmp_path / "archive", app=seen)))
    assert {path: feed.titles for path, feed in found.items()} == {
        path: ["app:1: first seen"] for path in ("feed.xml", "repos/app/feed.xml", "repos/app/1/feed.xml")
    }


def test_ids_of_entries_never_change(short: Path, tmp_path: Path) -> None:
    """Not with news, not with another tag that took the same step, and not at another address."""
    news = [
        Seen(tag="1.0", time=_day(4), state=ONE),
        Seen(tag="latest", time=_day(1), state=ONE),
        Seen(tag="latest", time=_day(2), state=TWO),
    ]
    later = write_archive(tmp_path / "archive", app=[*HISTORY, *news])
    before, after = feeds_of(iter_items(short)), feeds_of(iter_items(later, SiteSettings(url=SITE)))
    for path in ("repos/app/feed.xml", "repos/app/1.0/feed.xml"):
        assert after[path].ids[1:] == before[path].ids
        assert after[path].texts("a:id") == before[path].texts("a:id")
    assert "and 2 more" in after["repos/app/feed.xml"].titles[-1]


def test_a_release_that_reaches_a_platform_keeps_its_id_and_is_updated(tmp_path: Path) -> None:
    """One entry in the feeds of the tag, the image and the site; the JSON has both times, too."""
    images = [(1, on(AMD64, ARM)), (5, [*on(AMD64, version="2"), *on(ARM)]), (6, on(AMD64, ARM, version="2"))]
    seen = [Seen(tag="1", time=_day(number), state=state_of(found)) for number, found in images]
    root = write_archive(tmp_path / "archive", app=seen[:2])
    before = list(iter_items(root))
    after = list(iter_items(write_archive(root, app=seen[2:])))
    for path in ("repos/app/1/feed.xml", "repos/app/feed.xml", "feed.xml"):
        old, new = feeds_of(iter(before))[path], feeds_of(iter(after))[path]
        assert new.ids == old.ids
        assert len(new.ids) == 2
        assert [feed.texts("a:entry/a:updated")[0] for feed in (old, new)] == [_day(5), _day(6)]
        assert ("1 of 2 platforms" in old.titles[0], "2 of 2 platforms" in new.titles[0]) == (True, True)
    told = [json.loads(dict(files_of(iter(items)))["api/v1/repos/app/1.json"])["release"] for items in (before, after)]
    assert [release.get("updated", release.get("since")) for release in told] == [None, _day(6)]
    assert [release["arrived"] for release in told] == [{"linux-amd64": 1}, {"linux-amd64": 1, "linux-arm64-v8": 2}]


def test_feeds_have_only_the_newest_entries(tmp_path: Path, feeds: dict[str, Feed]) -> None:
    states = [alone(image(str(number), layers=(layer(str(number)),))) for number in range(40)]
    seen = [
        Seen(tag=tag, time=Time(f"2018-01-{number // 2 + 1:02}T{number % 2:02}:0{place}:00Z"), state=state)
        for number, state in enumerate(states)
        for place, tag in enumerate(("a", "b", "old"))
    ]
    seen.append(Seen(tag="old", time=_day(30), gone="removed"))
    found = feeds_of(iter_items(write_archive(tmp_path / "archive", app=seen, other=seen)))
    counts = {path: len(feed.ids) for path, feed in found.items()}
    assert counts["feed.xml"] == 30
    assert counts["repos/app/feed.xml"] == 20
    assert counts["repos/app/a/feed.xml"] == 5
    assert counts["repos/app/old/feed.xml"] == 1
    newest = list(_iter_updated(found["repos/app/feed.xml"], found["repos/other/feed.xml"]))
    assert found["feed.xml"].texts("a:entry/a:updated") == sorted(newest, reverse=True)[:30]
    assert max(len(feed.ids) for feed in feeds.values()) == 30


def test_an_entry_names_the_packages(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    versions = {"2018-01-01": "1.0-1", "2018-03-01": "1.0-2", "2018-05-01": "1.0-2"}
    for day, version in versions.items():
        built = docker_image(day, layers=(day,))
        builder.see("app:1", day, single(built))
        libraries = [deb(f"lib{number:02}", version) for number in range(14)]
        builder.scan("app", day, built, [deb("libssl3", version, "openssl"), deb("bash", "5"), *libraries])
    rebuilt, updated, _ = feeds_of(iter_items(tmp_path / "archive"))["repos/app/1/feed.xml"].contents
    assert rebuilt.endswith(" Same packages.")
    assert " Packages: lib00 1.0-1 → 1.0-2, lib01 " in updated
    assert updated.endswith("lib11 1.0-1 → 1.0-2 and 3 more.")


def _iter_updated(*feeds: Feed) -> Iterator[str]:
    for feed in feeds:
        yield from feed.texts("a:entry/a:updated")


def test_entries_are_small(items: list[Item]) -> None:
    """There are as many feeds as tags: half a kilobyte each, and the frame of a feed is as much."""
    assets = [item.content for item in items if isinstance(item, AnyAsset) and item.path.endswith("/feed.xml")]
    entries = sum(content.count(b"<entry>") for content in assets)
    assert sum(map(len, assets)) < 520 * (entries + len(assets))
