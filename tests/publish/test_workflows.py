"""What `init` writes does what it says: the steps of its workflows are run, day after day."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from collector.archive.store import Archive
from tests.browser import served
from tests.publish.object_store import RCLONE, ObjectStore, running_store
from tests.publish.runner import GitHub, GitLab, Machine, iter_files
from tests.support.registry import RunningRegistry, push_index, raw_image, running_registry

ROOT = Path(__file__).resolve().parents[2]
ARCHIVE = "archive.tar.zst"
WORKFLOWS = (".github/workflows/archive.yml", ".gitlab-ci.yml")
DAYS = [f"2026-11-{day}T05:23:00Z" for day in (26, 27, 28)]

RACE = """
git clone --quiet "file://{repository}" "{folder}"
cd "{folder}"
{change}
git add --all
git commit --quiet --message {name}
git push --quiet
"""


class Place:
    """A bare repository in the place of the host's, a machine for its workflow, and a registry with three images."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "images.git"
        self.machine = Machine(folder / "machine", self.repository)

    def do(self, script: str) -> str:
        """What a person types."""
        done = self.machine.shell(script, self.folder, {})
        assert done.returncode == 0, done.stdout
        return done.stdout

    def begin(self, registry: RunningRegistry, options: str = "") -> str:
        """A new repository with three images; returns its workflow."""
        images = " ".join(f"--image {registry.address}/{name}" for name in ("team/app", "team/db:16", "tools/cli"))
        self.do(f"git init --quiet --bare --initial-branch main {self.repository}")
        self.do("git config --global user.name me && git config --global user.email me@example.org")
        self.do(f"repo-info init images {images} {options}")
        commands = re.findall(r"^ {8}(git .*)$", (self.folder / "images" / "README.md").read_text(), re.MULTILINE)
        script = re.sub(r"git@git(hub|lab)\.com:OWNER/NAME\.git", str(self.repository), "\n".join(commands))
        self.do(f"cd images\n{script}")
        (workflow,) = [path for name in WORKFLOWS if (path := self.folder / "images" / name).exists()]
        return workflow.read_text()

    def interfere(self, name: str, change: str) -> None:
        """After the next collection, somebody else pushes a change first."""
        folder = self.machine.folder / f"race-{name}"
        script = RACE.format(repository=self.repository, folder=folder, change=change, name=name)
        (self.machine.mishaps / name).write_text(script)

    def use(self, store: ObjectStore, variables: dict[str, str], secrets: dict[str, str]) -> None:
        """Set what the README names."""
        self.machine.install("rclone", f'#!/bin/sh\nexec "{RCLONE}" "$@"\n')
        self.machine.environment["RCLONE_CONFIG"] = os.devnull
        variables["S3_BUCKET"] = store.bucket.name
        variables["S3_ENDPOINT"] = store.variables["RCLONE_CONFIG_STORE_ENDPOINT"]
        variables["S3_REGION"] = store.variables["RCLONE_CONFIG_STORE_REGION"]
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            secrets[name] = store.variables[name]

    def sent(self, store: ObjectStore) -> dict[str, bytes]:
        """The site in the bucket, without hidden files."""
        files = dict(iter_files(store.bucket))
        del files["files.txt"]
        files.pop(ARCHIVE, None)
        return files

    def sent_archive(self, store: ObjectStore) -> dict[str, bytes]:
        """The files of the archive in the bucket."""
        return self.unpack(store.bucket / ARCHIVE)

    def unpack(self, packed: Path) -> dict[str, bytes]:
        folder = self.folder / "unpacked"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.do(f"tar --extract --zstd --file {packed} --directory {folder}")
        return dict(iter_files(folder))

    def fetch(self, site: Path, tag: str) -> str:
        """What the guide's commands print that fetch the published archive and ask it for the history of a tag."""
        guide = (ROOT / "site_src" / "publishing.md").read_text()
        (script,) = re.findall(r"^```sh\n(curl .*?)^```$", guide, re.MULTILINE | re.DOTALL)
        (self.folder / "reader").mkdir()
        with served(site) as address:
            script = script.replace("https://images.example.org/", address).replace("python:3.13-slim", tag)
            return self.do(f"cd reader\n{script}")

    def archive_files(self) -> dict[str, bytes]:
        """The files of the archive in the repository, with the settings."""
        files = dict(iter_files(self.machine.clone("look")))
        return {path: content for path, content in files.items() if path.startswith(("archive/", "repo-info.toml"))}

    def built(self) -> dict[str, bytes]:
        """The site of what the repository has."""
        self.machine.clone("look")
        self.do("cd machine/look && repo-info build --archive archive --site ../built --jobs 1")
        return dict(iter_files(self.machine.folder / "built"))

    def log(self) -> list[str]:
        """The commits that were pushed, the newest first."""
        return self.do(f"git -C {self.repository} log --format=%s main").splitlines()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def fill(registry: RunningRegistry, *, content: str = "") -> None:
    for path, tag in (("team/app", "1.0"), ("team/db", "16"), ("tools/cli", "latest")):
        push_index(registry, path, tag, [raw_image(content=f"{path} {content}"), raw_image(architecture="arm64")])


def test_three_days_on_github(place: Place) -> None:
    """On the second the registry is down, and two jobs build the site; on the third two pushes come first."""
    github = GitHub(place.machine)
    with running_registry(place.folder / "registry") as registry:
        fill(registry)
        workflow = place.begin(registry, "--publish-archive")
        place.machine.environment["TEST_NOW"] = DAYS[0]
        first = github.run(workflow)
    assert first.results == {"collect": True, "build": True, "deploy": True}, first.log
    assert re.search(r"^    3 images, 3 tags looked at: 3 changed, 0 gone", first.summary, re.MULTILINE)
    assert re.search(r"^    site: \d+ pages of 3 images", first.summary, re.MULTILINE)
    assert place.log() == ["Collect", "Begin"]
    site = dict(iter_files(first.site))
    assert b"https://acme.example/images/repos/" in site["sitemap.xml"]
    assert place.unpack(first.site / ARCHIVE) == place.archive_files()
    assert "first seen\n" in place.fetch(first.site, f"{registry.address}/team/app:1.0")

    place.machine.environment["TEST_NOW"] = DAYS[1]
    place.do("repo-info init parts --shards 2 --publish-archive")
    second = github.run((place.folder / "parts" / WORKFLOWS[0]).read_text())
    assert second.results == {"collect": False, "part": True, "build": True, "deploy": True}, second.log
    assert re.search(r"^      \S+: \S+: refuses the connection$", second.summary, re.MULTILINE)
    assert dict(iter_files(second.site)) == site

    with running_registry(place.folder / "registry", settings={"http": {"addr": registry.address}}) as registry:
        fill(registry, content="new")
        place.machine.environment["TEST_NOW"] = DAYS[2]
        place.interfere("1-collects-too", f"repo-info collect {registry.address}/team/app --archive archive")
        place.interfere("2-edits", "echo >> README.md")
        third = github.run(workflow)
    assert third.results == {"collect": True, "build": True, "deploy": True}, third.log
    assert place.log() == ["Collect", "2-edits", "1-collects-too", "Collect", "Begin"]
    assert {"modified": dict(iter_files(third.site)) == site} == {"modified": False}

    archive = Archive(place.machine.clone("look") / "archive")
    assert place.do("repo-info verify --archive machine/look/archive") == "3 images: no faults\n"
    for repository in archive.repositories():
        (observations,) = archive.load(repository).observations.values()
        assert [seen.time for seen in observations] == [DAYS[0], DAYS[2]]


def test_a_push_that_never_succeeds_is_an_error_and_the_site_is_built(place: Place) -> None:
    with running_registry(place.folder / "registry") as registry:
        fill(registry)
        workflow = place.begin(registry)
        hook = place.repository / "hooks" / "pre-receive"
        hook.write_text("#!/bin/sh\necho protected; exit 1\n")
        hook.chmod(0o755)
        done = GitHub(place.machine).run(workflow)
    assert done.results == {"collect": False, "build": True, "deploy": True}
    assert done.log.count("pre-receive hook declined") == 5
    assert place.log() == ["Begin"]


def test_gitlab_collects_and_publishes_in_one_job_or_several(place: Place) -> None:
    with running_registry(place.folder / "registry") as registry:
        fill(registry)
        pipeline = place.begin(registry, "--ci gitlab --publish-archive")
        place.interfere("edits", "echo >> README.md")
        first = GitLab(place.machine).run(pipeline)
    assert first.results == {"collect": True, "pages": True}, first.log
    assert place.log() == ["Collect", "edits", "Begin"]
    assert b"https://acme.example/images/repos/" in dict(iter_files(first.site))["sitemap.xml"]
    assert place.unpack(first.site / ARCHIVE) == place.archive_files()
    site = dict(iter_files(first.site))
    place.do("repo-info init parts --ci gitlab --shards 2 --publish-archive")
    second = GitLab(place.machine).run((place.folder / "parts" / WORKFLOWS[1]).read_text())
    assert second.results == {"collect": False, "part": True, "pages": True}, second.log
    assert dict(iter_files(second.site)) == site


def test_github_sends_what_changed_to_a_bucket(place: Place) -> None:
    """On the first day from several machines, none of which has the whole site; on the second from one."""
    with running_store(place.folder / "store") as store, running_registry(place.folder / "registry") as registry:
        fill(registry)
        github = GitHub(place.machine)
        place.use(store, github.variables, github.secrets)
        first = github.run(place.begin(registry, "--publish s3 --shards 2 --publish-archive"))
        assert first.results == dict.fromkeys(("collect", "part", "build", "send", "complete"), True), first.log
        assert (place.sent(store), place.sent_archive(store)) == (place.built(), place.archive_files())
        assert (place.machine.folder / "work" / "site").is_dir()
        assert not (place.machine.folder / "work" / "site" / "repos").exists()
        store.requests()
        fill(registry, content="new")
        place.do("repo-info init whole --publish s3 --publish-archive")
        second = github.run((place.folder / "whole" / WORKFLOWS[0]).read_text())
        assert set(second.results.values()) == {True}, second.log
        assert (place.sent(store), place.sent_archive(store)) == (place.built(), place.archive_files())
        requests = store.requests()
    assert not requests.keys() & {"LIST BUCKET", "COPY OBJECT"}
    assert 10 < len(requests["CREATE OBJECT"]) < len(place.sent(store)) / 2
    assert re.search(r"^    to send: .* 0 gone$", second.summary, re.MULTILINE)


def test_gitlab_sends_what_changed_to_a_bucket(place: Place) -> None:
    with running_store(place.folder / "store") as store, running_registry(place.folder / "registry") as registry:
        fill(registry)
        gitlab = GitLab(place.machine)
        place.use(store, gitlab.variables, gitlab.variables)
        done = gitlab.run(place.begin(registry, "--ci gitlab --publish s3 --publish-archive"))
        assert set(done.results.values()) == {True}, done.log
        assert place.sent_archive(store) == place.archive_files()
        assert place.sent(store) == dict(iter_files(place.machine.folder / "work" / "site"))
