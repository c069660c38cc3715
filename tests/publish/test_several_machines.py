"""The guide's page on several machines: every recipe numbers the parts, and the parts make the site of one build."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from tests.publish.object_store import running_store
from tests.publish.runner import GitHub, GitLab, Machine
from tests.support.folders import read_folder

PARTS = ("1", "2", "3")
MERGE = "merge part-1 part-2 part-3 --site site"
RECORDER = """#!/bin/sh
echo "$*" >> "{calls}"
for word; do
  if [ "$last" = --site ]; then mkdir -p "$word"; fi
  last=$word
done
"""
SBATCH = """#!/bin/sh
set -eu
case $1 in
--parsable)
  export SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=2
  for SLURM_ARRAY_TASK_ID in 1 2 3; do export SLURM_ARRAY_TASK_ID; sh "$2"; done
  echo 4711 ;;
--dependency=afterok:4711) test "$2" = --wrap; sh -euc "$3" ;;
*) exit 1 ;;
esac
"""


class Recipes:
    """The blocks of the page, each found by words that are in no other."""

    def __init__(self, page: str) -> None:
        self._blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    def find(self, language: str, words: str) -> str:
        (block,) = [text for kind, text in self._blocks if kind == language and words in text]
        return str(block)


@pytest.fixture(scope="module")
def recipes(root: Path) -> Recipes:
    return Recipes((root / "site_src" / "several-machines.md").read_text())


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    return root / "examples" / "archive"


@pytest.fixture(scope="module")
def whole(sample_site: Path) -> dict[str, bytes]:
    return read_folder(sample_site)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """The arguments of each call, written by a `repo-info` that does nothing else."""
    program = tmp_path / "programs" / "repo-info"
    program.parent.mkdir()
    program.write_text(RECORDER.format(calls=tmp_path / "calls"))
    program.chmod(0o755)
    return tmp_path / "calls"


def environment(folder: Path, variables: Mapping[str, str] = {}) -> dict[str, str]:
    programs = f"{folder / 'programs'}:{Path(sys.executable).parent}:/usr/bin:/bin"
    return {"PATH": programs, "HOME": str(folder), "TMPDIR": str(folder), **variables}


def run(script: str, folder: Path, variables: Mapping[str, str] = {}) -> None:
    """What a person types in this folder, which is also that of their programs."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], check=False, cwd=folder, env=environment(folder, variables),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def builds(*, site: str = "part-{}", rest: str = "") -> list[str]:
    """The calls that build all parts."""
    return [f"build --archive archive --site {site.format(part)} --shard {part}/3{rest}" for part in PARTS]


def test_by_hand(recipes: Recipes, calls: Path, tmp_path: Path) -> None:
    run(recipes.find("sh", "for number in 1 2 3; do\n  repo-info"), tmp_path)
    assert calls.read_text().splitlines() == [*builds(), MERGE]


def test_github_and_gitlab(recipes: Recipes, calls: Path, tmp_path: Path) -> None:
    run("git init --quiet --initial-branch main work", tmp_path)
    run("git -c user.name=me -c user.email=me@example.org -C work commit --quiet --allow-empty -m Begin", tmp_path)
    machine = Machine(tmp_path / "machine", tmp_path / "work")
    machine.install("repo-info", (tmp_path / "programs" / "repo-info").read_text())
    done = GitHub(machine).run(recipes.find("yaml", "runs-on:"))
    assert set(done.results.values()) == {True}, done.log
    merge = "merge part-1/part part-2/part part-3/part --site site"
    assert calls.read_text().splitlines() == [*builds(site="part"), merge]
    calls.unlink()
    done = GitLab(machine).run(recipes.find("yaml", "CI_NODE_INDEX"))
    assert set(done.results.values()) == {True}, done.log
    assert calls.read_text().splitlines() == [*builds(), MERGE.replace("site site", "site public")]


def test_kubernetes(recipes: Recipes, calls: Path, tmp_path: Path) -> None:
    job = yaml.safe_load(recipes.find("yaml", "kind: Job"))["spec"]
    assert (job["completionMode"], job["completions"]) == ("Indexed", len(PARTS))
    (container,) = job["template"]["spec"]["containers"]
    assert container["command"] == ["sh", "-euc"]
    for index in range(job["completions"]):
        run(container["args"][0], tmp_path, {"JOB_COMPLETION_INDEX": str(index)})
    assert calls.read_text().splitlines() == builds(rest=" --jobs 2")


def test_slurm(recipes: Recipes, calls: Path, tmp_path: Path) -> None:
    script = recipes.find("sh", "#SBATCH")
    assert re.findall(r"^#SBATCH --(\S+)$", script, re.MULTILINE) == ["array=1-3", "cpus-per-task=2", "mem=1G"]
    (tmp_path / "parts.sh").write_text(script)
    (tmp_path / "programs" / "sbatch").write_text(SBATCH)
    (tmp_path / "programs" / "sbatch").chmod(0o755)
    run(recipes.find("sh", "--parsable"), tmp_path)
    assert calls.read_text().splitlines() == [*builds(rest=" --jobs 2"), MERGE]


def test_snakemake(recipes: Recipes, sample: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "archive")
    (tmp_path / "Snakefile").write_text(recipes.find("python", "rule site"))
    run("snakemake --cores 2", tmp_path)
    assert read_folder(tmp_path / "site") == whole


def test_dask_with_workers_that_share_only_a_store(
    recipes: Recipes, sample: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        store = stack.enter_context(running_store(tmp_path / "store"))
        store.bucket.with_name("work").mkdir()
        file = tmp_path / "scheduler" / "address.json"
        stack.enter_context(dask(file.parent, "scheduler", "--port", "0", "--scheduler-file", str(file)))
        wait_for(file)
        address = json.loads(file.read_text())["address"]
        for name in ("one", "two"):
            options = ("--nthreads", "1", "--no-nanny")
            stack.enter_context(dask(tmp_path / name, "worker", address, *options, variables=store.variables))
        here = tmp_path / "here"
        shutil.copytree(sample, here / "archive")
        (here / "parts.py").write_text(recipes.find("python", "distributed"))
        run(recipes.find("sh", "$SCHEDULER"), here, {**store.variables, "SCHEDULER": address})
    assert read_folder(here / "site") == whole


@contextmanager
def dask(folder: Path, what: str, *options: str, variables: Mapping[str, str] = {}) -> Iterator[None]:
    """A process of Dask with a folder of its own."""
    folder.mkdir()
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--host", "127.0.0.1", "--no-dashboard"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(folder, variables), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text().endswith("}")):
        assert time.monotonic() < deadline, (file.parent / "log").read_text()
        time.sleep(0.02)


def test_clones_of_a_part(recipes: Recipes, sample: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    """Each has only the contents of its own images, and one has no images."""
    work, bare = tmp_path / "work", tmp_path / "images.git"
    shutil.copytree(sample, work / "archive")
    (work / "repo-info.toml").touch()
    run(
        "git init --quiet --initial-branch main && git add --all"
        " && git -c user.name=me -c user.email=me@example.org commit --quiet -m Begin"
        f" && git clone --quiet --bare . {bare} && git -C {bare} config uploadpack.allowFilter true",
        work,
    )
    run(recipes.find("sh", "> list"), work)
    for part in PARTS:
        folder = tmp_path / part
        folder.mkdir()
        for name in ("list", "bases"):
            shutil.copy(work / name, folder)
        run(recipes.find("sh", "--filter=blob:none"), folder, {"NUMBER": part, "REPOSITORY": f"file://{bare}"})
        own = [path for path in (folder / "images").glob("[!.]*/**/*") if path.is_file()]
        assert count_blobs(folder / "images") == len(own) + len(["repo-info.toml"])
        shutil.move(folder / f"part-{part}", tmp_path / f"part-{part}")
    run(f"repo-info {MERGE}", tmp_path)
    assert read_folder(tmp_path / "site") == whole


def count_blobs(repository: Path) -> int:
    command = ["git", "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"]
    done = subprocess.run(command, check=True, cwd=repository, capture_output=True, text=True)
    return done.stdout.split().count("blob")
