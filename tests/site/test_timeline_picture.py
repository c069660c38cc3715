"""The pictures of timelines."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.site.body import render_body
from collector.site.time_axis import WIDTH, Axis
from collector.site.timeline_picture import draw
from tests.support.html import elements

LINES = """page history/
release 2018-01-01T00:00:00Z first-seen r-00 first seen
release 2018-01-02T00:00:00Z version r-01 A 1 → 2
release 2018-01-04T00:00:00Z base r-02 base image moved
release 2018-01-05T00:00:00Z new-platform r-03 new platform: linux/386
platform 2018-01-01T00:00:00Z=0 2018-01-02T00:00:00Z=1 2018-01-04T00:00:00Z=2 linux/amd64
platform 2018-01-01T00:00:00Z=0 2018-01-02T00:00:00Z=behind 2018-01-03T00:00:00Z=1 2018-01-06T00:00:00Z=absent linux/arm
platform 2018-01-05T00:00:00Z=3 linux/386
size 2018-01-01T00:00:00Z=512850 2018-01-02T00:00:00Z=512853 2018-01-04T00:00:00Z=256425 linux/amd64"""


def paths(svg: str, name: str) -> list[str]:
    return re.findall(rf'<path class={name} d="([^"]*)"', svg)


def test_a_band_for_each_image_with_a_link_to_its_release() -> None:
    svg = draw(LINES)
    links = re.findall(r"<a href=(\S+) tabindex=-1><title>([^<]*)</title><path class=(\w) d=", svg)
    assert links == [
        ("history/#r-00", "2018-01-01 first seen", "f"),
        ("history/#r-01", "2018-01-02 A 1 → 2", "v"),
        ("history/#r-02", "2018-01-04 base image moved", "b"),
        ("history/#r-03", "2018-01-05 new platform: linux/386", "p"),
    ]
    assert paths(svg, "v") == ["M189 8h377M377 24h566"]
    assert paths(svg, "p") == ["M755 35h245v10H755z"]


def test_every_form_in_a_timeline_has_a_word() -> None:
    svg = draw(LINES)
    assert paths(svg, "w") == ["M189 24h188"]
    assert paths(svg, "e") == ["M943 18v12"]
    words = re.findall(r"<li class=(\w)>([^<]*)", svg.partition('<ul class="k">')[2])
    assert words == [
        ("v", "version"),
        ("b", "base"),
        ("p", "platform"),
        ("f", "first seen, or back"),
        ("w", "waits for the newest"),
        ("e", "gone"),
    ]


def test_the_axis_of_sizes_begins_at_zero() -> None:
    svg = draw(LINES)
    assert paths(svg, "z") == ["M0 92H0V54H566V73H1000V92"], "three bytes of 512,850 are no step; half of it is"
    assert "<li class=n>Size: 0 to 512.9 KB, linux/amd64</ul>" in svg


def test_changes_of_one_day_are_separate() -> None:
    svg = draw(LINES.replace("2018-01-0", "2018-01-01T0").replace("T00:00:00Z", ":00:00Z"))
    assert paths(svg, "v") == ["M189 8h377M377 24h566"]
    assert re.findall(r"<text [^>]*>([^<]*)", svg) == [f"01-01 0{hour}:00" for hour in range(1, 6)]


def test_the_picture_is_hidden_from_screen_readers_and_the_keyboard() -> None:
    (first, *others) = elements(draw(LINES))
    assert (first.name, first.attributes["aria-hidden"]) == ("div", "true")
    assert {one.attributes.get("tabindex") for one in others if one.name == "a"} == {"-1"}


def test_a_moment_has_a_band_that_can_be_pointed_at() -> None:
    svg = draw(LINES.replace("2018-01-04T00:00:00Z=2", "2018-01-02T00:01:00Z=2"))
    assert paths(svg, "v") == ["M189 8h3M377 24h566"]


@pytest.mark.parametrize(
    "wrong",
    [
        "platform 2018-01-01T00:00:00Z=7 linux",
        "platform linux",
        "release 2018-01-01T00:00:00Z version x onclick=1",
        "size 2018-01-01T00:00:00Z=1e9 linux",
        "anything",
    ],
)
def test_lines_of_another_form_stay_text(wrong: str) -> None:
    assert draw(f"{LINES}\n{wrong}") == ""
    assert "<svg" not in render_body(f"```timeline\n{LINES}\n{wrong}\n```\n")
    assert "<svg" in render_body(f"```timeline\n{LINES}\n```\n")
    assert "<svg" not in render_body(f"```text\n{LINES}\n```\n")
    assert draw("page javascript:x\n" + LINES.partition("\n")[2]) == ""


@example([253_402_300_611])
@given(st.lists(st.integers(0, 253_402_300_799), min_size=1, max_size=40))
def test_places_on_the_axis_rise_and_stay_on_it(moments: list[int]) -> None:
    ordered = sorted(moments)
    axis = Axis(ordered[0], ordered[-1])
    places = [axis.place(moment) for moment in ordered]
    assert places == sorted(places)
    assert (places[0], max(places) <= WIDTH) == (0, True)
    ticks = [place for place, _ in axis.ticks]
    assert len(ticks) <= 6
    assert ticks == sorted(ticks)
    assert all(0 <= place < 900 for place in ticks)
    assert len({words for _, words in axis.ticks}) == len(ticks)


def test_a_hundred_and_fifty_states_are_small() -> None:
    releases = [
        f"release 2017-{at % 12 + 1:02}-{at // 12 + 1:02}T00:00:00Z version r-{at * 7919:012x} VERSION {at} → {at + 1}"
        for at in range(75)
    ]
    moments = [f"2017-{at // 8 + 1:02}-{at % 8 * 3 + 1:02}T{{:02}}:{at * 7 % 60:02}:00Z={at}" for at in range(75)]
    lanes = [f"platform {' '.join(one.format(lane * 3) for one in moments)} linux/p{lane}" for lane in range(7)]
    svg = draw("\n".join(["page", *releases, *lanes]))
    assert svg.count("<a ") == 75
    assert len(gzip.compress(svg.encode(), mtime=0)) < 8_000
