"""Addresses are a contract: descriptions that nobody will change contain links to them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.model.platforms import Platform, platform_slug, platform_slugs
from collector.model.references import parse_repository
from collector.pages.addresses import Addresses, Links, objects_path
from collector.site.plain_files import checked
from tests.diff.builders import image, layer
from tests.pages.archives import Seen, alone, files_of, index_of, iter_items, write_archive

PYTHON = parse_repository("python")


def addresses(*names: str) -> Addresses:
    return Addresses([parse_repository(name) for name in names])


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("python", "repos/python/"),
        ("docker.io/library/python", "repos/python/"),
        ("bitnami/redis", "repos/bitnami/redis/"),
        ("ghcr.io/owner/name", "repos/ghcr.io/owner/name/"),
        ("quay.io/a/b/c", "repos/quay.io/a/b/c/"),
        ("localhost:5000/app", "repos/localhost+5000/app/"),
        ("localhost/app", "repos/localhost/app/"),
        ("[::1]:5000/app", "repos/++1_+5000/app/"),
        ("owner/feed.xml", "repos/owner/~feed.xml/"),
        ("owner/index.html", "repos/owner/~index.html/"),
        ("owner/objects/0.json", "repos/owner/objects/~0.json/"),
        ("name.json", "repos/~name.json/"),
        ("docker.io/ghcr.io/name", "repos/docker.io/ghcr.io/name/"),
    ],
)
def test_image(name: str, address: str) -> None:
    assert Addresses([]).image(parse_repository(name)) == address


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("3.6", "repos/python/3.6/"),
        ("history", "repos/python/history/"),
        ("feed.xml", "repos/python/~feed.xml/"),
        ("index.html", "repos/python/~index.html/"),
        ("index.md", "repos/python/~index.md/"),
        ("index.json", "repos/python/~index.json/"),
        ("0.json", "repos/python/~0.json/"),
        ("objects", "repos/python/objects/"),
        ("Feed.xml", "repos/python/Feed.xml/"),
    ],
)
def test_tag(tag: str, address: str) -> None:
    assert addresses("python").tag(PYTHON, tag) == address


def test_a_tag_named_history_keeps_its_own_history() -> None:
    known = addresses("python")
    assert known.history(PYTHON, "history") == "repos/python/history/history/"
    assert known.history(PYTHON, "3.6") == "repos/python/3.6/history/"
    assert known.platform(PYTHON, "history", "linux-amd64") == "repos/python/history/linux-amd64/"


def test_an_image_has_the_address_and_the_tag_gives_way() -> None:
    known = addresses("owner", "owner/name", "owner/deep/er", "owner/feed.xml")
    owner = parse_repository("owner")
    assert known.image(parse_repository("owner/name")) == "repos/owner/name/"
    assert known.tag(owner, "name") == "repos/owner/~name/"
    assert known.platform(owner, "name", "linux-amd64") == "repos/owner/~name/linux-amd64/"
    assert known.history(owner, "name") == "repos/owner/~name/history/"
    assert known.tag(owner, "deep") == "repos/owner/~deep/", "on the way to an image"
    assert known.tag(owner, "other") == "repos/owner/other/"
    assert known.tag(owner, "feed.xml") == "repos/owner/~~feed.xml/", "~feed.xml is an image already"
    assert known.tag(parse_repository("owner/deep"), "er") == "repos/owner/deep/~er/"


def test_an_address_does_not_depend_on_images_elsewhere() -> None:
    assert addresses("python").tag(PYTHON, "3.6") == addresses("python", "owner/3.6", "zope").tag(PYTHON, "3.6")


_NAMES = st.sampled_from(
    "owner owner/name owner/name/sub owner/feed.xml owner/objects owner/changes owner/objects/0.json owner/linux-amd64 "
    "owner/name/history ghcr.io/owner/name docker.io/ghcr.io/owner/name ghcr.io localhost:5000/owner localhost/owner "
    "docker.io/localhost/owner index.json owner/index.json".split()
)
_TAGS = st.sampled_from(
    "name sub history feed.xml index.html index.json index.md objects changes 0.json linux-amd64 latest Latest owner _ "
    "A.json 0000000000000000.json".split()
)
_WORDS = st.text(max_size=60) | st.sampled_from(["", ".", "..", "history", "linux", "0.json", "feed.xml", "x" * 300])
_PLATFORMS = st.builds(Platform, os=_WORDS, architecture=_WORDS, variant=_WORDS, os_version=_WORDS)


@given(st.dictionaries(_NAMES, st.sets(_TAGS, min_size=1, max_size=6), min_size=1), st.lists(_PLATFORMS, max_size=3))
@settings(max_examples=60, deadline=None)
def test_no_two_files_of_a_hostile_archive_meet(names: dict[str, set[str]], platforms: list[Platform]) -> None:
    images = [image(str(at), platform=platform, layers=(layer(f"{at}"),)) for at, platform in enumerate(platforms)]
    state = index_of(*images, alone(image("plain")).images[0])
    with TemporaryDirectory() as folder:
        archive = write_archive(
            Path(folder) / "archive",
            **{name: [Seen(tag=tag, state=state) for tag in sorted(tags)] for name, tags in names.items()},
        )
        paths = [checked(path) for path, _ in files_of(iter_items(archive))]
    assert len(paths) == len(set(paths))
    folders = {"/".join(path.split("/")[:end]) for path in paths for end in range(1, path.count("/") + 1)}
    assert folders.isdisjoint(paths), "a file where another has a folder"
    assert all(len(part.encode()) <= 255 for path in paths for part in path.split("/")), "no file system takes it"
    tags = sum(len(of_name) for of_name in names.values())
    assert sum(path.endswith("/history/index.html") for path in paths) >= tags


_PART = st.from_regex(r"[a-z0-9]{1,3}([._-][a-z0-9]{1,2})?", fullmatch=True)


@given(st.lists(_PART, min_size=1, max_size=4), st.sampled_from(["docker.io", "ghcr.io", "localhost:5000", "a.b"]))
def test_the_familiar_name_of_an_image_is_its_own(path: list[str], registry: str) -> None:
    repository = parse_repository(f"{registry}/{'/'.join(path)}")
    assert parse_repository(repository.familiar) == repository
    assert Addresses([]).image(repository).count("/") >= 2


@given(st.lists(_PLATFORMS, max_size=8))
def test_slugs_are_names_of_folders_and_their_own(platforms: list[Platform]) -> None:
    slugs = platform_slugs(platforms)
    assert len(set(slugs)) == len(platforms)
    for slug in slugs:
        assert "-" in slug
        assert "/" not in slug
        assert len(slug.encode()) < 255


def test_ten_thousand_images_for_one_platform_have_each_a_slug() -> None:
    slugs = platform_slugs([Platform(os="linux", architecture="amd64")] * 10_000)
    assert (slugs[:3], slugs[-1]) == (["linux-amd64", "linux-amd64-2", "linux-amd64-3"], "linux-amd64-10000")
    taken = [Platform(os="linux", architecture="amd64", variant="2"), *[Platform(os="linux", architecture="amd64")] * 2]
    assert platform_slugs(taken) == ["linux-amd64-2", "linux-amd64", "linux-amd64-3"]


def test_a_slug_without_a_system_is_no_other_page() -> None:
    assert platform_slug(Platform(os="history", architecture="")) == "history-_"
    assert platform_slug(Platform(os="", architecture="")) == "_-_"
    assert platform_slug(Platform(os="..", architecture="/")) == "..-_"


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("", "repos/python/", "repos/python/index.md"),
        ("repos/python/", "", "../../index.md"),
        ("repos/python/", "repos/python/3.6/", "3.6/index.md"),
        ("repos/python/3.6/", "repos/python/", "../index.md"),
        ("repos/python/3.6/", "repos/python/3.6/", "index.md"),
        ("repos/python/3.6/history/", "repos/python/3.6/linux-amd64/", "../linux-amd64/index.md"),
        ("repos/python/3.6/", "repos/python/3/", "../3/index.md"),
        ("repos/a/", "repos/localhost+5000/~feed.xml/", "../localhost+5000/~feed.xml/index.md"),
        ("repos/a/", "repos/b c(d)[e]<f>/", "../b%20c%28d%29%5Be%5D%3Cf%3E/index.md"),
    ],
)
def test_links_are_relative(here: str, there: str, link: str) -> None:
    assert Links(here).to(there) == link


def test_objects_are_in_the_folder_of_their_image() -> None:
    assert objects_path("repos/python/", 3) == "api/v1/repos/python/objects/-3.json"


def test_a_repository_outside_the_grammar_is_never_read_from_disk(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", python=[Seen(tag="3", state=alone(image()))])
    (archive / "docker.io" / "library" / "~evil").mkdir()
    (archive / "docker.io" / "library" / "~evil" / "2018-01.jsonl").write_text("{}\n")
    paths = [path for path, _ in files_of(iter_items(archive))]
    assert "repos/python/3/index.html" in paths
    assert not [path for path in paths if "evil" in path]
