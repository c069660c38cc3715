"""`repo-info why`: the releases of the images that a build's files name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.github import github_html

OLD = "7154bd1a5d4a4f64ca3ec1719906c9a60b64fbac0132fd485d640acb30f76399"
"""What python:3.6-slim pointed at on 2017-12-01."""

DOCKERFILE = f"""\
ARG TAG=3.6-slim
FROM python:$TAG AS build
FROM python:3.6-slim@sha256:{OLD}
FROM hello-world:nanoserver
FROM nosuch:1
"""


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_text(DOCKERFILE)
    return path


def test_every_image_with_its_releases(run: Run, sample: Path, dockerfile: Path) -> None:
    told = run("why", dockerfile, "--since", "2017-12-01", "--until", "2017-12-31", "--archive", sample)
    assert told.exit_code == 1
    releases = (
        "  2017-12-21 03:57 UTC  PYTHON_VERSION 3.6.3 → 3.6.4; base image moved (on linux/s390x) · 7 of 7 platforms\n"
        "  2017-12-12 07:50 UTC  base image moved · 6 of 7 platforms, linux/s390x skipped\n"
    )
    assert told.stdout.startswith(
        f"{dockerfile}:2: python:3.6-slim\n{releases}"
        f"  to build as before: python:3.6-slim@sha256:{OLD}\n"
        f"{dockerfile}:3: python:3.6-slim@sha256:{OLD}\n"
        f"  pinned: the build gets the same image whenever the tag moves\n{releases}"
        f"{dockerfile}:4: hello-world:nanoserver\n"
    )
    assert told.stdout.endswith(f"{dockerfile}:5: nosuch:1\n  unknown: nosuch: no such image in the archive {sample}\n")


def test_an_unchanged_image_is_reported_as_unchanged(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.6-slim\n")
    told = run("why", tmp_path, "--since", "2018-01-20", "--archive", sample)
    assert (told.exit_code, told.stdout) == (
        0,
        f"{tmp_path}/Dockerfile:1: python:3.6-slim\n  did not change after 2018-01-20 23:59 UTC\n",
    )


@pytest.mark.parametrize(("since", "is_told"), [("2018-01-06", True), ("2018-01-07", False)])
def test_a_release_counts_while_it_reaches_platforms(
    run: Run, sample: Path, tmp_path: Path, since: str, is_told: bool
) -> None:
    """It began on 2017-12-21, and reached its last platform on 2018-01-07."""
    (tmp_path / "Dockerfile").write_text("FROM python:3.6-slim\n")
    told = run("why", tmp_path, "--since", since, "--archive", sample)
    assert ("2017-12-21 03:57 UTC  PYTHON_VERSION" in told.stdout) is is_told


def test_an_image_named_twice_has_the_line_of_each(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.6-slim\n\nFROM python:3.6-slim AS b\n")
    (tmp_path / "x.Dockerfile").write_text("#\nFROM python:3.6-slim\n")
    told = run("why", tmp_path, "--since", "2017-12-01", "--archive", sample, "--format", "json")
    first, second = json.loads(told.stdout)
    assert [image["line"] for image in first["images"] + second["images"]] == [1, 3, 2]
    assert first["images"][1]["releases"] == second["images"][0]["releases"] != []


def test_a_file_that_cannot_be_read_says_why_once(run: Run, sample: Path, tmp_path: Path) -> None:
    file = Path("/proc/self/mem")
    if not file.exists():
        pytest.skip("no file that can be opened and not read")
    told = run("why", file, "--since", "2017-12-01", "--archive", sample)
    assert (told.exit_code, told.stdout) == (1, f"{file}: could not be read: Input/output error\n")


def test_json_has_the_pins_of_both_ends(run: Run, sample: Path, dockerfile: Path) -> None:
    told = run("why", dockerfile, "--since", "2017-12-01", "--json", "--archive", sample)
    assert (
        run("why", dockerfile, "--since", "2017-12-01", "--format", "json", "--archive", sample).stdout == told.stdout
    )
    ((file),) = json.loads(told.stdout)
    first = file["images"][0]
    assert (file["file"], file["problem"]) == (str(dockerfile), "")
    assert (first["line"], first["written"], first["reference"]) == (2, "python:$TAG", "python:3.6-slim")
    assert first["before"] == f"python:3.6-slim@sha256:{OLD}"
    assert first["after"].startswith("python:3.6-slim@sha256:33a5a60a9a15")
    assert first["releases"][0]["reasons"][0] == {"code": "dockerfile-changed", "text": "PYTHON_VERSION 3.6.3 → 3.6.4"}
    assert [image["is_pinned"] for image in file["images"]] == [False, True, False, False]


def test_markdown_is_a_comment_in_which_everything_is_data(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "a<img>.dockerfile").write_text("FROM python:3.6-slim\nFROM `<b>x\n")
    told = run("why", tmp_path, "--since", "2017-12-15", "--format", "markdown", "--archive", sample)
    html = github_html(told.stdout)
    assert "<h3><code>python:3.6-slim</code></h3>" in html
    assert "<li>2017-12-21: PYTHON_VERSION 3.6.3 → 3.6.4;" in html
    assert "<img" not in html
    assert "<b>" not in html


def test_standard_input_and_folders(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("spec: {containers: [{image: 'alpine:3.5'}]}\n")
    (tmp_path / "other.yaml").write_text("a: 1\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    told = run("why", "-", tmp_path, "--since", "2018-01-20", "--archive", sample, stdin="FROM alpine:3.5\n")
    assert told.exit_code == 1
    assert told.stdout == (
        "-:1: alpine:3.5\n  did not change after 2018-01-20 23:59 UTC\n"
        f"{tmp_path}/broken.yaml: could not be read: unreadable YAML, line 2\n"
        f"{tmp_path}/pod.yaml:1: alpine:3.5\n  did not change after 2018-01-20 23:59 UTC\n"
    )


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("services: {a: {image: 'alpine:3.5'}}\n", 0, "-:1: alpine:3.5\n  did not change after 2018-01-20 23:59 UTC\n"),
        ("from alpine:3.5\n", 0, "-:1: alpine:3.5\n  did not change after 2018-01-20 23:59 UTC\n"),
        ("FROM scratch\n", 0, "-: names no image\n"),
        ("some notes\n", 1, "-: could not be read: no FROM and no image\n"),
    ],
)
def test_standard_input_is_known_by_its_content(run: Run, sample: Path, text: str, code: int, told: str) -> None:
    result = run("why", "-", "--since", "2018-01-20", "--archive", sample, stdin=text)
    assert (result.exit_code, result.stdout) == (code, told)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "no file (name a Dockerfile, a compose file, a Kubernetes manifest, or a folder)"),
        ((), "no file (name a Dockerfile, a compose file, a Kubernetes manifest, or a folder)"),
        (("none",), "none: no such file or folder"),
        (("-", "--until", "2017-01-01"), "--until is before --since (give the earlier day to --since)"),
    ],
)
def test_wrong_use(run: Run, sample: Path, arguments: tuple[str, ...], message: str) -> None:
    told = run("why", *arguments, "--since", "2018-01-01", "--archive", sample)
    assert (told.exit_code, told.stderr) == (2, f"repo-info: {message}\n")
