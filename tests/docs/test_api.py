"""`site_src/api.md`: its examples are run against the sample's site, and give the shown output."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import served

_COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n((?:(?![$>] ).*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def site(sample_site: Path) -> Iterator[str]:
    for name in ("bash", "curl", "jq"):
        if shutil.which(name) is None:
            pytest.skip(f"there is no {name} here: make system")
    with served(sample_site) as address:
        yield address.rstrip("/")


def examples(root: Path) -> list[tuple[str, str]]:
    """Commands with what they print."""
    text = (root / "site_src" / "api.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    return [(command.replace("\n> ", "\n"), output) for command, output in _COMMAND.findall(blocks)]


def test_the_examples_give_what_is_shown(root: Path, site: str) -> None:
    shown = examples(root)
    assert len(shown) == 13
    for command, output in shown:
        script = f"site={site}\n{command}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert (done.stdout, done.stderr) == (output, ""), command
