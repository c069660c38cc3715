"""`repo-info build`, `serve` and `demo`: the site is made, and answers."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.cli.demo import sample_archive
from tests.cli.conftest import Run
from tests.cli.processes import start


def test_a_build_tells_what_it_did_and_skips_what_it_has(run: Run, sample: Path, tmp_path: Path) -> None:
    arguments = ["build", "--archive", sample, "--site", tmp_path / "site", "--jobs", "1"]
    first = run(*arguments)
    assert first.exit_code == 0
    pages = int(re.fullmatch(r".*: (\d+) pages of 3 images\n", first.stdout)[1])  # type: ignore[index]  # fails if None
    assert (tmp_path / "site/repos/python/3.6-slim/index.html").is_file()
    again = json.loads(run(*arguments, "--json").stdout)
    assert again == {"pages": pages, "skipped": 3, "tasks": 3}
    full = json.loads(run(*arguments, "--json", "--full").stdout)
    assert full == {"pages": pages, "skipped": 0, "tasks": 3}


def test_the_sites_address_and_name_are_the_publishers(run: Run, sample: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    result = run(
        "build",
        "--archive",
        sample,
        "--site",
        site,
        "--site-url",
        "https://images.example.org/info/",
        "--site-name",
        "Our images",
    )
    assert result.exit_code == 0
    page = (site / "repos/alpine/index.html").read_text(encoding="utf-8")
    assert "Our images" in page
    assert "https://images.example.org/info/repos/alpine/" in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_build_without_an_archive_is_a_problem_and_leaves_nothing(run: Run, in_folder: Path) -> None:
    result = run("build", "--archive", "none", "--site", "site")
    assert (result.exit_code, result.stdout) == (1, "")
    assert not any(in_folder.iterdir())


@contextmanager
def served(*arguments: str | Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A process that serves, and its address."""
    process = start(*arguments, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        told = b""
        while not (found := re.search(rb"serving (http://127\.0\.0\.1:\d+/)", told)):
            line = process.stdout.readline()
            assert line, told
            told += line
        yield found[1].decode(), process
    finally:
        process.kill()
        process.communicate()


def fetch(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_what_is_served_is_the_site_and_an_interruption_ends_it_well(verb: str, sample: Path, tmp_path: Path) -> None:
    where = ["--archive", str(sample)] if verb == "serve" else ["--no-open"]
    with served(verb, *where, "--port", "0", "--site", tmp_path / "site") as (address, process):
        assert "python" in fetch(address)
        assert "3.6-slim" in fetch(f"{address}repos/python/3.6-slim/")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_port_that_is_taken_is_a_problem_with_a_way_out(run: Run, sample: Path, tmp_path: Path) -> None:
    with served("serve", "--archive", sample, "--port", "0") as (address, _):
        port = address.rstrip("/").rpartition(":")[2]
        result = run("demo", "--no-open", "--port", port, "--site", tmp_path / "site")
    assert result.exit_code == 1
    assert f"cannot serve on port {port}" in result.stderr


def test_a_demo_may_only_build(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--no-serve", "--site", tmp_path / "site")
    assert result.exit_code == 0
    assert (tmp_path / "site/repos/hello-world/index.html").is_file()


def test_the_sample_is_the_bundled_one(sample: Path) -> None:
    assert sample_archive() == sample
