"""The rules of the reasons, one by one, on invented images; test_real_pairs.py has real ones."""

from __future__ import annotations

import msgspec
import pytest

from collector.diff import compare
from collector.diff.changes import Pair
from collector.model.images import Image, Step
from collector.model.platforms import Platform
from collector.pages.reason_text import reason_text
from tests.diff.builders import AMD64, NEXT_DAY, ROOT, image, layer, said, state

ARM64 = Platform(os="linux", architecture="arm64", variant="v8")
BASE = (ROOT, 'CMD ["bash"]')
OTHER_ROOT = ROOT.replace("0" * 64, "1" * 64)


def built(name: str, *steps: str | Step, base: tuple[str | Step, ...] = BASE, platform: Platform = AMD64) -> Image:
    """An image with layers of its own."""
    return image(name, *base, *steps, layers=(layer(f"root {name}"), layer(f"own {name}")), platform=platform)


def told(before: Image, after: Image) -> list[tuple[str, str]]:
    return [(reason.code, reason_text(reason)) for reason in compare(state(before), state(after)).reasons]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (["ENV PYTHON_VERSION=3.6.3"], ["ENV PYTHON_VERSION=3.6.4"], "PYTHON_VERSION 3.6.3 → 3.6.4"),
        (
            ["ENV PYTHON_PIP_VERSION=9.0.1", "ENV PYTHON_VERSION=3.6.3", "ENV GPG_KEY=a"],
            ["ENV PYTHON_PIP_VERSION=9.0.2", "ENV PYTHON_VERSION=3.6.4", "ENV GPG_KEY=b"],
            "PYTHON_VERSION 3.6.3 → 3.6.4, PYTHON_PIP_VERSION 9.0.1 → 9.0.2",
        ),
        (
            ["ENV A_VERSION=1 B_VERSION=1 C_VERSION=1"],
            ["ENV A_VERSION=2 B_VERSION=2 C_VERSION=2"],
            "A_VERSION 1 → 2, B_VERSION 1 → 2 and 1 more",
        ),
        (["ARG MAVEN_VERSION=3.5.2"], ["ARG MAVEN_VERSION=3.5.3"], "MAVEN_VERSION 3.5.2 → 3.5.3"),
        (["LABEL build-date=20171128"], ["LABEL build-date=20180107"], "build-date 20171128 → 20180107"),
        (["ENV MODE=a", "ENV X_SHA256=1"], ["ENV MODE=b", "ENV X_SHA256=2"], "MODE a → b"),
        (["ENV X_SHA256=1"], ["ENV X_SHA256=2"], "X_SHA256 1 → 2"),
        (["ENV MODE=" + "a" * 50], ["ENV MODE=b"], "MODE changed"),
        (["RUN get a=1.2.0 b=1"], ["RUN get a=1.2.1 b=1"], "a 1.2.0 → 1.2.1"),
        (["RUN get a b c"], ["RUN get a b d"], "RUN: c → d"),
        (["RUN get a x c"], ["RUN get b x d"], "RUN changed"),
        (["# ARGS: A_VERSION=1 B=2\nRUN get"], ["# ARGS: A_VERSION=3 B=2\nRUN get"], "A_VERSION 1 → 3"),
        (['# ARG: "A" => "1"\nRUN get'], ['# ARG: "A" => "2"\nRUN get'], "A 1 → 2"),
        (["RUN make"], ["RUN install all"], "RUN replaced"),
        ([], ["USER a", "RUN b"], "USER and RUN added"),
        ([], ["RUN a", "RUN b"], "2 RUN steps added"),
        (["USER a", "RUN b", "EXPOSE 1"], [], "3 steps removed"),
        (
            ["COPY file:" + "0" * 64 + " in /a", "USER x"],
            ["COPY file:" + "1" * 64 + " in /a"],
            "USER removed, COPY changed",
        ),
    ],
)
def test_dockerfile_changed(before: list[str], after: list[str], text: str) -> None:
    assert told(built("one", "RUN own", *before), built("two", "RUN own", *after)) == [("dockerfile-changed", text)]


def test_files_changed() -> None:
    before, after = (f"COPY file:{digit * 64} in /usr/local/bin/" for digit in "01")
    assert told(built("one", before), built("two", after)) == [
        ("files-changed", "files copied to /usr/local/bin/ changed")
    ]


def test_a_root_filesystem_of_the_image_s_own() -> None:
    assert told(built("one"), built("two", base=(OTHER_ROOT, 'CMD ["bash"]'))) == [
        ("files-changed", "new root filesystem")
    ]


def test_a_root_filesystem_that_is_one_step_without_a_command() -> None:
    old, new = (f"RUN # debian.sh --arch 'amd64' out/ 'bookworm' '@{seconds}'" for seconds in (1785715200, 1787529600))
    again = f"RUN # debian.sh --arch 'amd64' out/ 'trixie' '@{1787529600}'"
    assert told(built("one", base=(old,)), built("two", base=(new,))) == [("files-changed", "new root filesystem")]
    assert told(built("one"), built("two", base=(new,))) == [("files-changed", "new root filesystem")]
    for after, version in (
        (new, "debian bookworm 2026-08-03 → 2026-08-24"),
        (again, "debian bookworm 2026-08-03 → debian trixie 2026-08-24"),
    ):
        assert told(built("one", "RUN a", base=(old,)), built("two", "RUN a", base=(after,))) == [
            ("base-moved", f"base image moved: {version}")
        ]


def test_a_new_command_is_named_beside_a_new_root_filesystem() -> None:
    before = msgspec.structs.replace(built("one"), config=msgspec.structs.replace(built("one").config, cmd=("bash",)))
    after = built("two", base=(OTHER_ROOT,))
    assert told(before, after) == [("dockerfile-changed", "CMD removed, ADD changed")]


def test_base_moved() -> None:
    moved = (OTHER_ROOT, 'CMD ["bash"]')
    assert told(built("one", "RUN a"), built("two", "RUN a", base=moved)) == [("base-moved", "base image moved")]


def test_base_moved_by_its_dates() -> None:
    later = tuple(Step(created=NEXT_DAY, text=text) for text in BASE)
    assert told(built("one", "RUN a"), built("two", "RUN a", base=later)) == [("base-moved", "base image moved")]


def test_base_moved_names_the_version_that_moved_in_it() -> None:
    before, after = ((*BASE, f"ENV PHP_VERSION={version}", "RUN b", "CMD php") for version in ("7.1.12", "7.1.13"))
    assert told(built("one", "RUN a", base=before), built("two", "RUN a", base=after)) == [
        ("base-moved", "base image moved: PHP_VERSION 7.1.12 → 7.1.13")
    ]


def test_both_the_dockerfile_and_the_base() -> None:
    before = built("one", "ENV A_VERSION=1", "RUN a")
    after = built("two", "ENV A_VERSION=2", "RUN a", base=(OTHER_ROOT, 'CMD ["bash"]'))
    assert told(before, after) == [("dockerfile-changed", "A_VERSION 1 → 2"), ("base-moved", "base image moved")]


@pytest.mark.parametrize(
    ("versions", "text"), [(("10.0.1.1", "10.0.1.2"), ": Windows 10.0.1.1 → 10.0.1.2"), (("", ""), "")]
)
def test_windows_moved_below_without_a_changed_step(versions: tuple[str, str], text: str) -> None:
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    before, after = (
        image(
            f"on {number}",
            "RUN a",
            layers=(layer(f"windows {number}", media_type=foreign), layer(f"own {number}")),
            platform=Platform(os="windows", architecture="amd64", os_version=version),
        )
        for number, version in enumerate(versions)
    )
    assert told(before, after) == [("base-moved", f"base image moved{text}")]


def test_rebuilt() -> None:
    again = built("two", Step(created=NEXT_DAY, text="RUN a"))
    assert told(built("one", "RUN a"), again) == [("rebuilt", "rebuilt with the same steps")]


def test_only_metadata() -> None:
    layers = (layer("root"), layer("own"))
    before = image("one", *BASE, "RUN a", layers=layers)
    after = image("two", *BASE, Step(created=NEXT_DAY, text="RUN a"), layers=layers)
    assert told(before, after) == [("metadata", "only metadata: same layers and steps")]


def test_the_same_image_under_another_manifest_or_in_other_layers() -> None:
    before = image("one", "RUN a", layers=(layer("a"),), config="same")
    assert told(before, image("two", "RUN a", layers=(layer("a"),), config="same")) == [
        ("metadata", "only metadata: same Image ID")
    ]
    assert told(before, image("two", "RUN a", layers=(layer("a again"),), config="same")) == [
        ("repacked", "same image, layers recompressed")
    ]


def test_platforms_added_and_removed() -> None:
    one, two = built("one"), built("two", platform=ARM64)
    assert said(compare(state(one), state(one, two))) == "linux/arm64/v8 added"
    assert said(compare(state(one, two), state(one))) == "linux/arm64/v8 removed"
    five = [built(str(number), platform=Platform(os="linux", architecture=str(number))) for number in range(5)]
    assert said(compare(state(one), state(one, *five))) == "5 platforms added"
    assert said(compare(state(one, two, two), state(one))) == "2 images for linux/arm64/v8 removed"


def test_where_not_all_platforms_have_a_reason_it_says_which() -> None:
    arm = built("arm", "RUN a", platform=ARM64)
    before, after = built("one", "RUN a", "USER a"), built("two", "RUN a", "USER b")
    assert said(compare(state(before, arm), state(after, arm))) == "USER: a → b (on linux/amd64)"


def test_the_words_of_most_platforms_represent_all() -> None:
    platforms = [Platform(os="linux", architecture=name) for name in ("a", "b", "c")]
    before = [built(f"one {each}", "ENV A=1", platform=each) for each in platforms]
    after = [
        built(f"two {each}", f"ENV A={value}", platform=each) for each, value in zip(platforms, "233", strict=True)
    ]
    assert said(compare(state(*before), state(*after))) == "A 1 → 3"


def test_the_same_images_under_another_index() -> None:
    one, attestation = built("one"), image("sbom", platform=Platform(os="unknown", architecture="unknown"))
    assert said(compare(state(one, name="a"), state(one, name="b"))) == "same images, different index"
    change = compare(state(one), state(one, attestation))
    assert said(change) == "same images, different attestations"
    assert change.attestations == Pair(0, 1)
    assert change.unchanged == 1


def test_multi_line_values_are_shown_on_one_line() -> None:
    before, after = built("one", "RUN a", "ENV A=1\n2"), built("two", "RUN a", "ENV A=1\n3")
    assert told(before, after) == [("dockerfile-changed", "A 1 2 → 1 3")]
