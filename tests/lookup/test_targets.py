"""A tag at a moment is resolved to a digest, or to an error that names the nearest moment with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.holdings import Holdings
from collector.errors import ArchiveError, NotFound
from collector.lookup.platforms import images_for
from collector.lookup.resolve import resolve
from collector.lookup.targets import find_target, state_of
from collector.model.digests import Digest
from collector.model.platforms import Platform
from collector.model.references import parse_asked, parse_repository
from tests.support.archives import ArchiveBuilder, digest, docker_image, index, single

ONE = single(docker_image("one"))
TWO = index("two", docker_image("two"), docker_image("two arm", platform="linux/arm64/v8"))


@pytest.fixture(scope="module")
def holdings(tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    builder = ArchiveBuilder(tmp_path_factory.mktemp("archive") / "a")
    builder.see("tool:1", "2017-01-01", gone="missing")
    builder.see("tool:1", "2017-02-01", ONE)
    builder.see("tool:1", "2017-03-01", gone="removed")
    builder.see("tool:1", "2017-03-21", TWO)
    builder.see("tool:1", "2017-04-01")
    builder.see("tool:1", "2017-05-01", TWO)
    builder.see("tool:never", "2017-01-01", gone="missing")
    builder.see("tool:was", "2017-02-01", ONE)
    builder.see("tool:was", "2017-02-02", gone="removed")
    return builder.archive.load(parse_repository("tool"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("tool:1", TWO.digest),
        ("tool:1@2017-02-01", ONE.digest),
        ("tool:1@2017-02-28", ONE.digest),
        ("tool:1@2017-03-01T11:59:59Z", ONE.digest),
        ("tool:1@2017-03-21T12:00:00Z", TWO.digest),
        ("tool:1@2017-03-31", TWO.digest),
        (f"tool@{ONE.digest}", ONE.digest),
        (f"tool@{digest('two arm manifest')}", digest("two arm manifest")),
        (f"tool:1@{ONE.digest}", ONE.digest),
    ],
)
def test_a_tag_a_digest_and_a_date_are_found(holdings: Holdings, asked: str, expected: Digest) -> None:
    found = find_target(holdings, parse_asked(asked)).digest
    assert found == expected
    assert state_of(holdings, found).digest == expected


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("tool:1@2016-12-31", "not seen before 2017-01-01T12:00:00Z", "existed: 2017-02-01T12:00:00Z"),
        ("tool:1@2017-01-15", "did not exist yet on 2017-01-01T12:00:00Z", "existed: 2017-02-01T12:00:00Z"),
        ("tool:1@2017-03-02", "gone since 2017-03-01T12:00:00Z", "existed: 2017-03-01T11:59:59Z"),
        ("tool:1@2017-03-20", "gone since 2017-03-01T12:00:00Z", "existed: 2017-03-21T12:00:00Z"),
        (
            "tool:1@2017-04-10",
            "its state since 2017-04-01T12:00:00Z could not be read",
            "existed: 2017-04-01T11:59:59Z",
        ),
        ("tool:never", "did not exist yet on", "knows no time at which it existed"),
        ("tool:was", "gone since 2017-02-02T12:00:00Z", "existed: 2017-02-02T11:59:59Z"),
        ("tool:wars", "no such tag", "there is was"),
        ("tool:zzz", "no such tag", "repo-info find tool:"),
        (f"tool@{digest('one config')}", "no index or manifest", "repo-info find sha256:"),
    ],
)
def test_a_refusal_says_why_and_names_the_nearest_moment(
    holdings: Holdings, asked: str, message: str, hint: str
) -> None:
    with pytest.raises(NotFound) as caught:
        find_target(holdings, parse_asked(asked))
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_the_moment_that_a_refusal_names_works(holdings: Holdings) -> None:
    for day in ("2016-12-31", "2017-01-15", "2017-03-02", "2017-03-20", "2017-04-10", "2017-04-29"):
        with pytest.raises(NotFound) as caught:
            find_target(holdings, parse_asked(f"tool:1@{day}"))
        named = caught.value.hint.rpartition(" ")[2]
        assert find_target(holdings, parse_asked(f"tool:1@{named}")).digest


def test_an_incomplete_state_is_not_an_answer(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-02-01", ONE)
    (journal,) = (tmp_path / "a").rglob("2017-02.*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"fact":"layer"' not in line))
    damaged = builder.archive.load(parse_repository("tool"))
    found = find_target(damaged, parse_asked("tool:1")).digest
    with pytest.raises(ArchiveError, match="lacks a part of sha256:"):
        state_of(damaged, found)


WINDOWS = [Platform(os="windows", architecture="amd64", os_version=f"10.0.{rest}") for rest in ("14393.1", "16299.2")]
MANY = index(
    "many",
    *(docker_image(name, platform=name) for name in ("linux/arm64/v8", "linux/arm/v5", "linux/arm/v7", "linux/amd64")),
    *(docker_image(str(platform), platform=platform) for platform in WINDOWS),
    docker_image("attestation", platform="unknown/unknown"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("linux-arm-v5", "linux/arm/v5"),
        ("linux/arm", "linux/arm/v7"),
        ("windows/amd64 10.0.16299", "windows/amd64 10.0.16299.2"),
        ("windows-amd64-10.0.14393", "windows/amd64 10.0.14393.1"),
    ],
)
def test_a_platform_is_found_by_its_usual_names(text: str, expected: str) -> None:
    (found,) = images_for(MANY, text)
    assert str(found.platform) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("windows/amd64", "several platforms", "10.0.14393.1, windows/amd64 10.0.16299.2"),
        ("linux", "several platforms", "linux/amd64"),
        ("linux/am", "no platform", "linux/amd64"),
        ("", "no platform", "linux/amd64"),
        ("unknown/unknown", "no platform", "linux/amd64"),
    ],
)
def test_an_unknown_platform_is_refused_with_a_list_of_the_known_ones(text: str, message: str, hint: str) -> None:
    with pytest.raises(NotFound, match=message) as caught:
        images_for(MANY, text)
    assert hint in caught.value.hint


def test_a_platform_gives_its_manifest(holdings: Holdings) -> None:
    resolved = resolve(holdings, parse_asked("tool:1"), "linux/arm64")
    assert resolved.reference == f"tool:1@{digest('two arm manifest')}"
    assert (resolved.points_at, resolved.platform) == (TWO.digest, "linux/arm64/v8")
    assert (resolved.since, resolved.until) == ("2017-05-01T12:00:00Z", None)


def test_a_digest_of_an_algorithm_that_is_not_known_is_a_digest(holdings: Holdings) -> None:
    with pytest.raises(NotFound, match="no index or manifest blake3:"):
        find_target(holdings, parse_asked(f"tool:1@blake3:{'0' * 64}"))
