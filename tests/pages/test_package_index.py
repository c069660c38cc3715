"""The look-up of packages: its files, their bounds, and what becomes a path."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest

from collector.configuration import PackagePages, SiteSettings
from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.package_addresses import package_address
from collector.pages.package_index import MAX_IMAGES, MAX_VERSIONS, SCRIPT, iter_package_assets, join_uses, short_keys
from collector.pages.package_uses import InstalledUse, SourceUse, TagUse
from collector.site.build import BuildOptions, build_site
from collector.site.merge import merge_parts
from tests.pages.archives import iter_items
from tests.support.archives import ArchiveBuilder, deb, docker_image, single
from tests.support.folders import read_folder
from tests.support.shards import build_frame, build_parts


def use(version: str, *, first: str = "2018-01-01T00:00:00Z", source: str = "openssl") -> SourceUse:
    tags = TagUse(("1",), 1, 1, Time(first), None, "1", "linux-amd64")
    return SourceUse("deb", source, version, (InstalledUse("libssl3", version, None),), ("MIT",), tags)


def files_of(*found: tuple[str, list[SourceUse]]) -> dict[str, bytes]:
    return {asset.path: asset.content for asset in iter_package_assets(join_uses(found))}


COUNT = 6_000
"""Of packages; too many for files with one digit."""


def test_an_archive_without_packages_has_no_files() -> None:
    assert files_of(("app", [])) == {SCRIPT: b"export const NAMES = 0;\nexport const USES = 0;\n"}


def test_every_key_is_in_the_file_of_its_hash() -> None:
    files = files_of(
        ("app", [use(f"1.{number}", first=second(number), source=f"s-{number}") for number in range(COUNT)])
    )
    digits = {len(Path(path).stem) for path in files if "/uses/" in path}
    assert digits == {2}
    keys = 0
    for path, content in files.items():
        for key in json.loads(content) if path.endswith(".json") else ():
            assert f"{crc32(key.encode()):08x}".startswith(Path(path).stem)
            keys += 1
    assert keys == 2 * COUNT + 1


def test_many_versions_and_images_are_bounded_and_counted() -> None:
    versions = [use(f"1.{number}", first=second(number)) for number in range(400)]
    files = files_of(("app", versions), *((f"app{number}", [use("2")]) for number in range(100)))
    (of_name,) = (found["openssl"] for found in named(files) if "openssl" in found)
    listed = of_name["deb/openssl"]
    assert (len(listed["versions"]), listed["older"], listed["versions"][0][0]) == (MAX_VERSIONS, 101, "1.399")
    assert listed["installed"] == [["libssl3"]]
    uses = uses_in(files)
    answer = uses["deb/openssl@2"]
    assert (len(answer["images"]), answer["more"]) == (MAX_IMAGES, 60)
    assert "deb/openssl@1.0" in uses


def test_packages_that_came_and_went_together_share_their_uses() -> None:
    both = [use("1", source="a"), use("1", source="b"), use("1", first=second(1), source="c")]
    files = files_of(("app", both))
    keys = {
        name: of["deb/" + name]["versions"][0][1]
        for found in named(files)
        for name, of in found.items()
        if name != "libssl3"
    }
    assert keys["a"] == keys["b"] != keys["c"]
    assert uses_in(files).keys() == set(keys.values())


def test_keys_are_as_long_as_they_must_be() -> None:
    contents = [str(number).encode() for number in range(3_000)]
    keys = short_keys(contents)
    assert keys.keys() == set(contents)
    assert len(set(keys.values())) == len(contents)
    lengths = Counter(map(len, keys.values()))
    assert min(lengths) == 4 < max(lengths) < 9
    assert lengths[4] > 0.9 * len(contents)
    assert short_keys([b"0"]) == {b"0": sha256(b"0").hexdigest()[:4]}
    assert short_keys([]) == {}


def test_installed_packages_are_told_by_their_source() -> None:
    first = msgspec.structs.replace(use("1"), packages=(InstalledUse("libssl3", "1+b1", None),))
    files = files_of(("app", [first, use("2", first=second(1))]))
    names = {name: of["deb/openssl"] for found in named(files) for name, of in found.items()}
    assert [one[0] for one in names["openssl"]["versions"]] == ["2", "1"]
    assert names["openssl"]["installed"] == [["libssl3"], ["libssl3 1+b1"]]
    assert names["openssl"]["versions"][1][2:] == ["1", 1]
    assert names["libssl3"]["versions"][1][::2] == ["1+b1", "1"]
    assert "installed" not in names["libssl3"]


def test_a_site_of_current_packages_has_no_former_states(archive: ArchiveBuilder, tmp_path: Path) -> None:
    see(archive, "two", "2018-01-02", "2")
    see(archive, "one", "2018-01-02", "2")
    see(archive, "three", "2018-01-02", "2")
    settings: tuple[PackagePages, ...] = ("ever", "now")
    ever, now = (
        files_of_items(iter_items(tmp_path / "archive", SiteSettings(packages=packages))) for packages in settings
    )
    versions = [
        {
            version[0]
            for found in named(files)
            for version in found.get("openssl", {}).get("deb/openssl", {"versions": []})["versions"]
        }
        for files in (ever, now)
    ]
    assert versions == [{"1", "2"}, {"2"}]


def files_of_items(items: Iterable[object]) -> dict[str, bytes]:
    return {item.path: item.content for item in items if isinstance(item, Asset)}


def second(number: int) -> str:
    return f"2018-01-01T00:{number // 60:02}:{number % 60:02}Z"


def named(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(content) for path, content in files.items() if "packages/names/" in path]


def uses_in(files: dict[str, bytes]) -> dict[str, Any]:
    return {
        key: one
        for path, content in files.items()
        if "packages/uses/" in path
        for key, one in json.loads(content).items()
    }


@pytest.mark.parametrize(
    ("package_type", "name", "address"),
    [
        ("deb", "openssl", "packages/deb/openssl/"),
        ("deb", "gtk+2.0", "packages/deb/gtk+2.0/"),
        ("apk", "so-name.1", "packages/apk/so-name.1/"),
        ("npm", "left-pad", None),
        ("deb", "", None),
        ("deb", "..", None),
        ("deb", ".hidden", None),
        ("deb", "a/b", None),
        ("deb", "a\\b", None),
        ("deb", "A", None),
        ("deb", "a%2fb", None),
        ("deb", "é", None),
        ("deb", "a\n", None),
        ("deb", "x.json", None),
        ("deb", "index.html", None),
        ("deb", "a" * 129, None),
    ],
)
def test_the_path_of_a_package(package_type: str, name: str, address: str | None) -> None:
    assert package_address(package_type, name) == address


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveBuilder:
    builder = ArchiveBuilder(tmp_path / "archive")
    for image in ("one", "two", "three"):
        see(builder, image, "2018-01-01", "1")
    return builder


def see(builder: ArchiveBuilder, image: str, day: str, version: str) -> None:
    built = docker_image(f"{image} {version}", layers=(image, version))
    builder.see(f"{image}:latest", day, single(built))
    builder.scan(image, day, built, [deb("openssl", version), deb(f"lib{image}", version, "openssl")])


def test_parts_and_one_build_give_the_same_site(archive: ArchiveBuilder, tmp_path: Path) -> None:
    options = BuildOptions(jobs=1)
    build_site(tmp_path / "archive", tmp_path / "whole", options)
    frame = build_frame(tmp_path / "frame", options)
    parts = build_parts(tmp_path / "archive", frame, tmp_path / "parts", 2, options)
    merge_parts(parts, tmp_path / "merged", options)
    whole = read_folder(tmp_path / "whole")
    assert read_folder(tmp_path / "merged") == whole
    assert "packages/deb/openssl/index.html" in whole


def test_a_rebuild_gives_the_bytes_of_a_full_build(archive: ArchiveBuilder, tmp_path: Path) -> None:
    options = BuildOptions(jobs=1)
    build_site(tmp_path / "archive", tmp_path / "site", options)
    see(archive, "two", "2018-01-02", "2")
    build_site(tmp_path / "archive", tmp_path / "site", options)
    build_site(tmp_path / "archive", tmp_path / "full", options)
    assert read_folder(tmp_path / "site") == read_folder(tmp_path / "full")
