"""`collect` on the command line, against registries on loopback."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.cli import main
from tests.cli.conftest import Run
from tests.cli.help_examples import examples_of
from tests.cli.processes import on_a_terminal, start
from tests.collect.image_store import PULL_LIMIT, Shelf
from tests.support.registry import attestation_of, push_image, push_index, raw_image, running_registry
from tests.support.stub import Stub, reply


@pytest.fixture
def shelf(stub: Stub) -> Shelf:
    """`team/app` with the tags 1 and 2."""
    shelf = Shelf(stub)
    for tag in ("1", "2"):
        shelf.put_index([raw_image(content=tag)], tag)
    return shelf


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_from_an_empty_folder_to_a_site(run: Run, in_folder: Path) -> None:
    with running_registry(in_folder / "registry") as registry:
        amd64 = raw_image(labels={"a": "b"})
        for tag in ("1.0", "1"):
            push_index(registry, "team/app", tag, [amd64, raw_image(architecture="arm64"), attestation_of(amd64)])
        push_image(registry, "team/app", amd64, tag="edge")
        tags = [f"{registry.address}/team/app:{tag}" for tag in ("1.0", "1", "edge")]
        collected = run("collect", *tags, "--archive", "archive")
        assert (collected.exit_code, collected.stderr) == (0, "")
        assert collected.stdout == "1 image, 3 tags looked at: 3 changed, 0 gone; 4 pulls\n"
        built = run("build", "--archive", "archive", "--site", "site")
        assert built.exit_code == 0, built.stderr
        (home,) = in_folder.glob("site/repos/*/team/app")
        assert {path.name for path in home.iterdir() if path.is_dir()} >= {"1.0", "1", "edge"}
        page = (home / "1.0" / "index.html").read_text(encoding="utf-8")
        seen = Archive(Path("archive")).load(registry.repository("team/app")).observations["1.0"]
        assert str(seen[-1].digest) in page
        assert "linux/arm64" in page


def test_the_examples_of_the_help(run: Run, in_folder: Path) -> None:
    with running_registry(in_folder / "registry") as registry:
        for path in ("library/alpine", "library/python", "team/app"):
            push_image(registry, path, raw_image(), tag="3.6-slim")
        examples = examples_of(main.commands["collect"])
        assert len(examples) == 3
        for arguments in examples:
            here = [
                word.replace("localhost:5000", registry.address)
                if "/" in word
                else f"{registry.address}/library/{word}"
                if word.startswith(("python", "alpine"))
                else word
                for word in arguments
            ]
            result = run(*here)
            assert (result.exit_code, result.stderr) == (0, "")
            assert "changed, 0 gone" in result.stdout


def test_json_and_what_failed(run: Run, in_folder: Path, shelf: Shelf) -> None:
    shelf.answer("2", reply("", 403))
    result = run("collect", shelf.name, "--archive", "a", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["looked_at"], report["changed"], report["failed"], report["pulls"]) == (1, 1, 1, 2)
    assert report["images"][0]["changed"] == ["1"]
    assert report["images"][0]["failed"][0]["tag"] == "2"
    assert result.stderr.startswith(f"repo-info: 1 failure; the next run tries again:\n  {shelf.name}:2: access denied")
    assert result.stderr.count("access denied") == 1


def test_a_limit_of_pulls(run: Run, in_folder: Path, shelf: Shelf) -> None:
    for path, route in list(shelf.stub.routes.items()):
        if "/manifests/sha256" in path:
            shelf.stub.on(path, lambda seen, route=route: PULL_LIMIT if seen.method == "GET" else route(seen))  # type: ignore[misc]  # its default gives its type
    result = run("collect", shelf.name, "--archive", "a")
    assert result.exit_code == 1
    assert "0 tags looked at: 0 changed, 0 gone" in result.stdout
    assert "the limit of pulls is reached, with 2 tags left for the next run: try again at 20" in result.stderr


def test_a_dry_run_leaves_no_files(run: Run, in_folder: Path, shelf: Shelf) -> None:
    result = run("collect", shelf.name, "--archive", "a", "--dry-run")
    assert result.stdout == (
        "1 image, 2 tags looked at: 2 changed, 0 gone; a collection would cost about 4 pulls. Nothing was written.\n"
    )
    assert (result.exit_code, shelf.gets(), (in_folder / "a").exists()) == (0, [], False)


def test_the_configuration(run: Run, in_folder: Path, shelf: Shelf) -> None:
    (in_folder / "repo-info.toml").write_text(f'[[images]]\nname = "{shelf.name}"\nexclude = ["2"]\n')
    assert run("collect", "--archive", "a").stdout == "1 image, 1 tag looked at: 1 changed, 0 gone; 2 pulls\n"
    (in_folder / "repo-info.toml").rename(in_folder / "other.toml")
    assert run("collect", "--archive", "a", "--config", "other.toml").exit_code == 0
    result = run("collect", "--archive", "a")
    assert (result.exit_code, result.stderr[:30]) == (2, "repo-info: nothing to collect ")
    result = run("collect", "--archive", "a", "--config", "none.toml")
    assert (result.exit_code, "none.toml: No such file" in result.stderr) == (2, True)
    (in_folder / "repo-info.toml").write_text("[collect]\nthreads = 1\n")
    result = run("collect", "--archive", "a")
    assert (result.exit_code, "or list them in repo-info.toml" in result.stderr) == (2, True)


def test_the_log_is_for_people_and_machines(run: Run, in_folder: Path, shelf: Shelf) -> None:
    shelf.answer("2", reply("\x1b[31mno\n2026-01-01T00:00:00Z info", 403, content_type="text/plain"))
    assert run("collect", shelf.name, "--archive", "a", "--log", "log").exit_code == 1
    lines = (in_folder / "log").read_text().splitlines()
    assert all(line[:2] == "20" and line[20] == " " and line.split()[1] in {"info", "error"} for line in lines)
    assert any(f"info image={shelf.name} tag=1 event=changed digest={shelf.tags['1']}" in line for line in lines)
    assert any(f"error image={shelf.name} tag=2 event=failed reason=" in line for line in lines)
    assert lines[-1].endswith("event=done looked_at=1 changed=1 gone=0 failed=1 left=0 pulls=2")
    assert "\x1b" not in "".join(lines)
    result = run("collect", shelf.name, "--archive", "a", "-v", "--log", "log")
    assert " event=done looked_at=1 changed=0" in result.stderr
    assert len((in_folder / "log").read_text().splitlines()) > len(lines)
    assert run("collect", shelf.name, "--archive", "a", "--log", "none/log").exit_code == 2


def test_the_bar_is_shown_only_on_a_terminal(in_folder: Path, shelf: Shelf) -> None:
    shown = on_a_terminal("collect", shelf.name, "--archive", "a", stream="stderr")
    assert "Collecting" in shown
    assert "100%" in shown


def test_secrets_are_never_printed(in_folder: Path, shelf: Shelf) -> None:
    challenge = f'Bearer realm="{shelf.stub.url}/token",service="s"'
    shelf.answer(
        "1", reply({"errors": [{"code": "DENIED", "message": "token hunter2"}]}, 401, www_authenticate=challenge)
    )
    shelf.stub.on("/token", reply({"token": "s3cr3t-token"}))
    auths = {"auths": {shelf.stub.address: {"username": "me", "password": "pa55word"}}}
    environment = {"DOCKER_AUTH_CONFIG": json.dumps(auths)}
    log = in_folder / "log"
    line = ["collect", f"{shelf.name}:1", "--archive", "a", "-v", "--log", str(log)]
    process = start(*line, environment=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told = b"".join(process.communicate()) + log.read_bytes()
    assert process.returncode == 1
    assert "/token" in "".join(shelf.stub.asked())
    written = b"".join(path.read_bytes() for path in (in_folder / "a").rglob("*") if path.is_file())
    for secret in (b"pa55word", b"s3cr3t", b"hunter2"):
        assert secret not in told + written
    assert os.environ.get("DOCKER_AUTH_CONFIG") is None
