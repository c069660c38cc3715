"""The lines of a timeline, on invented archives; and that the site can draw them all."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.model.images import Image
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.addresses import Addresses
from collector.pages.histories import Histories
from collector.pages.markdown import fence
from collector.pages.repository_context import RepositoryContext
from collector.site.body import render_body
from tests.diff.builders import AMD64, image, layer
from tests.pages.archives import Seen, day, index_of, write_archive

ARM = Platform(os="linux", architecture="arm64", variant="v8")


def built(version: str, platform: Platform = AMD64, size: int = 10) -> Image:
    name = f"{version} {platform}"
    return image(name, "ADD a in /", f"ENV A_VERSION={version}", layers=(layer(name, size),), platform=platform)


def lines_of(folder: Path, *seen: Seen) -> list[str]:
    repository = parse_repository("app")
    histories = Histories(Archive(write_archive(folder / "archive", app=list(seen))).load(repository))
    return RepositoryContext(histories, Addresses([repository])).timelines.lines("1").split("\n")


def at(number: int, *images: Image) -> Seen:
    return Seen(tag="1", time=day(number), state=index_of(*images, name=f"{number}"))


def short(lines: list[str]) -> list[str]:
    """Without times but for the day, and without what releases are called in addresses."""
    return [line.replace("2024-01-", "").replace("T00:00:00Z", "") for line in lines if not line.startswith("release")]


def test_the_release_of_each_platform_and_the_one_it_waits_for(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path,
        at(1, built("1"), built("1", ARM)),
        at(3, built("2", size=30), built("1", ARM)),
        at(4, built("2", size=30), built("2", ARM)),
        at(5, built("3", size=30)),
        at(6, built("3", size=30), built("3", ARM)),
        Seen(tag="1", time=day(8), gone="missing"),
    )
    assert short(lines) == [
        "page",
        "platform 01=0 03=1 05=2 08=absent linux/amd64",
        "platform 01=0 03=behind 04=1 05=behind 06=2 08=absent linux/arm64/v8",
        "size 01=10 03=30 08=- linux/amd64",
    ]
    releases = [line.split(" ", 4) for line in lines if line.startswith("release")]
    assert [(cause, text) for _, _, cause, _, text in releases] == [
        ("first-seen", "first seen"),
        ("version", "A_VERSION 1 → 2"),
        ("version", "A_VERSION 2 → 3"),
        ("gone", "removed from the registry"),
    ]


def test_a_platform_that_leaves_and_comes_back_unchanged_is_absent_between(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path,
        at(1, built("1"), built("1", ARM)),
        at(2, built("2"), built("2", ARM)),
        Seen(tag="1", time=day(3), gone="missing"),
        at(4, built("2"), built("2", ARM)),
    )
    assert short(lines)[1:3] == [
        "platform 01=0 02=1 03=absent 04=1 linux/amd64",
        "platform 01=0 02=1 03=absent 04=1 linux/arm64/v8",
    ]


def test_a_platform_whose_os_version_becomes_known_keeps_its_lane(tmp_path: Path) -> None:
    bare, full = (Platform(os="windows", architecture="amd64", os_version=version) for version in ("", "10.0.14393.1"))
    lines = lines_of(
        tmp_path,
        at(1, built("1"), built("1", bare)),
        at(2, built("2"), built("2", bare)),
        at(3, built("3"), built("3", full)),
        at(4, built("4"), built("4", full)),
    )
    assert short(lines)[1:3] == [
        "platform 01=0 02=1 03=2 04=3 linux/amd64",
        "platform 01=0 02=1 03=2 04=3 windows/amd64 10.0.14393.1",
    ]
    assert sum(line.startswith("platform") for line in lines) == 2


def test_a_tag_with_few_releases_has_no_timeline(tmp_path: Path) -> None:
    assert lines_of(tmp_path, *(at(number, built(str(number))) for number in (1, 2, 3))) == [""]


def test_names_of_any_text_are_drawn_as_text(tmp_path: Path) -> None:
    hostile = Platform(os="linux\nplatform 2024-01-01T00:00:00Z=99 x", architecture="<b onclick=x>`\u202e", variant="v")
    named = [
        msgspec.structs.replace(built(f"{number}\n</code></pre>{'`' * 9}", hostile), platform=hostile)
        for number in range(1, 6)
    ]
    lines = lines_of(tmp_path, *(at(number, one) for number, one in enumerate(named, 1)))
    assert sum(line.startswith("platform ") for line in lines) == 1
    html = render_body(fence("\n".join(lines), "timeline"))
    assert html.count("<svg") == 2
    assert html.count("<path") == 1 + 5 + 1
    assert "<b" not in html
    assert "\u202e" not in html


def test_every_timeline_of_the_sample_is_drawn(sample: Path) -> None:
    drawn = 0
    repository = parse_repository("python")
    context = RepositoryContext(Histories(Archive(sample).load(repository)), Addresses([repository]))
    for tag in context.histories.changes:
        lines = context.timelines.lines(tag)
        if lines:
            drawn += 1
            assert "<svg" in render_body(fence(lines, "timeline")), tag
            _times_rise(lines)
    assert drawn > 10


def _times_rise(lines: str) -> None:
    for line in lines.split("\n"):
        if line.startswith(("platform", "size")):
            times = [Time(word[:20]) for word in line.split(" ") if word[20:21] == "="]
            assert times == sorted(set(times)), line
