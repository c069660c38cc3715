"""Sections that are in no known form, and what is kept exactly in those that are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.classic.sections import render_section
from collector.errors import InvalidValue
from collector.model.platforms import Platform
from collector.model.sizes import parse_exact_size, render_exact_size
from tests.classic.values import parse_section
from tests.support.pages import real_page

LINUX = Platform(os="linux", architecture="amd64")


@pytest.fixture
def body() -> str:
    """A real section, below its heading line."""
    _, _, raw = real_page("2016-single.md")
    return raw.decode().split("### ")[1].partition("\n")[2]


def test_what_a_section_says(body: str) -> None:
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
        ("\t-\t`sha256:", "\t-\t`sha257:"),
        ("\t-\t`sha256:", "\tx\t`sha256:"),
        ("MIME: application/vnd.docker.image.rootfs.diff.tar.gzip\n", "MIME: application/vnd.docker"),
    ],
)
def test_a_section_in_no_known_form(body: str, old: str, new: str) -> None:
    assert old in body
    with pytest.raises(InvalidValue):
        parse_section(LINUX, body.replace(old, new))


@pytest.mark.parametrize("day", ["Sat, 01 Jul 2016", "Fri, 99 Jul 2016"])
def test_a_date_that_cannot_be_is_not_given_back_as_if_it_could(body: str, day: str) -> None:
    odd = body.replace("Fri, 01 Jul 2016 19:39:26", f"{day} 19:39:26")
    section = parse_section(LINUX, odd)
    try:
        rendered = render_section("hello-world", section)
    except InvalidValue:
        return
    assert rendered != odd


@given(st.integers(0, 10**18 - 1))
def test_sizes_come_back(size: int) -> None:
    assert parse_exact_size(render_exact_size(size)) == size


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.0 B"),
        (999, "999.0 B"),
        (1000, "1.0 KB (1000 bytes)"),
        (999950, "1000.0 KB (999950 bytes)"),
        (29429891, "29.4 MB (29429891 bytes)"),
        (197653378, "197.7 MB (197653378 bytes)"),
    ],
)
def test_sizes_as_pages_write_them(size: int, text: str) -> None:
    assert render_exact_size(size) == text
    assert parse_exact_size(text) == size


@pytest.mark.parametrize("text", ["", "12", "1.5 B", "1000.0 B", "1.0 KB", "1.0 KB (1000)", "١.0 B", "-1.0 B"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a size"):
        parse_exact_size(text)
