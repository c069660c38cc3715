"""`repo-info history` and `repo-info diff`: what changed, and why."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector.archive.store import Archive
from collector.diff.differ import compare
from collector.lookup.tag_history import TagHistory
from collector.model.images import published_gone
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.reason_text import published_change
from tests.cli.conftest import Run
from tests.pages.archives import Seen, alone, write_archive
from tests.releases.made_up import base_of, built
from tests.support.archives import ArchiveBuilder, deb, docker_image, index, single
from tests.support.golden import Golden


@pytest.mark.parametrize("tag", ["python:3.6.4-slim", "hello-world:nanoserver", "python:3.6.3", "alpine:3.5"])
def test_a_history_as_text(run: Run, sample: Path, golden: Golden, tag: str) -> None:
    result = run("history", tag, "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    states = run("history", tag, "--archive", sample, "--states")
    assert (states.exit_code, states.stderr) == (0, "")
    golden(f"history-{tag.replace(':', '-')}.txt", f"{result.stdout}\n--states\n{states.stdout}")


def test_a_history_as_json_has_every_period(run: Run, sample: Path) -> None:
    result = run("history", "python:3.6.3", "--archive", sample, "--json")
    history = msgspec.json.decode(result.stdout, type=TagHistory)
    periods = Archive(sample).load(parse_repository("python")).periods("3.6.3")
    told = [(state.since, state.until, state.digest, state.gone) for state in history.states]
    assert told == [
        (period.since, period.until, period.digest, published_gone(period.gone)) for period in reversed(periods)
    ]
    of_releases = [since for release in history.releases for since in release.states]
    assert sorted(of_releases) == [period.since for period in periods]
    assert all(state.reasons for state in history.states)
    assert all(bool(state.platforms) == bool(state.digest) for state in history.states)


def test_a_history_names_the_releases_of_bases_on_request(run: Run, tmp_path: Path) -> None:
    days = {1: Time("2024-01-08T00:00:00Z"), 2: Time("2024-01-16T00:00:00Z")}
    debian = [Seen(tag="1", time=day, state=alone(base_of(base=number))) for number, day in days.items()]
    python = [Seen(tag="1", time=day, state=alone(built(base=number))) for number, day in days.items()]
    root = write_archive(tmp_path / "archive", debian=debian, python=python)
    asked = ("history", "python:1", "--archive", root)
    assert "base image moved" in run(*asked).stdout
    assert "debian" not in run(*asked).stdout
    assert "base image moved · built on debian:1 of 2024-01-16\n" in run(*asked, "--bases").stdout
    newest, first = msgspec.json.decode(run(*asked, "--bases", "--json").stdout)["releases"]
    base = {"image": "debian", "tag": "1", "since": days[2], "platforms": ["linux/amd64"]}
    assert (newest["bases"], first["bases"]) == ([base], [])
    assert "bases" not in run(*asked, "--json").stdout


def test_releases_of_a_base_on_one_day_are_named_with_their_minutes(run: Run, tmp_path: Path) -> None:
    times = [Time(f"2024-01-{one}:00Z") for one in ("02T00:00", "08T09:30", "08T14:05", "16T00:00")]
    debian = [Seen(tag="1", time=time, state=alone(base_of(base=number))) for number, time in enumerate(times, 1)]
    python = [Seen(tag="1", time=time, state=alone(built(base=number))) for number, time in enumerate(times, 1)]
    root = write_archive(tmp_path / "archive", debian=debian, python=python)
    listed = run("history", "python:1", "--archive", root, "--bases").stdout
    names = [line.partition(" built on ")[2] for line in listed.splitlines()]
    assert names == [
        "debian:1 of 2024-01-16",
        "debian:1 of 2024-01-08 14:05 UTC",
        "debian:1 of 2024-01-08 09:30 UTC",
        "",
    ]


def test_a_tag_that_was_never_there_is_refused(run: Run, sample: Path) -> None:
    result = run("history", "python:3.6.44", "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no such tag (there is 3.6.4" in result.stderr


DIFFERENCES = {
    "version": ("python:3.6-slim@2017-12-01", "python:3.6-slim"),
    "platforms": ("alpine:3.5", "alpine:3.6"),
    "windows": ("hello-world:nanoserver@2017-11-01", "hello-world:nanoserver"),
    "images": ("alpine:3.6", "hello-world:linux"),
    "attestations": ("alpine:3.7", "alpine:3.24.2"),
    "same": ("python:3.6-slim", "python:slim"),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_as_text(run: Run, sample: Path, golden: Golden, name: str) -> None:
    result = run("diff", *DIFFERENCES[name], "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    golden(f"diff-{name}.txt", result.stdout)


def test_a_difference_as_json_is_the_change(run: Run, sample: Path) -> None:
    result = run("diff", "python:3.6-slim@2017-12-01", "python:3.6-slim", "--archive", sample, "--json")
    holdings = Archive(sample).load(parse_repository("python"))
    printed = msgspec.json.decode(result.stdout)
    change = compare(holdings.state(printed["before"]), holdings.state(printed["after"]))
    assert printed == msgspec.json.decode(msgspec.json.encode(published_change(change)))
    assert printed["reason"] == {"code": "dockerfile-changed", "text": "PYTHON_VERSION 3.6.3 → 3.6.4"}


HOSTILE = "\x1b]0;owned\x07 \u202e </script> {{ x }}"


def test_hostile_values_stay_text(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    before = docker_image("a", platform=f"linux/{HOSTILE}", steps=("ADD file:1 in /", f"ENV A={HOSTILE}1"))
    after = docker_image(
        "b",
        platform=f"linux/{HOSTILE}",
        steps=("ADD file:1 in /", f"ENV A={HOSTILE}2", f"LABEL {HOSTILE}={HOSTILE}", f"RUN {HOSTILE}"),
        layers=("base", "b"),
    )
    builder.see("tool:1", "2017-01-01", index("a", before, docker_image("c", platform=f"{HOSTILE}/amd64")))
    builder.see("tool:1", "2017-01-02", index("b", after))
    for arguments in (["history", "tool:1"], ["diff", "tool:1@2017-01-01", "tool:1"]):
        result = run(*arguments, "--archive", tmp_path / "a")
        assert result.exit_code == 0
        assert result.stdout.replace("\n", "").isprintable()
        assert r"\x1b]0;owned\x07 \u202e" in result.stdout


def test_a_step_added_twice_on_one_platform_does_not_count_for_all(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    platforms = ("linux/amd64", "linux/arm64/v8")
    builder.see("tool:1", "2017-01-01", index("a", *(docker_image(f"a {one}", platform=one) for one in platforms)))
    added = {"linux/amd64": ("RUN jib", "RUN jib"), "linux/arm64/v8": ("RUN other",)}
    images = (
        docker_image(f"b {one}", platform=one, steps=("ADD file:1 in /", 'CMD ["sh"]', *added[one]))
        for one in platforms
    )
    builder.see("tool:1", "2017-01-02", index("b", *images))
    result = run("diff", "tool:1@2017-01-01", "tool:1", "--archive", tmp_path / "a")
    assert "settings and steps on linux/amd64\n+ RUN jib\n" in result.stdout
    assert "settings and steps on linux/arm64/v8\n+ RUN other\n" in result.stdout
    assert "all of these" not in result.stdout


def test_what_a_diff_cannot_find_is_refused(run: Run, sample: Path) -> None:
    result = run("diff", "alpine:3.6", "alpine:0.1", "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("repo-info: alpine:0.1: the archive has no such tag")


def test_a_torn_journal_is_reported_and_the_rest_is_read(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", single(docker_image("a")))
    (journal,) = (tmp_path / "a").rglob("2017-01.*.jsonl")
    with journal.open("ab") as file:
        file.write(b'{"fact":"observ')
    result = run("history", "tool:1", "--archive", tmp_path / "a")
    assert result.exit_code == 0
    assert "first seen" in result.stdout
    assert "tool: 1 fault in its journals" in result.stderr
    assert f"{journal}:7: cut off before its end" in result.stderr


@pytest.fixture
def updated(tmp_path: Path) -> Path:
    """A tag that was rebuilt twice: with a newer package, and with the same ones."""
    archive = ArchiveBuilder(tmp_path / "archive")
    versions = {"2018-01-01": "1.1.0f-3", "2018-01-02": "1.1.0f-3+deb9u1", "2018-01-03": "1.1.0f-3+deb9u1"}
    for day, version in versions.items():
        built = docker_image(day, layers=(day,))
        archive.see("tool:1", day, single(built))
        packages = [deb("libssl1.1", version, "openssl"), deb("openssl", version), deb("bash", "4.4-5")]
        archive.scan("tool", day, built, packages)
    return tmp_path / "archive"


def test_a_history_names_the_packages_that_changed(run: Run, updated: Path) -> None:
    lines = run("history", "tool:1", "--archive", updated).stdout
    assert "packages updated: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1" in lines
    assert "rebuilt, same packages" in lines


def test_only_the_packages_of_a_difference(run: Run, updated: Path) -> None:
    whole = run("diff", "tool:1@2018-01-01", "tool:1", "--archive", updated).stdout
    only = run("diff", "tool:1@2018-01-01", "tool:1", "--only", "packages", "--archive", updated).stdout
    assert only.splitlines() == [
        "linux/amd64",
        "  packages  1 the same, 1 source changed",
        "",
        "packages on linux/amd64",
        "~ openssl 1.1.0f-3 → 1.1.0f-3+deb9u1  (libssl1.1, openssl)",
    ]
    assert all(line in whole.splitlines() for line in only.splitlines())
    same = run("diff", "tool:1@2018-01-02", "tool:1", "--only", "packages", "--archive", updated).stdout
    assert same.splitlines() == ["linux/amd64", "  packages  3 the same, none changed"]


def test_the_packages_of_a_difference_as_json(run: Run, updated: Path) -> None:
    result = run("diff", "tool:1@2018-01-01", "tool:1", "--only", "packages", "--json", "--archive", updated)
    change = msgspec.json.decode(result.stdout)
    assert [(source["name"], source["before"], source["after"]) for source in change["packages"]] == [
        ("openssl", "1.1.0f-3", "1.1.0f-3+deb9u1")
    ]
    assert [(one["packages"], one["packages_kept"], "layers" in one) for one in change["images"]] == [([0], 1, False)]
