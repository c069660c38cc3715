"""Classic pages, read and written again byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.classic.pages import Head, parse_head, render_head, render_page, split_page
from collector.classic.sections import parse_platform_line, render_platform_line, render_section
from collector.errors import InvalidValue
from collector.model.images import INDEX_TYPES, State
from collector.model.platforms import Platform
from tests.classic.values import parse_section, states
from tests.support.pages import FORMS, missing_page, page_of, real_page

NAME, TAG = "tool", "1.0"


@pytest.mark.parametrize("form", FORMS)
def test_every_real_form_comes_back_byte_for_byte(form: str) -> None:
    image, tag, raw = real_page(form)
    head_bytes, parts = split_page(image, tag, raw)
    head = parse_head(image, tag, head_bytes.decode())
    bodies = []
    for part in parts:
        platform, _, body = part.decode().partition("\n")
        section = parse_section(parse_platform_line(platform), body)
        assert render_platform_line(section.platform) == platform
        bodies.append(render_section(image, section))
    assert len(parts) == len(head.platforms)
    assert render_page(image, tag, head, bodies).encode() == raw


def test_the_real_forms_are_all_here() -> None:
    heads = {}
    for form in FORMS:
        image, tag, raw = real_page(form)
        heads[form] = parse_head(image, tag, split_page(image, tag, raw)[0].decode())
    assert any(head.digest is None for head in heads.values())
    assert any(head.digest and head.media_type is None for head in heads.values())
    assert {head.media_type for head in heads.values()} >= INDEX_TYPES
    assert {head.counted for head in heads.values()} == {True, False}
    assert any("unknown; unknown" in head.platforms for head in heads.values())
    assert any(platform.startswith("windows version") for head in heads.values() for platform in head.platforms)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(states())
def test_any_state_renders_to_a_page_that_parses_back(state: State) -> None:
    raw = page_of(NAME, TAG, state).encode()
    head_bytes, parts = split_page(NAME, TAG, raw)
    head = parse_head(NAME, TAG, head_bytes.decode())
    assert head.digest == state.digest
    assert head.media_type == (state.media_type if state.is_index else None)
    for part, image in zip(parts, state.all_images, strict=True):
        platform, _, body = part.decode().partition("\n")
        section = parse_section(parse_platform_line(platform), body)
        assert section.platform == image.platform
        assert section.digest == (image.manifest if state.is_index else None)
        assert (section.media_type, section.config, section.layers) == (image.media_type, image.config, image.layers)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_an_invalid_head_affects_only_itself(raw: bytes) -> None:
    head_bytes, _ = split_page(NAME, TAG, raw)
    try:
        head = parse_head(NAME, TAG, head_bytes.decode())
    except (InvalidValue, UnicodeDecodeError):
        return
    assert render_head(NAME, TAG, head)


def test_a_step_may_contain_headings() -> None:
    image, tag, raw = real_page("2016-single.md")
    odd = raw.replace(b'CMD ["/hello"]\n', b"RUN cat <<EOF\n\n### `other:tag` - linux; amd64\nEOF\n")
    assert odd != raw
    assert len(split_page(image, tag, odd)[1]) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the page is empty"),
        ("\n \n", "the page is empty"),
        ("## something else\n", "unknown form"),
        (missing_page(NAME, "2.0"), "the page belongs to 'tool:2.0'"),
        (missing_page("other", TAG), "the page belongs to 'other:1.0'"),
        (missing_page(NAME, TAG) + "and more\n", "unknown form"),
    ],
)
def test_a_head_of_another_tag(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_head(NAME, TAG, text)


@pytest.mark.parametrize("count", ["3", "9" * 6, "9" * 5000, "٣"])
def test_a_wrong_number_of_platforms(count: str) -> None:
    head = Head(digest=None)
    text = render_head(NAME, TAG, head).partition("**")[0]
    digest = "sha256:" + 64 * "a"
    text += f"```console\n$ docker pull {NAME}@{digest}\n```\n\n-\tPlatforms: {count}\n\t-\tlinux; amd64\n"
    with pytest.raises(InvalidValue):
        parse_head(NAME, TAG, text)


@pytest.mark.parametrize(
    ("line", "platform"),
    [
        ("linux; amd64", Platform(os="linux", architecture="amd64")),
        ("linux; arm64 variant v8", Platform(os="linux", architecture="arm64", variant="v8")),
        (
            "windows version 10.0.14393.1770; amd64",
            Platform(os="windows", architecture="amd64", os_version="10.0.14393.1770"),
        ),
        ("unknown; unknown", Platform(os="unknown", architecture="unknown")),
    ],
)
def test_platforms(line: str, platform: Platform) -> None:
    assert parse_platform_line(line) == platform
    assert render_platform_line(platform) == line


@pytest.mark.parametrize("line", ["", "linux", "linux amd64", "linux; amd64 ", "linux; amd64 variant", "a b; c"])
def test_invalid_platforms(line: str) -> None:
    with pytest.raises(InvalidValue, match="not a platform"):
        parse_platform_line(line)
