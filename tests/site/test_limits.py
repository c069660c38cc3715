"""A site with limits leaves out pages in a fixed order, the same for an archive however the site is built."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from collector.configuration import SiteSettings, SiteTable
from collector.model.times import Time
from collector.pages.left_out import HISTORIES, LeftOut
from collector.site.build import BuildOptions, build_site
from collector.site.destination import MARK
from collector.site.incremental import RankSize, TaskEntry
from collector.site.limits import iter_savings, lowest_rank
from collector.site.merge import merge_parts
from collector.site.record_store import Record
from collector.site.reports import BuildReport
from collector.site.shard_folder import read_parts
from collector.site.site_files import read_left_out, read_site_files
from tests.diff.builders import image
from tests.links import check_site
from tests.pages.archives import Seen, alone, day, write_archive
from tests.support.folders import bench_of, copy_site, read_folder
from tests.support.shards import build_parts

URL = "https://example.org/"
GONE = {"first": 2019, "second": 2020, "third": 2020}
STATES = 10
"""Of the tag with a separate page for its history."""


@pytest.mark.parametrize(
    ("settings", "savings"),
    [
        (SiteSettings(), ['packages = "now"']),
        (SiteSettings(packages="now"), ["packages = false"]),
        (SiteSettings(packages=""), []),
        (
            SiteSettings(plain_data=True, markdown=True, badges=True, editions=("2025-01-01",), packages=""),
            ["plain_data = false", "markdown = false", "badges = false", "fewer editions"],
        ),
    ],
)
def test_the_settings_that_save_space_are_named(settings: SiteSettings, savings: list[str]) -> None:
    assert list(iter_savings(settings)) == savings


def limited(*, size: int | None = None, files: int | None = None) -> BuildOptions:
    site = SiteTable(url=URL, markdown=True, limit_bytes=size, limit_files=files)
    return BuildOptions(jobs=1, site=site)


@pytest.fixture(scope="module")
def options() -> BuildOptions:
    return limited()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two images, each with tags that are gone, and with one that has a long history."""
    root = tmp_path_factory.mktemp("archive") / "archive"
    for name in ("one", "two"):
        seen = [
            Seen(tag="now", time=day(number), state=alone(image(f"FROM {name} {number}")))
            for number in range(1, STATES + 1)
        ]
        for tag, year in GONE.items():
            seen.append(Seen(tag=tag, time=Time(f"{year}-03-01T00:00:00Z"), state=alone(image(f"FROM {tag} {name}"))))
            seen.append(Seen(tag=tag, time=Time(f"{year}-04-01T00:00:00Z"), gone="missing"))
        write_archive(root, **{name: seen})
    return root


class Sites:
    """Builds sites of one archive without MkDocs."""

    def __init__(self, archive: Path, frame: Path, folder: Path) -> None:
        self._archive = archive
        self._frame = frame
        self._folder = folder

    def build(self, name: str, *, size: int | None = None, files: int | None = None) -> tuple[Path, BuildReport]:
        site = self._folder / name
        if not site.exists():
            copy_site(self._frame, site)
        return site, build_site(self._archive, site, limited(size=size, files=files))


@pytest.fixture
def sites(archive: Path, frame: Path, tmp_path: Path) -> Sites:
    return Sites(archive, frame, tmp_path)


def pages_of(site: Path) -> set[str]:
    return {path.parent.relative_to(site / "repos").as_posix() for path in site.glob("repos/**/index.html")}


def faults_of(site: Path) -> list[str]:
    return [fault for fault in check_site(site) if f"another host: {URL}" not in fault]


ALL = {
    f"{name}/{page}"
    for name in ("one", "two")
    for page in (
        *(f"{tag}{end}" for tag in GONE for end in ("", "/history")),
        "now",
        "now/history",
        "now/linux-amd64",
    )
}
OF_2019 = {"one/first", "one/first/history", "two/first", "two/first/history"}
OF_GONE = {page for page in ALL if "/now" not in page}
HISTORIES_OF_NOW = {"one/now/history", "two/now/history"}


@pytest.mark.parametrize(
    ("saved", "rank", "lacking"),
    [(1, 2019, OF_2019), (1_000, HISTORIES, OF_GONE | HISTORIES_OF_NOW)],
)
def test_those_that_went_first_are_left_out_first(
    sites: Sites, whole: Path, saved: int, rank: int, lacking: set[str]
) -> None:
    limit = len(read_folder(whole)) - saved
    site, report = sites.build("site", files=limit)
    assert pages_of(whole) - pages_of(site) == lacking
    assert pages_of(whole) == ALL | {"one", "two"}
    left, before = read_folder(site), read_folder(whole)
    missing = before.keys() - left.keys()
    assert report.left_out == LeftOut(
        rank=rank,
        # Redirects to a short history are no pages.
        pages=len([page for page in lacking if not page.endswith("/history") or page in HISTORIES_OF_NOW]),
        files=len(missing),
        size=sum(len(before[path]) for path in missing),
    )
    told = {"index.html", "index.md", "api/v1/index.json", "api/v1/names.json", "sitemap.xml", MARK}
    assert {path for path in left if left[path] != before[path]} == told
    assert json.loads(left["api/v1/names.json"])["left_out"] == msgspec.to_builtins(report.left_out)
    assert "To stay within the limits of its host, this site leaves out" in left["index.html"].decode()
    assert not any(f"{URL}repos/{page}/<" in left["sitemap.xml"].decode() for page in lacking)
    assert read_left_out(site) == {f"repos/{page}/index.html" for page in lacking}
    assert {file.path for file in read_site_files(site)} == left.keys() - {MARK}
    assert faults_of(site) == []
    if rank < HISTORIES:
        assert (len(left) <= limit, report.excess_files) == (True, 0)


def test_a_site_within_its_limits_is_the_whole(sites: Sites, whole: Path) -> None:
    site, report = sites.build("site", files=len(read_folder(whole)) + 1, size=10**9)
    assert (report.left_out, report.excess_files) == (None, 0)
    assert {**read_folder(site), MARK: b""} == {**read_folder(whole), MARK: b""}


def test_the_excess_is_reported_where_everything_is_left_out(sites: Sites) -> None:
    site, report = sites.build("site", files=1, size=1)
    files = [len(content) for path, content in read_folder(site).items() if path != MARK]
    assert (report.excess_files, report.excess_bytes) == (len(files) - 1, sum(files) - 1)


def test_every_way_to_a_site_gives_its_bytes(
    archive: Path, frame: Path, sites: Sites, whole: Path, tmp_path: Path
) -> None:
    """Built at once, with stricter and laxer limits than before, without any, and in parts."""
    size = sum(map(len, read_folder(whole).values()))
    laxer, stricter = (size - saved for saved in (6_000, 60_000))
    found = {}
    for name, limit in (("laxer", laxer), ("stricter", stricter)):
        site, report = sites.build(name, size=limit)
        assert report.left_out
        found[name] = (report.left_out.rank, read_folder(site), records_of(site))
    assert found["laxer"][0] < found["stricter"][0]
    for name, limit in (("stricter", stricter), ("laxer", laxer), ("laxer", laxer), ("stricter", stricter)):
        site, _ = sites.build("site", size=limit)
        assert (read_folder(site), records_of(site)) == found[name][1:]
    site, report = sites.build("site")
    assert read_folder(site) == read_folder(whole)
    parts = build_parts(archive, frame, tmp_path / "parts", 2, limited(size=laxer))
    merged = tmp_path / "merged"
    merge_parts(parts, merged)
    assert (read_folder(merged), records_of(merged)) == found["laxer"][1:]
    rest = tmp_path / "rest"
    merge_parts(parts, rest, without_pages=True)
    assert read_site_files(rest) == read_site_files(merged)
    pages = {
        path
        for part in read_parts(parts)
        for entry in part.facts.tasks.values()
        for path in part.records.must_read(entry.record, Record).paths
    }
    assert not pages & read_folder(rest).keys()


def records_of(site: Path) -> dict[str, bytes]:
    """What the next build continues from."""
    return {path: content for path, content in read_folder(bench_of(site)).items() if not path.startswith("bases/")}


def test_an_update_gives_the_bytes_of_a_full_build(archive: Path, frame: Path, whole: Path, tmp_path: Path) -> None:
    """Also where a tag goes, comes back, or the last page that fits does no longer."""
    options = limited(files=len(read_folder(whole)) - 1)
    grown = Path(shutil.copytree(archive, tmp_path / "grown"))
    site = copy_site(frame, tmp_path / "site")
    build_site(grown, site, options)
    ranks = []
    for number, seen in enumerate(
        (
            Seen(tag="first", time=day(20), state=alone(image("FROM back"))),
            Seen(tag="now", time=day(21), gone="missing"),
            *(Seen(tag=f"new{place}", time=day(22), state=alone(image(f"FROM {place}"))) for place in range(3)),
        )
    ):
        write_archive(grown, one=[seen])
        report = build_site(grown, site, options)
        ranks.append(report.left_out.rank if report.left_out else 0)
        full = copy_site(frame, tmp_path / f"full-{number}")
        build_site(grown, full, options)
        assert read_folder(site) == read_folder(full)
        assert faults_of(site) == []
    assert len(set(ranks)) > 1


def test_the_lowest_rank_that_suffices_is_chosen() -> None:
    ranked = tuple(RankSize(rank=rank, pages=1, files=10, size=1_000) for rank in (2019, 2020, HISTORIES))
    entries = [TaskEntry(key="", record="", pages=9, files=40, size=9_000, ranked=ranked)] * 2
    for limit, expected in ((101, 0), (100, 2019), (81, 2019), (80, 2020), (61, 2020), (1, HISTORIES)):
        settings = SiteSettings(limit_files=limit)
        assert lowest_rank(settings, entries, others=(20, 0), left_out=0) == expected
        # The same if the entries lack the first rank already.
        divided = [msgspec.structs.replace(entry, files=30, size=8_000) for entry in entries]
        assert lowest_rank(settings, divided, others=(20, 0), left_out=2019) == expected
