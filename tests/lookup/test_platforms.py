"""Platforms as containerd spells and compares them (the vectors of its own tests), and addresses of their pages."""

from __future__ import annotations

import pytest

from collector.errors import NotFound
from collector.lookup.platforms import images_for, parse_platform
from collector.model.images import Image
from collector.model.platforms import Platform, normalized, platform_slug, platform_slugs, written_slugs
from tests.diff.builders import image, state


def platform(text: str) -> Platform:
    os, architecture, variant, version = (*text.split("/"), "", "", "")[:4]
    return Platform(os=os, architecture=architecture, variant=variant, os_version=version)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("linux/aarch64", "linux/arm64/v8"),
        ("linux/aarch64/v8", "linux/arm64/v8"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/8", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("linux/arm64/9", "linux/arm64/v9"),
        ("linux/arm64/9.0", "linux/arm64/v9"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/5", "linux/arm/v5"),
        ("linux/arm/7", "linux/arm/v7"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/x86-64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v2", "linux/amd64/v2"),
        ("linux/i386", "linux/386"),
        ("Linux/AMD64", "linux/amd64"),
        ("macOS/Aarch64", "darwin/arm64/v8"),
        ("linux/ppc64le", "linux/ppc64le"),
        ("freebsd/riscv64", "freebsd/riscv64"),
    ],
)
def test_a_platform_has_one_spelling_and_one_address(written: str, same: str) -> None:
    assert normalized(platform(written)) == platform(same)
    assert platform_slug(platform(written)) == same.replace("/", "-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/aarch64", "linux/arm64/v8"),
        ("Linux/x86_64", "linux/amd64"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/i386", "linux/386"),
        ("arm64", "linux/arm64/v8"),
        ("amd64", "linux/amd64"),
        ("x86_64", "linux/amd64"),
        ("armhf", "linux/arm/v7"),
        ("macOS/amd64", "darwin/amd64"),
        ("windows(10.0.17763)/amd64", "windows/amd64//10.0.17763"),
        ("windows(10.0.17763+win32k)/amd64", "windows/amd64//10.0.17763"),
    ],
)
def test_a_platform_is_read_in_all_its_spellings(text: str, expected: str) -> None:
    assert parse_platform(text) == platform(expected)


@pytest.mark.parametrize("text", ["", "/", "linux/", "linux/arm64/", "linux/arm64/v8/x", "/arm64", "linux(/amd64"])
def test_an_invalid_platform_is_refused(text: str) -> None:
    assert parse_platform(text) is None
    with pytest.raises(NotFound, match="no platform"):
        images_for(state(image("a")), text)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/v8", "arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/v7", "linux/arm"),
        ("linux/arm/v6", "linux/armel"),
        ("linux/amd64", "x86_64"),
        ("linux/amd64", "Linux/amd64"),
        ("linux/arm64", "linux-arm64"),
        ("linux/arm64", "linux-arm64-v8"),
        ("windows/amd64//10.0.17763.1", "windows(10.0.17763)/amd64"),
        ("windows/amd64//10.0.17763.1", "windows/amd64"),
    ],
)
def test_an_image_is_found_by_any_spelling_of_its_platform(written: str, asked: str) -> None:
    found = image("found", platform=platform(written))
    assert images_for(state(image("other", platform=platform("linux/riscv64")), found), asked) == [found]


def twice() -> list[Image]:
    """As `podman push --add-compression` makes it: gzip, and beside it zstd."""
    return [image(name, platform=platform("linux/arm64")) for name in ("gzip", "zstd")]


def test_the_first_of_two_images_for_one_platform_is_used_and_each_has_an_address() -> None:
    images = twice()
    assert images_for(state(*images), "linux/arm64") == images
    assert images_for(state(*images), "linux-arm64") == images
    assert images_for(state(*images), "linux-arm64-v8") == images[:1]
    assert images_for(state(*images), "linux-arm64-v8-2") == images[1:]
    assert images_for(state(*images), "linux-arm64-2") == images[1:]


def test_two_spellings_in_one_index_have_two_addresses() -> None:
    platforms = [platform(text) for text in ("linux/arm64", "linux/arm64/v8", "linux/arm")]
    assert platform_slugs(platforms) == ["linux-arm64-v8", "linux-arm64-v8-2", "linux-arm-v7"]
    assert written_slugs(platforms) == ["linux-arm64", "linux-arm64-v8", "linux-arm"]
