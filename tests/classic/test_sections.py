"""Sections of unknown forms, and the parts of known forms that are kept exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.classic.sections import parse_platform_line, render_platform_line, render_section
from collector.classic.sizes import parse_size, render_size
from collector.errors import InvalidValue
from collector.model.platforms import Platform
from tests.classic.values import parse_section
from tests.support.pages import real_page

LINUX = Platform(os="linux", architecture="amd64")


@pytest.fixture
def body() -> str:
    """A real section, below its heading line."""
    _, _, raw = real_page("2016-single.md")
    return raw.decode().split("### ")[1].partition("\n")[2]


def test_the_fields_of_a_section(body: str) -> None:
    section = parse_section(LINUX, body)
    assert section.digest is None
    assert section.config.docker_version == "1.10.3"
    assert section.config.cmd == ("/hello",)
    assert section.config.entrypoint is None
    assert [step.text for step in section.config.history][1:] == ['CMD ["/hello"]']
    assert section.config.created == "2016-07-01T19:39:27Z"
    assert [(layer.size, layer.last_modified) for layer in section.layers] == [(974, "2016-07-01T19:39:34Z")]


def test_the_id_of_a_schema_1_image_is_bare(body: str) -> None:
    bare = body.replace("Image ID: `sha256:", "Image ID: `")
    section = parse_section(LINUX, bare)
    assert section.config.digest.startswith("v1:")
    assert render_section("hello-world", section) == bare


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-\tLayers:", "-\tLayer:"),
        ("Image ID: `sha256:", "Image ID: `sha256:zz"),
        ("Total Size: **974.0 B**", "Total Size: **974.0* B**"),
        ("# Fri, 01 Jul 2016 19:39:26 GMT\n", ""),
        ("19:39:26 GMT", "19:39:26 CET"),
        ("Fri, 01 Jul 2016 19:39:26", "Fri, 01 Jux 2016 19:39:26"),
        ("Fri, 01 Jul 2016 19:39:34", "Fri, 01 Jul ٢٠١٦ 19:39:34"),
        ('["\\/hello"]', '"\\/hello"'),
        ('["\\/hello"]', '["\\ud800"]'),
        ("Size: 974.0 B", "Size: 974 B"),
        ("Size: 974.0 B", "Size: 9.7 EB (9700000000000000000 bytes)"),
        ("\t-\t`sha256:", "\t-\t`sha512:"),
        ("\t-\t`sha256:", "\tx\t`sha256:"),
        ("MIME: application/vnd.docker.image.rootfs.diff.tar.gzip\n", "MIME: application/vnd.docker"),
    ],
)
def test_a_section_of_an_unknown_form(body: str, old: str, new: str) -> None:
    assert old in body
    with pytest.raises(InvalidValue):
        parse_section(LINUX, body.replace(old, new))


def test_a_date_with_a_wrong_weekday_cannot_be_rendered_unchanged(body: str) -> None:
    odd = body.replace("Fri, 01 Jul 2016 19:39:26", "Sat, 01 Jul 2016 19:39:26")
    assert render_section("hello-world", parse_section(LINUX, odd)) != odd


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 99 Jul 2016 19:39:26",
        "Thu, 30 Feb 2017 19:39:26",
        "Fri, 01 Jul 2016 23:59:60",
        "Sat, 01 Jul 0000 01:00:00",
    ],
)
def test_a_date_outside_the_calendar(body: str, date: str) -> None:
    with pytest.raises(InvalidValue, match="not a date of the calendar"):
        parse_section(LINUX, body.replace("Fri, 01 Jul 2016 19:39:26", date))


@given(st.integers(0, 10**18 - 1))
def test_sizes_come_back(size: int) -> None:
    assert parse_size(render_size(size)) == size


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.0 B"),
        (999, "999.0 B"),
        (1000, "1000.0 B"),
        (1001, "1.0 KB (1001 bytes)"),
        (999949, "999.9 KB (999949 bytes)"),
        (999950, "1000.0 KB (999950 bytes)"),
        (1_000_000, "1000.0 KB (1000000 bytes)"),
        (1_000_400, "1000.4 KB (1000400 bytes)"),
        (1_000_999, "1001.0 KB (1000999 bytes)"),
        (1_001_000, "1.0 MB (1001000 bytes)"),
        (29429891, "29.4 MB (29429891 bytes)"),
        (197653378, "197.7 MB (197653378 bytes)"),
    ],
)
def test_sizes_as_pages_write_them(size: int, text: str) -> None:
    assert render_size(size) == text
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "12", "1.5 B", "1001.0 B", "1.0 KB", "1.0 KB (1000)", "١.0 B", "-1.0 B"])
def test_invalid_sizes(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux; arm64 variant v8", Platform(os="linux", architecture="arm64", variant="v8")),
        (
            "windows version 10.0.14393.1770 ft. win32k; amd64",
            Platform(os="windows", os_version="10.0.14393.1770", os_features=("win32k",), architecture="amd64"),
        ),
        (
            "linux ft. a b, c; amd64 variant v2 ft. sse4, aes",
            Platform(
                os="linux", os_features=("a b", "c"), architecture="amd64", variant="v2", features=("sse4", "aes")
            ),
        ),
    ],
)
def test_platforms_as_pages_write_them(text: str, platform: Platform) -> None:
    assert parse_platform_line(text) == platform
    assert render_platform_line(platform) == text


def test_a_section_without_an_image_id(body: str) -> None:
    without = "".join(line for line in body.splitlines(keepends=True) if "Image ID" not in line)
    section = parse_section(LINUX, without)
    assert section.config.digest.startswith("none:")
    assert section.config.cmd == ("/hello",)
    assert render_section("hello-world", section) == without


def test_configs_without_an_image_id_differ_by_content(body: str) -> None:
    without = "".join(line for line in body.splitlines(keepends=True) if "Image ID" not in line)
    one, same, other = (parse_section(LINUX, text) for text in (without, without, without.replace("1.10.3", "1.10.4")))
    assert one.config.digest == same.config.digest != other.config.digest


def test_a_layer_without_a_size(body: str) -> None:
    without = body.replace("\t\tSize: 974.0 B  \n", "").replace("**974.0 B**", "**0.0 B**")
    (layer,) = parse_section(LINUX, without).layers
    assert not layer.has_size
    assert render_section("hello-world", parse_section(LINUX, without)) == without


def test_an_empty_entrypoint_and_an_empty_command(body: str) -> None:
    empty = body.replace('-\tDefault Command: `["\\/hello"]`', "-\tEntrypoint: `[]`\n-\tDefault Command: `[]`")
    section = parse_section(LINUX, empty)
    assert (section.config.entrypoint, section.config.cmd) == ((), ())
    assert render_section("hello-world", section) == empty
