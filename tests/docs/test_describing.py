"""`site_src/describing.md`: its commands are run, and its tables are compared with the program."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from collector.describe.descriptions import SECTIONS
from tests.describe.judge import faults_of, html_of
from tests.support.registry import RunningRegistry, push_index, raw_image, running_registry

IMAGES = ("web", "db", "cache")
TAGS = ("1.0", "1", "latest", "1.0-slim")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "site_src" / "describing.md").read_text(encoding="utf-8")


def shell_of(page: str, heading: str) -> str:
    """The shell below a heading."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return str(block)


def run_shell(block: str, registry: RunningRegistry, folder: Path, root: Path) -> str:
    """The output of the shell, with the images in a local registry."""
    here = block.replace("acme/", f"{registry.address}/acme/")
    script = f'repo-info() {{ "{sys.executable}" -c "from collector.cli import main; main()" "$@"; }}\n{here}'
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_way_from_nothing_to_three_descriptions(page: str, tmp_path: Path, root: Path) -> None:
    block = shell_of(page, "From nothing to three descriptions")
    assert len(block.splitlines()) < 10
    with running_registry(tmp_path / "registry") as registry:
        for name in IMAGES:
            for tag in TAGS:
                push_index(registry, f"acme/{name}", tag, [raw_image(), raw_image(architecture="arm64", variant="v8")])
        run_shell(block, registry, tmp_path, root)
        section = run_shell(shell_of(page, "Sections"), registry, tmp_path, root)
        check = shell_of(page, "Do the links lead somewhere?").replace("--check", "--check --json")
        # The last command says how it ends; what it found is looked at here.
        checked = run_shell("\n".join(f"{line} || true" for line in check.splitlines()), registry, tmp_path, root)
        address = f"https://acme.example/images/repos/{registry.address.replace(':', '+')}/acme"
    for name in IMAGES:
        text = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
        html = html_of(text)
        assert not faults_of(text, limit=25_000)
        assert [tag for tag in TAGS if f'<a href="{address}/{name}/{tag}/"><code>{tag}</code></a>' not in html] == []
        assert f"\nThe {name} of Acme. Start it with `docker run`.\n" in text
        assert (tmp_path / "site" / "repos" / registry.address.replace(":", "+") / "acme" / name / "latest").is_dir()
    assert re.findall(r"^# .*", section, re.MULTILINE) == ["# What is this?", "# Tags"]
    has_feeds = (
        tmp_path / "site" / "repos" / registry.address.replace(":", "+") / "acme" / "web" / "feed.xml"
    ).is_file()
    for line in checked.splitlines():
        found = json.loads(line)
        assert (found["links"], found["unlinked"]) == (8, {})
        assert all(dead["link"].endswith("/feed.xml") and not has_feeds for dead in found["dead"])
    assert len(checked.splitlines()) == 2


def test_every_section_is_named(page: str) -> None:
    (line,) = re.findall(r"^The sections are (.*)\.$", page, re.MULTILINE)
    assert tuple(re.findall(r"`([a-z-]+)`", line)) == SECTIONS
