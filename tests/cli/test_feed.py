"""`repo-info feed`, and the recipes of the guide that use it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.published_site import ServedSite
from tests.support.archives import ArchiveBuilder, docker_image, index, single
from tests.support.stub import Stub, reply, running_stub

A, B, C = docker_image("a"), docker_image("b"), docker_image("c", platform="linux/arm64/v8")


@pytest.fixture
def builder(in_folder: Path) -> ArchiveBuilder:
    builder = ArchiveBuilder(in_folder / "archive")
    builder.see("app:1", "2025-10-01", single(A))
    builder.see("web:1", "2025-10-01", single(A))
    return builder


def feed(run: Run, *more: str) -> list[dict[str, object]]:
    done = run("feed", "--since", "read.json", "--archive", "archive", "--json", *more)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_call_prints_what_came_since_the_last(run: Run, builder: ArchiveBuilder) -> None:
    assert feed(run) == []
    assert feed(run) == []
    builder.see("app:1", "2025-10-02", single(B))
    builder.see("web:1", "2025-10-03", single(B))
    builder.see("app:2", "2025-10-04", single(B))
    assert [(new["image"], new["tag"], new["is_new"]) for new in feed(run)] == [
        ("app", "1", True),
        ("web", "1", True),
        ("app", "2", True),
    ]
    assert feed(run) == []


def test_a_further_platform_is_named_as_such(run: Run, builder: ArchiveBuilder) -> None:
    builder.see("app:1", "2025-10-02", index("one", A))
    feed(run)
    builder.see("app:1", "2025-10-03", index("two", A, C))
    (new,) = feed(run)
    assert "linux/arm64" in str(new["release"])


def test_a_new_image_is_noted_first(run: Run, builder: ArchiveBuilder) -> None:
    feed(run)
    builder.see("new:1", "2025-10-02", single(B))
    assert feed(run) == []
    builder.see("new:1", "2025-10-03", single(A))
    assert [new["image"] for new in feed(run)] == ["new"]


def test_one_image(run: Run, builder: ArchiveBuilder) -> None:
    feed(run)
    builder.see("app:1", "2025-10-02", single(B))
    assert feed(run, "--image", "web") == []
    assert [new["image"] for new in feed(run, "--image", "app")] == ["app"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": "x"}', '{"seen": 1}', '{"seen": {"app": "x"}}', "\xff"])
def test_a_file_that_is_no_bookmark_stays_as_it_is(run: Run, builder: ArchiveBuilder, content: str) -> None:
    Path("read.json").write_text(content, encoding="latin-1")
    done = run("feed", "--since", "read.json", "--archive", "archive")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("repo-info: --since: read.json: not a bookmark (")
    assert Path("read.json").read_text(encoding="latin-1") == content


class Script:
    """A recipe of the guide, as a shell runs it."""

    def __init__(self, root: Path, folder: Path, **env: str) -> None:
        text = (root / "site_src" / "notifications.md").read_text(encoding="utf-8")
        self.webhook, self.mail = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        programs = folder / "bin"
        programs.mkdir()
        (programs / "repo-info").symlink_to(Path(sys.executable).with_name("repo-info"))
        (programs / "mail").write_text('#!/bin/sh\necho "$*" > mail && cat >> mail\n')
        (programs / "mail").chmod(0o755)
        self._env = os.environ | env | {"PATH": f"{programs}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(folder)}

    def run(self, recipe: str) -> None:
        subprocess.run(["bash", "-c", recipe], env=self._env, check=False)


@pytest.fixture
def bookmark(in_folder: Path) -> Path:
    """How far a reader had read in the middle of December 2017."""
    path = in_folder / "read.json"
    images = ("alpine", "hello-world", "python")
    path.write_text(json.dumps({"seen": {f"docker.io/library/{one}": "2017-12-18T00:00:00Z" for one in images}}))
    return path


def test_the_recipe_for_a_webhook(root: Path, stub: Stub, sample_site: Path, in_folder: Path, bookmark: Path) -> None:
    with running_stub() as hook:
        hook.on("/hook", reply(status=500), reply(status=200))
        script = Script(root, in_folder, SITE=ServedSite(stub, sample_site).url, WEBHOOK=f"{hook.url}/hook")
        before = bookmark.read_text()
        script.run(script.webhook)
        assert bookmark.read_text() == before  # the webhook failed
        script.run(script.webhook)
        texts = [json.loads(seen.body)["text"] for seen in hook.seen[1:]]
        assert any(text.startswith("python:3.6-slim: PYTHON_VERSION 3.6.3 → 3.6.4") for text in texts)
        count = len(hook.seen)
        script.run(script.webhook)
        assert len(hook.seen) == count


def test_the_recipe_for_mail(root: Path, stub: Stub, sample_site: Path, in_folder: Path, bookmark: Path) -> None:
    script = Script(root, in_folder, SITE=ServedSite(stub, sample_site).url)
    before = bookmark.read_text()
    (in_folder / "mail").mkdir()  # mail cannot be sent
    script.run(script.mail)
    assert bookmark.read_text() == before
    (in_folder / "mail").rmdir()
    script.run(script.mail)
    mail = (in_folder / "mail").read_text()
    assert mail.startswith("-s New releases of python team@example.org\n")
    assert "python:3.6-slim  PYTHON_VERSION 3.6.3 → 3.6.4" in mail
    (in_folder / "mail").unlink()
    script.run(script.mail)
    assert not (in_folder / "mail").exists()
