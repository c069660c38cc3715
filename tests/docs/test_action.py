"""The action for GitHub's workflows: its steps run, with a `gh` that keeps the comments of one pull request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import yaml

from tests.cli.published_site import ServedSite
from tests.support.stub import Stub

# As GitHub's: a query lists, one comment a page, and --jq filters each page (jq is what gh uses); a mutation replaces,
# POST adds.
GH = """#!/usr/bin/env bash
set -euo pipefail
last=${!#} all="$*"
change() {
  jq --rawfile body "${last#*@}" "$@" "$COMMENTS" > "$COMMENTS.new"
  mv "$COMMENTS.new" "$COMMENTS"
}
case "$all" in
  "api --silent --method POST repos/o/r/issues/7/comments --field body=@"*)
    change '. + [{id: "IC_\\(length + 1)", body: $body, viewerDidAuthor: true}]' ;;
  "api graphql --silent --raw-field query=mutation("*" --raw-field id=IC_"*" --field body=@"*)
    id=${all##*--raw-field id=}
    change --arg id "${id%% *}" 'map(if .id == $id then .body = $body else . end)' ;;
  "api graphql --paginate --raw-field query=query("*" --raw-field owner=o --raw-field name=r --field number=7 --jq "*)
    jq -r ".[] | {data: {repository: {pullRequest: {comments: {nodes: [.]}}}}} | $last" "$COMMENTS" ;;
  *) exit 1 ;;
esac
"""


class Runner:
    """What GitHub gives to a step."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.comments = folder / "comments.json"
        self.write_comments({"body": "A comment of another workflow", "viewerDidAuthor": True})
        programs = folder / "repo-info" / "bin"
        programs.mkdir(parents=True)
        (programs / "repo-info").symlink_to(Path(sys.executable).with_name("repo-info"))
        (programs / "gh").write_text(GH)
        (programs / "gh").chmod(0o755)
        self.action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """The last step, as a composite action runs it."""
        step = self.action["runs"]["steps"][-1]
        values = {name: setting.get("default", "") for name, setting in self.action["inputs"].items()} | inputs
        given = {name: value.replace("${{ inputs.", "").removesuffix(" }}") for name, value in step["env"].items()}
        env = os.environ | {name: values[wanted] for name, wanted in given.items()}
        env |= {"RUNNER_TEMP": str(self.folder), "GITHUB_REPOSITORY": "o/r", "COMMENTS": str(self.comments)}
        env |= {"GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(shell, check=False, capture_output=True, text=True, cwd=self.root, env=env)

    def write_comments(self, *comments: dict[str, object]) -> None:
        """The comments that are on the pull request before a run."""
        numbered = [{"id": f"IC_{number}"} | comment for number, comment in enumerate(comments, 1)]
        self.comments.write_text(json.dumps(numbered))

    def bodies(self) -> list[str]:
        """The comments on the pull request."""
        return [comment["body"] for comment in json.loads(self.comments.read_text())]


@pytest.fixture
def runner(root: Path, tmp_path: Path) -> Runner:
    return Runner(root, tmp_path)


def test_why_comments_once_and_replaces_its_comment(runner: Runner) -> None:
    why = {"run": "why", "archive": "examples/archive", "files": "examples/Dockerfile", "comment": "7"}
    news = "2018-01-09: new root filesystem"
    for since, is_news in [("2018-01-01", True), ("2018-01-20", False)]:
        done = runner.run(**why, since=since)
        assert (done.returncode, done.stderr) == (0, "")
        other, ours = runner.bodies()
        assert other == "A comment of another workflow"
        assert "`alpine:3.5`" in ours
        assert (news in ours) is is_news
    assert news in (runner.folder / "summary.md").read_text()


def test_a_comment_of_somebody_else_stays_even_with_the_mark(runner: Runner) -> None:
    why = {"run": "why", "archive": "examples/archive", "files": "examples/Dockerfile", "since": "2018-01-01"}
    runner.run(**why, comment="7")
    (marked,) = runner.bodies()[1:]
    mark = marked.splitlines()[0]
    foreign = f"{mark}\nNot by the workflow"
    runner.write_comments({"body": foreign, "viewerDidAuthor": False})
    for _ in range(2):
        assert runner.run(**why, comment="7").returncode == 0
    assert runner.bodies() == [foreign, marked]


def test_an_unknown_image_is_reported_and_the_others_continue(runner: Runner) -> None:
    (runner.folder / "Dockerfile").write_text("FROM nobody/knows:this\n")
    done = runner.run(
        run="why", archive="examples/archive", files=str(runner.folder), since="2018-01-01", comment="", token=""
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "nobody/knows:this" in (runner.folder / "summary.md").read_text()


def test_each_line_of_an_input_counts(runner: Runner) -> None:
    for name in ("one", "two"):
        (runner.folder / name).write_text(f"FROM nobody/knows:{name}\n")
    files = f"{runner.folder / 'one'}\n{runner.folder / 'two'}\n"
    done = runner.run(run="why", archive="examples/archive", files=files, since="2018-01-01", comment="")
    assert (done.returncode, done.stderr) == (0, "")
    summary = (runner.folder / "summary.md").read_text()
    assert "nobody/knows:one" in summary
    assert "nobody/knows:two" in summary


def test_a_published_site_is_asked(runner: Runner, stub: Stub, sample_site: Path) -> None:
    served = ServedSite(stub, sample_site)
    why = {"run": "why", "archive": "none", "files": "examples/Dockerfile", "since": "2018-01-01", "comment": ""}
    done = runner.run(**why, published=served.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2018-01-09: new root filesystem" in (runner.folder / "summary.md").read_text()


def test_a_long_answer_is_cut_between_lines(runner: Runner) -> None:
    (runner.folder / "Dockerfile").write_text("".join(f"FROM nobody/knows:é{n}\n" for n in range(900)))
    done = runner.run(run="why", archive="examples/archive", files=str(runner.folder), since="2018-01-01", comment="7")
    assert (done.returncode, done.stderr) == (0, "")
    body = runner.bodies()[1]
    assert len(body.encode()) < 61_000
    assert body.endswith("\nThe whole answer is in the job's summary.\n")
    assert "knows:é899" in (runner.folder / "summary.md").read_text()


def test_without_the_right_to_comment_the_summary_has_the_answer(runner: Runner) -> None:
    why = {"run": "why", "archive": "examples/archive", "files": "examples/Dockerfile", "since": "2018-01-01"}
    done = runner.run(**why, comment="8")  # `gh` refuses any other than 7
    assert done.returncode == 0
    assert "::warning::repo-info: no comment was written" in done.stdout
    assert "new root filesystem" in (runner.folder / "summary.md").read_text()


@pytest.mark.parametrize(("version", "installed"), [("", "/action"), ("1.2.3", "repo-info==1.2.3")])
def test_what_is_installed_is_what_the_commit_has(runner: Runner, version: str, installed: str) -> None:
    programs = runner.folder / "repo-info" / "bin"
    for name in ("python3", "pip"):
        (programs / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (programs / name).chmod(0o755)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "RUNNER_TEMP": str(runner.folder)}
    env |= {"VERSION": version, "GITHUB_ACTION_PATH": "/action"}
    script = runner.action["runs"]["steps"][0]["run"]
    done = subprocess.run(["bash", "-euc", script], check=True, capture_output=True, text=True, env=env)
    assert done.stdout.splitlines()[-1].split()[-1] == installed


def test_wrong_use_stops_the_job(runner: Runner) -> None:
    done = runner.run(run="why", archive="examples/archive", files="examples/Dockerfile", since="", comment="7")
    assert done.returncode
    assert "--since" in done.stderr
    assert len(runner.bodies()) == 1
    assert runner.run(run="bild").returncode == 2


def test_build_writes_the_site(runner: Runner) -> None:
    site = runner.folder / "site"
    assert runner.run(run="build", archive="examples/archive", site=str(site)).returncode == 0
    assert (site / "index.html").is_file()


def test_no_input_is_part_of_a_script(runner: Runner) -> None:
    """A pull request's text in a shell script would be code."""
    assert not [step for step in runner.action["runs"]["steps"] if "${{" in step["run"]]
    assert msgspec.json.encode(runner.action["runs"]).count(b"${{") == sum(
        len(step["env"]) for step in runner.action["runs"]["steps"]
    )
