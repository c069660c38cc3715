"""`repo-info describe --push`, to a stub of Docker Hub's API that stores the texts."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import COMMAND
from tests.support.archives import ArchiveBuilder, docker_image, single
from tests.support.publisher import DOCS, LIBRARY
from tests.support.stub import Reply, Seen, Stub, reply, running_stub

SECRET = "dckr_pat_hunter2"
SITE = "https://acme.example/images/"


class Hub:
    """A repository on a stub of Docker Hub."""

    def __init__(self, stub: Stub, path: str = "acme/web") -> None:
        self.stub = stub
        self.short, self.full = "", ""
        namespace, name = path.split("/")
        stub.on("/v2/auth/token", reply({"access_token": "a-token"}))
        stub.on(f"/v2/namespaces/{namespace}/repositories/{name}", self._read)
        stub.on(f"/v2/repositories/{path}/", self._write)

    def _read(self, _: Seen) -> Reply:
        return reply({"name": "web", "description": self.short, "full_description": self.full, "star_count": 0})

    def _write(self, seen: Seen) -> Reply:
        if seen.method != "PATCH" or seen.headers.get("authorization") != "Bearer a-token":
            return reply({"detail": "Authentication credentials were not provided."}, 401)
        told = json.loads(seen.body)
        self.short = told.get("description", self.short)
        self.full = told.get("full_description", self.full)
        return self._read(seen)

    @property
    def writes(self) -> list[set[str]]:
        return [set(json.loads(seen.body)) for seen in self.stub.seen if seen.method == "PATCH"]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    monkeypatch.setenv("DOCKERHUB_USERNAME", "acme")
    monkeypatch.setenv("DOCKERHUB_TOKEN", SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    with running_stub() as stub:
        yield Hub(stub)


@pytest.fixture
def push(hub: Hub, docs: Path, tmp_path: Path) -> list[str]:
    """The arguments of a push of acme/web."""
    builder = ArchiveBuilder(tmp_path / "archive")
    builder.see("acme/web:latest", "2024-05-01", single(docker_image("latest")))
    made = ["describe", "acme/web", "--archive", str(tmp_path / "archive"), "--docs-dir", str(docs), "--site-url", SITE]
    return [*made, "--push", "--hub-url", hub.stub.url]


def test_a_first_push_and_a_second(run: Run, hub: Hub, push: list[str], docs: Path) -> None:
    first = run(*push)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.endswith("\nacme/web: the short description and the description written\n")
    assert "+# Quick reference\n" in first.stdout
    assert hub.short == "The website of Acme, ready to run."
    assert f"[`latest`]({SITE}repos/acme/web/latest/)" in hub.full
    assert hub.full.splitlines()[-1].startswith(f"This description is made by [repo-info]({SITE}repos/acme/web/?made=")
    second = run(*push)
    assert second.stdout == "acme/web: nothing to write, Docker Hub is up to date\n"
    (docs / "web" / "license.md").write_text("Public domain.\n")
    third = run(*push)
    assert third.stdout.endswith("acme/web: the description written\n")
    assert "+Public domain.\n" in third.stdout
    assert hub.writes == [{"description", "full_description"}, {"full_description"}]


def test_a_dry_run_writes_nothing(run: Run, hub: Hub, push: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKERHUB_USERNAME")
    monkeypatch.delenv("DOCKERHUB_TOKEN")
    hub.full = "Written by hand.\n"
    shown = run(*push, "--dry-run")
    assert shown.exit_code == 0
    assert "-Written by hand.\n" in shown.stdout
    assert shown.stdout.endswith(
        "acme/web: the short description and the description to be written."
        " It would replace a text that repo-info did not write. Nothing was written.\n"
    )
    assert hub.stub.asked() == ["GET /v2/namespaces/acme/repositories/web"]


def test_what_a_person_wrote_is_not_replaced_unasked(run: Run, hub: Hub, push: list[str]) -> None:
    run(*push)
    hub.full = hub.full.replace("# Quick reference", "# Quick reference\n\nEdited on the Hub.")
    edited = hub.full
    run_again = run(*push, "--section", "tags")
    assert run_again.exit_code == 1
    assert "-Edited on the Hub.\n" in run_again.stdout
    assert "repo-info did not write the description on Docker Hub; nothing was written" in run_again.stderr
    assert hub.full == edited
    assert run(*push, "--section", "tags", "--yes").exit_code == 0
    assert "Edited" not in hub.full


@pytest.mark.parametrize(
    ("answer", "code", "is_written"), [(b"y\n", 0, True), (b"n\n", 1, False), (b"\x04", 130, False)]
)
def test_on_a_terminal_it_asks(hub: Hub, push: list[str], answer: bytes, code: int, is_written: bool) -> None:
    hub.full = "Written by hand.\n"
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, *push], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        os.write(ours, answer)
        _, error = process.communicate(timeout=60)
    assert b"repo-info did not write the description of acme/web on Docker Hub. Replace it? [y/N]" in error
    assert process.returncode == code
    os.close(ours)
    assert (hub.full != "Written by hand.\n") == is_written


def test_the_repository_of_an_architecture(run: Run, hub: Hub) -> None:
    other = Hub(hub.stub, "winamd64/lantern")
    options = ("--library-dir", LIBRARY, "--docs-dir", DOCS, "--arch", "windows-amd64", "--hub-url", hub.stub.url)
    shown = run("describe", "lantern", *options, "--push")
    assert shown.stdout.endswith("winamd64/lantern: the short description and the description written\n")
    full_url = "https://github.com/docker-library/docs/blob/windows-amd64/lantern/README.md"
    assert f"[repo-info]({full_url}?made=" in other.full
    assert "<!--" not in other.full


def test_what_docker_hub_shows_is_data(run: Run, hub: Hub, push: list[str]) -> None:
    hub.full = "\x1b[2Jevil\u202e\n"
    shown = run(*push, "--dry-run")
    assert "-\\x1b[2Jevil\\u202e\n" in shown.stdout


def test_json(run: Run, hub: Hub, push: list[str]) -> None:
    hub.short = "By hand."
    shown = json.loads(run(*push, "--yes", "--json").stdout)
    assert shown == {"image": "acme/web", "changed": ["short", "full"], "loses": ["short description"], "written": True}
    again = json.loads(run(*push, "--json").stdout)
    assert again == {"image": "acme/web", "changed": [], "loses": [], "written": False}


def test_refusals_are_reported_without_the_secret(run: Run, hub: Hub, push: list[str], tmp_path: Path) -> None:
    hub.stub.on("/v2/auth/token", reply({"detail": f"Incorrect credentials: {SECRET}"}, 401))
    refused = run(*push)
    assert refused.exit_code == 1
    assert "Incorrect credentials" in refused.stderr
    hub.stub.on("/v2/auth/token", reply({"access_token": "a-token"}))
    hub.stub.on("/v2/repositories/acme/web/", reply({"message": f"no right: a-token {SECRET}"}, 403))
    denied = run(*push)
    assert denied.exit_code == 1
    assert "the description of acme/web on 127.0.0.1" in denied.stderr
    assert "no permission to write it" in denied.stderr
    assert SECRET not in refused.output + denied.output
    assert "a-token" not in denied.output


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (("--dry-run",), "--dry-run or --yes without --push", 2),
        (("--push", "--hub-url", "http://hub.example.org"), "not https", 2),
    ],
)
def test_wrong_use(run: Run, push: list[str], arguments: tuple[str, ...], message: str, code: int) -> None:
    shown = run(*push[: push.index("--push")], *arguments)
    assert (shown.exit_code, shown.stdout) == (code, "")
    assert message in shown.stderr


def test_pushing_without_a_user(run: Run, hub: Hub, push: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKERHUB_TOKEN")
    assert "DOCKERHUB_TOKEN is not set" in run(*push).stderr
    monkeypatch.delenv("DOCKERHUB_USERNAME")
    shown = run(*push)
    assert shown.exit_code == 1
    assert "writing it needs a password or an access token (set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN" in shown.stderr
    assert not hub.stub.seen
