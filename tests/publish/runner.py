"""Runs the jobs of a workflow on this machine: the shell of their steps, and what the actions between them do.

An action that is not among these is an error. The programs that steps install are the ones that are there: `pip` does
nothing, `repo-info` is this one, with the time and the mishaps that a test sets, and without waits between attempts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

REPO_INFO = """#!{python}
import os, subprocess, sys
from pathlib import Path
from collector.cli import collect, main
from collector.model.times import Time
from collector.registry import client
from tests.support.clocks import CountingClock
client.Clock = CountingClock
if now := os.environ.get("TEST_NOW"):
    collect._now = lambda: Time(now)
try:
    main(prog_name="repo-info")
finally:
    mishap = min(Path(os.environ["TEST_MISHAPS"]).glob("*"), default=None)
    if sys.argv[1] == "collect" and mishap:
        script = mishap.read_text()
        mishap.unlink()
        subprocess.run(["bash", "-euc", script], check=True, env={{**os.environ, "TEST_MISHAPS": "/none"}})
"""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has ended."""

    results: dict[str, bool]
    """Whether each job has succeeded."""
    log: str
    summary: str
    """What the job's page shows, as Markdown."""
    site: Path
    """What was published."""


class Machine:
    """The service that runs workflows, for one repository."""

    def __init__(self, folder: Path, repository: Path) -> None:
        """`repository`: bare, with a branch `main`."""
        self.folder = folder
        self.repository = repository
        self.mishaps = folder / "mishaps"
        """Scripts: after each collection, the next one is run and removed."""
        self.environment: dict[str, str] = {}
        self._programs = folder / "programs"
        for path in (self.mishaps, self._programs):
            path.mkdir(parents=True)
        self.install("repo-info", REPO_INFO.format(python=sys.executable))
        for name in ("pip", "sleep", "sudo", "apt-get"):
            self.install(name, "#!/bin/sh\n")

    def install(self, name: str, text: str) -> None:
        """Put a program before those of the system."""
        program = self._programs / name
        program.write_text(text)
        program.chmod(0o755)

    def variables(self, work: Path) -> dict[str, str]:
        path = f"{self._programs}:{os.environ['PATH']}"
        return {
            "PATH": path,
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TEST_MISHAPS": str(self.mishaps),
            "GIT_CONFIG_NOSYSTEM": "1",
            **self.environment,
        }

    def clone(self, name: str) -> Path:
        """A clone without history, as these services make it."""
        work = self.folder / name
        shutil.rmtree(work, ignore_errors=True)
        source = f"file://{self.repository}"
        command = ["git", "clone", "--quiet", "--depth", "1", "--branch", "main", source, str(work)]
        subprocess.run(command, check=True, capture_output=True)
        return work

    def shell(self, script: str, work: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a step, as GitHub and GitLab do with `bash`."""
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        environment = {**self.variables(work), **variables}
        return subprocess.run(
            command, check=False, cwd=work, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def new_site(self) -> Path:
        site = self.folder / "published"
        shutil.rmtree(site, ignore_errors=True)
        return site


class GitHub:
    """GitHub Actions."""

    def __init__(self, machine: Machine, *, base_url: str = "https://acme.example/images") -> None:
        self.machine = machine
        self.base_url = base_url
        self.secrets: dict[str, str] = {}
        self.variables: dict[str, str] = {}

    def run(self, workflow: str) -> Finished:
        """Run all jobs in their order."""
        jobs = yaml.safe_load(workflow)["jobs"]
        self._results: dict[str, bool] = {}
        self._log: list[str] = []
        self._artifacts = self.machine.folder / "artifacts"
        shutil.rmtree(self._artifacts, ignore_errors=True)
        self._summary = self.machine.folder / "summary.md"
        self._summary.write_text("")
        self._site = self.machine.new_site()
        for name, job in jobs.items():
            if self._is_due(job):
                numbers = job.get("strategy", {}).get("matrix", {}).get("number", [None])
                self._results[name] = all(self._run_job(name, job, number) for number in numbers)
        return Finished(
            results=self._results, log="\n".join(self._log), summary=self._summary.read_text(), site=self._site
        )

    def _is_due(self, job: Mapping[str, Any]) -> bool:
        need, condition = job.get("needs"), job.get("if")
        if need is None or condition == "${{ !cancelled() }}":
            return True
        assert condition in {None, f"${{{{ !cancelled() && needs.{need}.result == 'success' }}}}"}
        return self._results.get(need, False)

    def _run_job(self, name: str, job: Mapping[str, Any], number: int | None) -> bool:
        work = self.machine.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        values = {
            "github.ref_name": "main",
            "matrix.number": str(number),
            "steps.pages.outputs.base_url": self.base_url,
            **{f"secrets.{key}": value for key, value in self.secrets.items()},
            **{f"vars.{key}": value for key, value in self.variables.items()},
        }
        for step in job["steps"]:
            known = {key: _fill(str(value), values) for key, value in step.get("env", {}).items()}
            if "uses" in step:
                settings = {key: _fill(str(value), values) for key, value in step.get("with", {}).items()}
                self._actions[step["uses"].partition("@")[0]](self, work, settings)
                continue
            variables = {**known, "GITHUB_STEP_SUMMARY": str(self._summary)}
            assert "${{" not in step["run"]
            done = self.machine.shell(step["run"], work, variables)
            self._log.append(f"--- {name}\n{done.stdout}")
            if done.returncode:
                return False
        return True

    def _checkout(self, work: Path, settings: Mapping[str, str]) -> None:
        assert settings.get("ref", "main") == "main"
        self.machine.clone(work.name)

    def _nothing(self, work: Path, settings: Mapping[str, str]) -> None:
        pass

    def _upload(self, work: Path, settings: Mapping[str, str]) -> None:
        target = self._artifacts / settings["name"]
        target.mkdir(parents=True)
        shutil.copy(work / settings["path"], target)

    def _download(self, work: Path, settings: Mapping[str, str]) -> None:
        if "name" in settings:
            shutil.copytree(self._artifacts / settings["name"], work / settings["path"], dirs_exist_ok=True)
            return
        for artifact in self._artifacts.glob(settings["pattern"]):
            shutil.copytree(artifact, work / artifact.name)

    def _upload_site(self, work: Path, settings: Mapping[str, str]) -> None:
        """One archive without hidden files."""
        self._artifacts.mkdir(exist_ok=True)
        with tarfile.open(self._artifacts / "github-pages.tar", "w") as archive:
            archive.add(work / settings["path"], ".", filter=_visible)

    def _deploy(self, work: Path, settings: Mapping[str, str]) -> None:
        with tarfile.open(self._artifacts / "github-pages.tar") as archive:
            archive.extractall(self._site)

    _actions: Mapping[str, Callable[[GitHub, Path, Mapping[str, str]], None]] = {
        "actions/checkout": _checkout,
        "actions/setup-python": _nothing,
        "actions/configure-pages": _nothing,
        "actions/upload-artifact": _upload,
        "actions/download-artifact": _download,
        "actions/upload-pages-artifact": _upload_site,
        "actions/deploy-pages": _deploy,
    }


class GitLab:
    """GitLab CI: a job for each name, in the order of their stages."""

    _STAGES = ("build", "test", "deploy")

    def __init__(self, machine: Machine, *, pages_url: str = "https://acme.example/images") -> None:
        self.machine = machine
        self.pages_url = pages_url
        self.variables: dict[str, str] = {}

    def run(self, pipeline: str) -> Finished:
        """Run all jobs in their order."""
        settings = yaml.safe_load(pipeline)
        jobs = {name: value for name, value in settings.items() if name not in {"workflow", "default"}}
        results: dict[str, bool] = {}
        log: list[str] = []
        site = self.machine.new_site()
        kept = self.machine.folder / "artifacts"
        shutil.rmtree(kept, ignore_errors=True)
        for name, job in sorted(jobs.items(), key=lambda item: self._STAGES.index(item[1]["stage"])):
            assert all(results.values()) or job["when"] == "always"
            count = job.get("parallel", 1)
            for number in range(1, count + 1):
                script = "\n".join([*settings["default"]["before_script"], *job["script"]])
                work = self.machine.clone("work")
                if kept.is_dir():
                    shutil.copytree(kept, work, dirs_exist_ok=True)
                variables = self._variables(number, count)
                for key, value in job.get("variables", {}).items():
                    variables[key] = variables[value[1:]] if value.startswith("$") else value
                done = self.machine.shell(script, work, variables)
                log.append(f"--- {name}\n{done.stdout}")
                results[name] = results.get(name, True) and done.returncode == 0
                for path in job.get("artifacts", {}).get("paths", ()):
                    found = path.replace("$CI_NODE_INDEX", str(number))
                    if (work / found).exists():
                        shutil.copytree(work / found, kept / found, dirs_exist_ok=True)
        if (kept / "public").exists() and results["pages"]:
            shutil.copytree(kept / "public", site)
        return Finished(results=results, log="\n".join(log), summary="", site=site)

    def _variables(self, number: int, count: int) -> dict[str, str]:
        return {
            "CI_COMMIT_BRANCH": "main",
            "CI_SERVER_HOST": "gitlab.example",
            "CI_REPOSITORY_URL": f"file://{self.machine.repository}",
            "CI_PAGES_URL": self.pages_url,
            "CI_NODE_INDEX": str(number),
            "CI_NODE_TOTAL": str(count),
            **self.variables,
        }


def _fill(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values.get(found[1], ""), text)


def _visible(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    hidden = any(part.startswith(".") for part in Path(entry.name).parts)
    return None if hidden and entry.name != "." else entry


def iter_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The paths and contents of a folder, without hidden ones."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inner.parts):
            yield inner.as_posix(), path.read_bytes()
