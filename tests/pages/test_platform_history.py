"""The history of each platform of a tag, on invented archives."""

from __future__ import annotations

from pathlib import Path

from collector.archive.store import Archive
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.pages.histories import Histories
from collector.pages.kinds.image import GroupRow, platform_cells, platform_columns, short_name
from collector.pages.platform_history import trace_platforms
from tests.diff.builders import image, layer
from tests.pages.archives import Seen, day, index_of, write_archive

ARM = Platform(os="linux", architecture="arm64", variant="v8")


def timelines_of(folder: Path, *seen: Seen) -> Histories:
    archive = Archive(write_archive(folder / "archive", app=list(seen)))
    return Histories(archive.load(parse_repository("app")))


def test_each_platform_has_its_own_day_and_reason(tmp_path: Path) -> None:
    first = image("a", "RUN a", layers=(layer("a"),))
    second = image("b", "RUN b", layers=(layer("b"),))
    arm = image("arm", "RUN a", layers=(layer("arm"),), platform=ARM)
    timelines = timelines_of(
        tmp_path,
        Seen(tag="1", time=day(1), state=index_of(first, name="one")),
        Seen(tag="1", time=day(2), state=index_of(first, arm, name="two")),
        Seen(tag="1", time=day(3), gone="missing"),
        Seen(tag="1", time=day(4), state=index_of(second, arm, name="three")),
    )
    since = trace_platforms(timelines.changes["1"], timelines.images)
    assert {slug: (found.time, found.reasons) for slug, found in since.items()} == {
        "linux-amd64": (day(4), ("dockerfile-changed",)),
        "linux-arm64-v8": (day(2), ("platform-added",)),
    }


def test_a_platform_that_returns_counts_as_new(tmp_path: Path) -> None:
    arm = image("arm", "RUN a", layers=(layer("arm"),), platform=ARM)
    both = index_of(image("a", layers=(layer("a"),)), arm, name="both")
    timelines = timelines_of(
        tmp_path,
        Seen(tag="1", time=day(1), state=both),
        Seen(tag="1", time=day(2), state=index_of(image("a", layers=(layer("a"),)), name="one")),
        Seen(tag="1", time=day(3), state=both),
    )
    since = trace_platforms(timelines.changes["1"], timelines.images)
    assert {slug: found.time for slug, found in since.items()} == {"linux-amd64": day(1), "linux-arm64-v8": day(3)}


def test_a_tag_that_was_never_readable_has_no_platform(tmp_path: Path) -> None:
    timelines = timelines_of(tmp_path, Seen(tag="1", time=day(1)))
    assert trace_platforms(timelines.changes["1"], timelines.images) == {}


def group(artifact: str = "", /, **platforms: int) -> GroupRow:
    named = {name.replace("_", "/"): size for name, size in platforms.items()}
    return GroupRow(tags=("1",), platforms=named, size=5, since=day(1), reasons=("rebuilt",), artifact=artifact)


def test_platforms_as_columns() -> None:
    groups = [group(linux_s390x=1_500_000, linux_386=2), group(linux_s390x=20_400_000, linux_amd64=1_000_000_000)]
    assert platform_columns(groups) == ("amd64", "s390x", "386")
    assert [platform_cells(each, platform_columns(groups)) for each in groups] == [
        ["", "1.5 MB", "2 B"],
        ["1.0 GB", "20 MB", ""],
    ]
    assert platform_columns([group("application/vnd.cncf.helm.config.v1+json")]) == ("artifact",)
    assert len(platform_columns([group(**{f"linux_a{number}": 1 for number in range(30)})])) == 10


def test_names_of_columns() -> None:
    assert short_name("linux/arm64/v8") == "arm64/v8"
    assert short_name("windows/amd64 10.0.14393.2007") == "windows"
    assert short_name("linux") == "linux"
