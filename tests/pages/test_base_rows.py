"""What the pages say of the images that an image was built on, and of those that are built on a tag."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from collector.configuration import SiteSettings
from collector.model.images import Image
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.documents import Document
from tests.diff.builders import AMD64, ROOT, image, layer
from tests.pages.archives import Seen, alone, day, files_of, index_of, iter_items, write_archive
from tests.releases.made_up import S390X, base_of, built

ARM = Platform(os="linux", architecture="arm64", variant="v8")
PLATFORMS = {"amd64": AMD64, "arm64": ARM}


def root_image(name: str, architecture: str = "amd64") -> Image:
    key = f"{name} {architecture}"
    return image(key, ROOT, layers=(layer(key),), platform=PLATFORMS[architecture])


def on(base: Image, name: str) -> Image:
    layers = (*base.layers, layer(f"{name} {base.manifest}"))
    return image(f"{name} {base.manifest}", ROOT, "RUN make", layers=layers, platform=base.platform)


def seen(tag: str, number: int, *images: Image) -> Seen:
    return Seen(tag=tag, time=day(number), state=index_of(*images, name=" ".join(one.manifest for one in images)))


def write(root: Path, *, moves: bool = True) -> Path:
    """Debian for two platforms, of which one moves later; Python on both; a tag of Ruby that is gone."""
    old, new, arm = root_image("old"), root_image("new"), root_image("arm", "arm64")
    observations = [seen("stretch", 1, old), seen("stretch", 2, old, arm), seen("sid", 2, root_image("sid"))]
    return write_archive(
        root,
        debian=[*observations, *([seen("stretch", 9, new, arm)] if moves else [])],
        python=[seen("3.6", 3, on(old, "python"), on(arm, "python"))],
        ruby=[seen("2.4", 3, on(old, "ruby")), Seen(tag="2.4", time=day(4), gone="missing")],
    )


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    return dict(files_of(iter_items(write(tmp_path / "archive"))))


def twin(files: dict[str, bytes], name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(files[f"api/v1/repos/{name}.json"])
    return found


def text(files: dict[str, bytes], name: str) -> str:
    return files[f"repos/{name}/index.html"].decode()


def test_the_page_of_a_platform(files: dict[str, bytes]) -> None:
    assert twin(files, "python/3.6/linux-amd64")["base"] == {
        "image": "debian",
        "tag": "stretch",
        "address": "repos/debian/stretch/",
        "manifest": root_image("old").manifest,
        "since": "2024-01-01T00:00:00Z",
        "moved": "2024-01-09T00:00:00Z",
    }
    assert (
        "| Built on | [`debian:stretch`](../../../debian/stretch/index.md) as of 2024-01-01, which has moved since "
        "(2024-01-09); deduced from layers and steps |" in text(files, "python/3.6/linux-amd64")
    )
    assert "base" not in twin(files, "debian/stretch/linux-amd64")
    assert "Built on |" not in text(files, "debian/stretch/linux-amd64")


def test_the_page_of_a_tag(tmp_path: Path, files: dict[str, bytes]) -> None:
    """One row for all platforms, except where the base moved on some."""
    amd64, arm64 = twin(files, "python/3.6")["bases"]
    assert (amd64["platforms"], amd64["moved"]) == (["linux-amd64"], "2024-01-09T00:00:00Z")
    assert (arm64["platforms"], arm64.get("moved")) == (["linux-arm64-v8"], None)
    assert "(2024-01-09) · linux/amd64\n- [`debian:stretch`]" in text(files, "python/3.6")
    files = dict(files_of(iter_items(write(tmp_path / "unmoved", moves=False))))
    assert twin(files, "python/3.6")["bases"] == [
        {
            "image": "debian",
            "tag": "stretch",
            "address": "repos/debian/stretch/",
            "since": "2024-01-01T00:00:00Z",
            "last_since": "2024-01-02T00:00:00Z",
        }
    ]
    assert "Built on [`debian:stretch`](../../debian/stretch/index.md) as of 2024-01-01 to 2024-01-02; deduced" in text(
        files, "python/3.6"
    )
    assert twin(files, "ruby/2.4")["bases"][0]["tag"] == "stretch"


def test_two_images_of_a_base_on_one_day_differ_by_their_minutes(tmp_path: Path) -> None:
    old = root_image("old")
    moved = msgspec.structs.replace(seen("stretch", 1, root_image("new")), time="2024-01-01T09:30:00Z")
    root = write_archive(
        tmp_path / "archive", debian=[seen("stretch", 1, old), moved], python=[seen("3.6", 3, on(old, "python"))]
    )
    files = dict(files_of(iter_items(root)))
    for name in ("python/3.6", "python/3.6/linux-amd64"):
        assert " as of 2024-01-01 00:00 UTC, which has moved since (2024-01-01 09:30 UTC); " in text(files, name)


def test_a_base_that_reached_a_platform_on_the_day_of_its_move(tmp_path: Path) -> None:
    """`as of A to B, moved B` has the minutes as well."""
    old, arm = root_image("old"), root_image("arm", "arm64")
    both = msgspec.structs.replace(seen("stretch", 2, old, arm), time="2024-01-02T08:00:00Z")
    moved = [root_image("new"), root_image("new", "arm64")]
    newer = msgspec.structs.replace(seen("stretch", 2, *moved), time="2024-01-02T09:30:00Z")
    root = write_archive(
        tmp_path / "archive",
        debian=[seen("stretch", 1, old), both, newer],
        python=[seen("3.6", 3, on(old, "python"), on(arm, "python"))],
    )
    assert (
        " as of 2024-01-01 00:00 UTC to 2024-01-02 08:00 UTC, which has moved since (2024-01-02 09:30 UTC); "
        in text(dict(files_of(iter_items(root))), "python/3.6")
    )


def test_two_releases_of_a_base_on_one_day_differ_by_their_minutes(tmp_path: Path) -> None:
    """In tables and feeds; a release that is the only one of its day has no minute."""
    times = ("2024-01-02T00:00:00Z", "2024-01-05T09:30:00Z", "2024-01-05T14:05:00Z", "2024-01-15T09:30:00Z")
    root = write_archive(
        tmp_path / "archive",
        debian=[
            Seen(tag="stretch", time=Time(time), state=alone(base_of(base=number)))
            for number, time in enumerate(times, 1)
        ],
        python=[
            Seen(
                tag="3.6",
                time=Time(time.replace("5:00Z", "7:00Z").replace("0:00Z", "2:00Z")),
                state=alone(built(base=number)),
            )
            for number, time in enumerate(times, 1)
        ],
    )
    files = dict(files_of(iter_items(root)))
    said = re.findall(r"· base \[(.*?)\]", text(files, "python/3.6"))
    told = ["debian:stretch", "debian:stretch, 2024-01-05 14:05 UTC", "debian:stretch, 2024-01-05 09:30 UTC"]
    assert said == [f"{told[0]}, 2024-01-15", *told[1:]]
    for feed in ("python/3.6/", "python/", ""):
        content = files[f"{feed and f'repos/{feed}'}feed.xml"].decode()
        assert re.findall(r"Built on (debian:.*?)\.", content) == [one.replace(", ", " of ") for one in said]


def test_what_is_built_on_a_tag_and_on_an_image(files: dict[str, bytes]) -> None:
    rows = [
        {"image": "python", "address": "repos/python/", "tags": ["3.6"], "now": 1, "ever": 1},
        {"image": "ruby", "address": "repos/ruby/", "ever": 1},
    ]
    assert twin(files, "debian/stretch")["built_on"] == rows
    assert twin(files, "debian")["built_on"] == rows
    assert "built_on" not in twin(files, "debian/sid")
    for name in ("debian/stretch", "debian"):
        assert "Now 1 image with 1 tag; 2 images with 2 tags over time.\n" in text(files, name)
        assert "python/index.md) | `3.6` | 1 |\n" in text(files, name)
    assert "Images built on it" not in text(files, "debian/sid")


@pytest.mark.parametrize("count", [10, 11])
def test_a_long_list_of_what_is_built_on_a_tag_is_folded(tmp_path: Path, count: int) -> None:
    base = root_image("old")
    users = {f"a{number}": [seen("1", 3, on(base, str(number)))] for number in range(count)}
    root = write_archive(tmp_path / "archive", debian=[seen("stretch", 1, base)], **users)
    markdown = text(dict(files_of(iter_items(root))), "debian/stretch")
    assert ("\n*All of them*\n\n| Image |" in markdown) == (count > 10)


def test_a_long_list_is_cut_off(tmp_path: Path) -> None:
    base = root_image("old")
    names = [f"image{number:03}" for number in range(120)]
    archive = {name: [seen(f"1.{tag}", 2, on(base, name)) for tag in range(2)] for name in names}
    archive["many"] = [seen(f"1.{tag}", 2, on(base, "many")) for tag in range(30)]
    files = dict(files_of(iter_items(write_archive(tmp_path / "a", debian=[seen("stretch", 1, base)], **archive))))
    rows = twin(files, "debian/stretch")["built_on"]
    assert (len(rows), rows[0]["image"], rows[0]["now"], len(rows[0]["tags"])) == (121, "many", 30, 12)
    page = text(files, "debian/stretch")
    assert "`1.18` and 18 more | 30 |" in page
    assert "The JSON lists 21 more." in page


def test_an_edition_does_not_name_bases(tmp_path: Path) -> None:
    """They are found in the archive as it is now, and an edition does not change."""
    settings = SiteSettings(editions=("2024-01-05",))
    pages = [one for one in iter_items(write(tmp_path / "a"), settings) if isinstance(one, Document) and one.past]
    assert len(pages) > 3
    assert not [page.address for page in pages if "Built on" in page.markdown]


@pytest.fixture
def moved(tmp_path: Path) -> dict[str, bytes]:
    """Python, which follows Debian on both of its platforms."""
    return pages_of(tmp_path / "archive", seen("3.6", 8, built(base=2), built(S390X, base=2)))


def pages_of(root: Path, *later: Seen) -> dict[str, bytes]:
    """The pages of Debian, which moves on two platforms, and of Python, which starts from Debian's first release."""
    debian = [seen("stretch", 1, base_of(), base_of(S390X)), seen("stretch", 7, base_of(base=2), base_of(S390X, 2))]
    python = [seen("3.6", 2, built(), built(S390X)), *later]
    return dict(files_of(iter_items(write_archive(root, debian=debian, python=python))))


def anchor_of(files: dict[str, bytes]) -> str:
    """The name of Debian's newest release in addresses."""
    newest = twin(files, "debian/stretch")["digest"]
    return f"r-{newest.removeprefix('sha256:')[:12]}"


def test_a_release_names_the_release_of_the_base_that_moved(moved: dict[str, bytes]) -> None:
    release, first = twin(moved, "python/3.6/history")["releases"]
    assert "bases" not in first
    (base,) = release["bases"]
    assert base == {"image": "debian", "tag": "stretch", "since": "2024-01-07T00:00:00Z"}
    anchor = anchor_of(moved)
    link = f"· base [debian:stretch, 2024-01-07](../../debian/stretch/index.md#{anchor}) |"
    assert text(moved, "python/3.6").count(link) == 1
    assert f"](#{anchor})" in text(moved, "debian/stretch")


def test_feeds_lead_to_the_release_of_the_base(moved: dict[str, bytes]) -> None:
    for folder, up in (("repos/python/3.6", "../../"), ("repos/python", "../"), ("", "repos/")):
        feed = moved[f"{folder}/feed.xml".lstrip("/")].decode()
        assert f'<link rel="related" href="{up}debian/stretch/#{anchor_of(moved)}"/>' in feed
        assert "Built on debian:stretch of 2024-01-07." in feed


def test_a_base_that_moved_on_one_of_several_platforms_is_shown_with_the_platform(tmp_path: Path) -> None:
    files = pages_of(tmp_path / "archive", seen("3.6", 8, built(base=2, version="2"), built(S390X, version="2")))
    history = twin(files, "python/3.6/history")
    assert history["releases"][0]["bases"][0]["platforms"] == ["linux-amd64"]
    assert history["platform_names"]["linux-amd64"] == "linux/amd64"
    assert ") on linux/amd64 |" in text(files, "python/3.6")
