"""`repo-info resolve`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

JUNE = "sha256:a3b08174237fd5e247b0091ce0462cbfb10b73140b984b7cdebf2e16f9e0be28"


def test_the_reference_stands_alone_on_standard_output(run: Run, sample: Path) -> None:
    result = run("resolve", "python:3.6-slim", "--as-of", "2017-06-30", "--archive", sample)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"python:3.6-slim@{JUNE}\n", "")


@pytest.mark.parametrize(
    "asked",
    [["python:3.6-slim@2017-06-30"], ["docker.io/library/python:3.6-slim", "--as-of", "2017-06-30T23:59:59+00:00"]],
)
def test_other_ways_to_ask(run: Run, sample: Path, asked: list[str]) -> None:
    assert run("resolve", *asked, "--archive", sample).stdout == f"python:3.6-slim@{JUNE}\n"


def test_a_platform_has_its_own_digest(run: Run, sample: Path) -> None:
    result = run("resolve", "python:3.6.4-slim", "--platform", "linux/arm64", "--archive", sample, "--json")
    found = json.loads(result.stdout)
    assert found == {
        "digest": "sha256:baf398409cbacf68c5a9f384f337abc65c488171a42d59faf301d7ea5a96696f",
        "image": "python",
        "platform": "linux/arm64/v8",
        "points_at": "sha256:33a5a60a9a155f05ce10ad4a35fc4628a5209200cf024d040de02acb0b14360b",
        "same_platform": [],
        "since": "2018-01-07T10:54:20Z",
        "tag": "3.6.4-slim",
        "until": None,
    }
    line = run("resolve", "python:3.6.4-slim", "--platform", "linux/arm64", "--archive", sample).stdout
    assert line == f"python:3.6.4-slim@{found['digest']}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["python:3.6.4-slim", "--as-of", "2017-12-01"], "not seen before 2017-12-21T01:59:13Z"),
        (["python:3.6.3", "--as-of", "2017-12-31"], "gone since "),
        (["python:3.6.4-slim", "--as-of", "2017-12-21T03:00:00Z"], "did not exist yet on "),
        (["python:4"], "the archive has no such tag"),
        (["ruby:2"], "ruby: no such image in the archive"),
        (["python:3.6.4-slim", "--platform", "plan9/mips"], "has no platform plan9/mips (it has "),
    ],
)
def test_what_is_not_there_is_a_problem_with_a_reason(
    run: Run, sample: Path, arguments: list[str], message: str
) -> None:
    result = run("resolve", *arguments, "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_date_given_twice_is_a_usage_error(run: Run, sample: Path) -> None:
    result = run("resolve", "python:3@2017-01-01", "--as-of", "2017-01-01", "--archive", sample)
    assert (result.exit_code, result.stdout) == (2, "")
