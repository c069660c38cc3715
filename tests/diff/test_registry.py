"""Facts that only registries have (fields of a config, annotations, artifacts), and states of registries compared with
those of pages.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from collector.diff import compare
from collector.diff.changes import Change, Pair, SettingChange
from collector.diff.config_settings import comparable_settings, settings_of_config
from collector.diff.healthchecks import healthcheck_words
from collector.model.annotations import BASE_DIGEST, BASE_NAME, REVISION, SOURCE, VERSION
from collector.model.images import Artifact, Healthcheck, Image, Runtime, State, Step
from collector.pages.reason_text import reason_text
from tests.diff.builders import NEXT_DAY, ROOT, image, layer, named, said, state

BASE = (ROOT, 'CMD ["bash"]')
OTHER_BASE = (ROOT.replace("0" * 64, "1" * 64), 'CMD ["bash"]')
SECOND = 10**9


def collected(name: str, *steps: str | Step, annotations: dict[str, str] | None = None, **fields: Any) -> Image:
    """An image from a registry, with layers of its own; `fields` are those of its runtime."""
    bare = image(name, *steps, layers=(layer(f"root {name}"), layer(f"own {name}")))
    config = msgspec.structs.replace(bare.config, runtime=Runtime(**fields))
    return msgspec.structs.replace(bare, config=config, annotations=tuple(sorted((annotations or {}).items())))


def paged(name: str, *steps: str | Step) -> Image:
    """The same from a page."""
    return image(name, *steps, layers=(layer(f"root {name}"), layer(f"own {name}")))


def changed(before: Image, after: Image) -> Change:
    return compare(state(before), state(after))


def told(before: Image, after: Image) -> list[tuple[str, str]]:
    return [(reason.code, reason_text(reason)) for reason in changed(before, after).reasons]


FIELDS: dict[str, Any] = {
    "environment": ("PATH=/bin", "EMPTY=", "BARE", "EQUALS=a=b"),
    "labels": (("a", "1"), ("name with space", "x")),
    "exposed_ports": ("53/udp", "80"),
    "volumes": ("/data",),
    "working_directory": "/app",
    "user": "app:app",
    "stop_signal": "SIGQUIT",
    "healthcheck": Healthcheck(test=("CMD", "true"), interval=90 * SECOND),
}


def test_settings_come_from_the_fields_and_not_from_the_steps() -> None:
    config = collected("one", "ENV A=1", "USER root", "MAINTAINER Jane", **FIELDS).config
    assert settings_of_config(config) == {
        ("maintainer", ""): "Jane",
        ("environment", "PATH"): "/bin",
        ("environment", "EMPTY"): "",
        ("environment", "BARE"): "",
        ("environment", "EQUALS"): "a=b",
        ("exposed_port", "53/udp"): "53/udp",
        ("exposed_port", "80/tcp"): "80/tcp",
        ("volume", "/data"): "/data",
        ("working_directory", ""): "/app",
        ("user", ""): "app:app",
        ("stop_signal", ""): "SIGQUIT",
        ("healthcheck", ""): "true (every 1 min 30 s)",
        ("label", "a"): "1",
        ("label", "name with space"): "x",
    }
    assert settings_of_config(paged("one", "ENV A=1", "USER root").config) == {
        ("environment", "A"): "1",
        ("user", ""): "root",
    }


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Healthcheck(test=("CMD-SHELL", "curl -f http://localhost/ || exit 1")), "curl -f http://localhost/ || exit 1"),
        (Healthcheck(test=("CMD", "a", "b"), timeout=SECOND // 2, retries=1), "a b (timeout 0.5 s, 1 retry)"),
        (Healthcheck(test=("CMD", "a"), interval=30 * SECOND, retries=3), "a (every 30 s, 3 retries)"),
        (Healthcheck(test=("NONE",), interval=SECOND), "disabled"),
        (Healthcheck(test=(), interval=60 * SECOND), "inherited from the base image (every 1 min)"),
        (Healthcheck(test=("CMD",), timeout=3601 * SECOND), "nothing (timeout 60 min 1 s)"),
        (Healthcheck(test=("strange", "one")), "strange one"),
        (
            Healthcheck(test=("CMD", "a"), interval=1, timeout=90 * SECOND + 20),
            "a (every 0.000000001 s, timeout 90.00000002 s)",
        ),
    ],
)
def test_a_health_check_in_words(check: Healthcheck, words: str) -> None:
    assert healthcheck_words(check) == words


def test_a_field_that_changed_without_any_step() -> None:
    before = collected("one", *BASE, "RUN a", labels=(("a", "1"), ("b", "1")), user="x")
    after = collected("two", *BASE, "RUN a", labels=(("a", "2"), ("c", "1")), exposed_ports=("80/tcp",))
    change = changed(before, after)
    assert change.settings == (
        SettingChange(kind="exposed_port", after="80/tcp"),
        SettingChange(kind="label", name="a", before="1", after="2"),
        SettingChange(kind="label", name="b", before="1"),
        SettingChange(kind="label", name="c", after="1"),
        SettingChange(kind="user", before="x"),
    )
    assert said(change) == "rebuilt with the same steps"


def test_thousands_of_labels_are_counted_and_long_ones_cut() -> None:
    labels = tuple((f"{number:04}", "x" * 100_000) for number in range(5_000))
    change = changed(collected("one"), collected("two", labels=labels))
    assert len(change.settings) == 200
    assert change.images[0].left_out == 4_800
    assert {setting.after for setting in change.settings} == {"x" * 8_000 + "…"}


# A page and a registry.


@pytest.mark.parametrize("is_page_first", [True, False])
def test_settings_that_a_page_never_has_are_neither_added_nor_removed(is_page_first: bool) -> None:
    page = paged("page", *BASE, "ENV A=1", "EXPOSE map[80/tcp:{}]", 'HEALTHCHECK &{["CMD" "true"] "5s" "0s" "0s" \'\'}')
    steps = [step.text for step in page.config.history]
    registry = collected(
        "registry", *steps, annotations={BASE_NAME: "debian", VERSION: "1"}, **{**FIELDS, "environment": ("A=1", "B=2")}
    )
    change = changed(page, registry) if is_page_first else changed(registry, page)
    assert change.settings == ()
    assert said(change) == "rebuilt with the same steps"


def test_settings_that_both_sides_can_have_are_compared() -> None:
    page = paged("page", *BASE, "ENV A=1", "USER a", "LABEL l=1")
    registry = collected("registry", *BASE, "ENV A=2", "USER a", environment=("A=2", "B=1"), user="a")
    assert changed(page, registry).settings == (
        SettingChange(kind="environment", name="A", before="1", after="2"),
        SettingChange(kind="label", name="l", before="1"),
    )


def test_a_setting_of_the_config_that_no_step_sets_is_not_removed() -> None:
    """A squashed image has a single step, and all its settings."""
    page = paged("page", *BASE, "ENV A=1", "ENV B=1", "WORKDIR /a", "HEALTHCHECK CMD true", "STOPSIGNAL SIGINT")
    registry = collected(
        "registry",
        "COPY / /",
        environment=("A=1", "B=2"),
        working_directory="/a",
        healthcheck=Healthcheck(test=("CMD", "true")),
    )
    assert changed(page, registry).settings == (
        SettingChange(kind="environment", name="B", before="1", after="2"),
        SettingChange(kind="stop_signal", before="SIGINT"),
    )


def test_a_page_without_steps_shows_no_settings() -> None:
    bare, full = paged("page").config, collected("registry", "ENV A=1", **FIELDS).config
    assert comparable_settings(bare, full) == comparable_settings(full, bare) == ({}, {})


def test_one_image_id_is_one_config_from_any_source() -> None:
    page = paged("page", *BASE, "ENV A=1")
    registry = collected("registry", *BASE, "ENV A=1", "LABEL b=1", labels=(("b", "1"),))
    fuller = msgspec.structs.replace(
        registry.config, digest=page.config.digest, built=NEXT_DAY, docker_version="27", platform=page.config.platform
    )
    change = changed(page, msgspec.structs.replace(registry, config=fuller, layers=page.layers))
    assert said(change) == "only metadata: same Image ID"
    assert (change.settings, change.steps, change.images[0].created, change.images[0].docker_version) == (
        (),
        (),
        None,
        None,
    )


# Annotations.


def base(digest: str, name: str = "debian:12", **more: str) -> dict[str, str]:
    return {BASE_NAME: name, BASE_DIGEST: named(digest), **more}


def test_a_new_base_digest_means_a_new_base_whatever_the_steps() -> None:
    before = collected("one", *BASE, "RUN a", annotations=base("a"))
    after = collected("two", *BASE, "RUN a", annotations=base("b"))
    assert told(before, after) == [("base-moved", "base image debian:12 moved")]


def test_the_same_digest_of_the_base_leaves_all_steps_to_the_image() -> None:
    before = collected("one", *BASE, "RUN a", annotations=base("a"))
    after = collected("two", *OTHER_BASE, "RUN a", annotations=base("a"))
    assert told(before, after) == [("files-changed", "new root filesystem")]
    later = collected("three", *(Step(created=NEXT_DAY, text=text) for text in (*BASE, "RUN a")), annotations=base("a"))
    assert told(before, later) == [("rebuilt", "rebuilt with the same steps")]


def test_a_base_of_another_name() -> None:
    before = collected("one", *BASE, "RUN a", annotations=base("a", "debian:11"))
    after = collected("two", *BASE, "RUN a", annotations=base("b", "debian:12"))
    assert told(before, after) == [("base-moved", "base image debian:11 → debian:12")]
    without = [msgspec.structs.replace(one, annotations=one.annotations[1:]) for one in (before, after)]
    assert told(*without) == [("base-moved", "base image debian:11 → debian:12")]


def test_a_version_that_moved_in_a_base_is_named() -> None:
    steps = [(*BASE, f"ENV PHP_VERSION={version}", "RUN b", "CMD php", "RUN a") for version in ("7.1.12", "7.1.13")]
    before, after = (
        collected(name, *each, annotations=base(name, "php:7")) for name, each in zip("ab", steps, strict=True)
    )
    assert told(before, after) == [("base-moved", "base image php:7 moved: PHP_VERSION 7.1.12 → 7.1.13")]


def test_an_annotation_of_only_one_side_is_ignored() -> None:
    before = collected("one", *BASE, "RUN a")
    after = collected("two", *OTHER_BASE, "RUN a", annotations=base("a", **{REVISION: "1", VERSION: "2"}))
    assert told(before, after) == told(after, before) == [("base-moved", "base image moved")]


def test_a_base_without_a_cmd_moved_and_the_revision_did_not() -> None:
    before = collected("one", "COPY / /", "ENV SSL_VERSION=1", "RUN a", annotations=base("a", **{REVISION: "1"}))
    after = collected("two", "COPY / /", "ENV SSL_VERSION=2", "RUN a", annotations=base("b", **{REVISION: "1"}))
    assert told(before, after) == [("base-moved", "base image debian:12 moved: SSL_VERSION 1 → 2")]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ({REVISION: "1" * 40}, {REVISION: "2" * 40}, "source 1111111111 → 2222222222"),
        ({REVISION: "a", VERSION: "1.0"}, {REVISION: "b", VERSION: "1.1"}, "version 1.0 → 1.1"),
        ({VERSION: "1.0"}, {VERSION: "1.1"}, "version 1.0 → 1.1"),
        ({VERSION: "1", SOURCE: "a#1"}, {VERSION: "1", SOURCE: "a#2"}, "source a#1 → a#2"),
        ({REVISION: "x" * 41}, {REVISION: "y" * 41}, "source changed"),
        ({REVISION: "1" * 40}, {REVISION: "1" * 10 + "2" * 30}, "source changed"),
        ({VERSION: "1\n2"}, {VERSION: "1\n3"}, "version 1 2 → 1 3"),
    ],
)
def test_the_source_changed_and_no_step_did(before: dict[str, str], after: dict[str, str], text: str) -> None:
    """Files that BuildKit copies leave no trace in the steps."""
    pair = [
        collected(name, *BASE, "COPY . /app", annotations=each)
        for name, each in zip("ab", (before, after), strict=True)
    ]
    assert told(*pair) == [("source-changed", text)]


def test_the_same_revision_under_another_version_is_a_rebuild() -> None:
    before, after = (
        collected(name, *BASE, "RUN a", annotations={REVISION: "1", VERSION: name, SOURCE: name}) for name in "ab"
    )
    assert told(before, after) == [("rebuilt", "rebuilt with the same steps")]


def test_steps_that_changed_say_more_than_a_revision() -> None:
    before, after = (
        collected(name, *BASE, "RUN a", f"ENV A_VERSION={name}", annotations=base(name, **{REVISION: name}))
        for name in "ab"
    )
    assert told(before, after) == [
        ("dockerfile-changed", "A_VERSION a → b"),
        ("base-moved", "base image debian:12 moved"),
    ]


def test_annotations_that_differ_are_facts() -> None:
    before = collected("one", annotations={BASE_NAME: "a", VERSION: "1", "other": "x", SOURCE: "s"})
    after = collected("two", annotations={BASE_NAME: "b", REVISION: "r" * 9_000, "other": "y", SOURCE: "s"})
    assert changed(before, after).settings == (
        SettingChange(kind="annotation", name=BASE_NAME, before="a", after="b"),
        SettingChange(kind="annotation", name=VERSION, before="1"),
        SettingChange(kind="annotation", name=REVISION, after="r" * 8_000 + "…"),
    )


def test_names_of_a_base_are_bounded_and_on_one_line() -> None:
    before, after = (
        collected(name, *BASE, "RUN a", annotations=base(name, f"{name}\n" + "x" * 5_000)) for name in "ab"
    )
    ((_, text),) = told(before, after)
    assert text == f"base image a {'x' * 98} → b {'x' * 98}"


# What is no image.


def artifact(name: str) -> Artifact:
    return Artifact(digest=named(name), kind="application/vnd.cncf.helm.config.v1+json", size=5)


def holding(name: str, *artifacts: Artifact, images: tuple[Image, ...] = ()) -> State:
    return msgspec.structs.replace(state(*images, name=name), artifacts=artifacts)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("a", "b", "artifact changed"),
        ("", "a", "artifact added"),
        ("a", "", "artifact removed"),
        ("ab", "cd", "2 artifacts added, 2 artifacts removed"),
        ("ab", "bc", "artifact changed"),
        ("ab", "ba", "same images, different index"),
    ],
)
def test_artifacts(before: str, after: str, text: str) -> None:
    change = compare(holding("one", *map(artifact, before)), holding("two", *map(artifact, after)))
    assert said(change) == text
    digests = tuple(tuple(named(name) for name in names) for names in (before, after))
    assert change.artifacts == Pair(*digests)


def test_an_image_became_an_artifact() -> None:
    change = compare(state(collected("one")), holding("two", artifact("a")))
    assert said(change) == "linux/amd64 removed; artifact added"
    assert msgspec.json.decode(msgspec.json.encode(change), type=Change) == change


def test_other_attestations_are_counted_as_before() -> None:
    one = collected("one")
    attestation = msgspec.structs.replace(
        image("sbom"), platform=msgspec.structs.replace(one.platform, os="unknown", architecture="unknown"),
        attests=one.manifest,
    )  # fmt: skip
    change = compare(state(one), state(one, attestation))
    assert (said(change), change.attestations) == ("same images, different attestations", Pair(0, 1))
