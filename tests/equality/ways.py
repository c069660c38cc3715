"""Other ways to build the same archive, which must all give the same site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from collector.site.build import BuildOptions, build_site
from tests.equality.one_after_another import OPTIONS
from tests.equality.sites import iter_differences, stamps_of
from tests.support.folders import bench_of

ROOT = Path(__file__).resolve().parents[2]
SHARDS = (2, 5, 16)
_ELSEWHERE = {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
_ADDRESS = ("--site-url", OPTIONS.site.url or "")


def iter_ways(archive: Path, folder: Path, *, shards: tuple[int, ...] = SHARDS) -> Iterator[tuple[str, list[str]]]:
    """The name of each way, with the differences of its site from that of one process."""
    site = folder / "site"
    build_site(archive, site, BuildOptions(jobs=1, site=OPTIONS.site))
    expected = stamps_of(site)
    copy = Path(shutil.copytree(archive, folder / "another folder" / "archive"))
    shutil.rmtree(bench_of(site))
    ways: dict[str, list[str | Path]] = {
        "2 processes": ["build", "--archive", archive, "--jobs", "2"],
        "on another day, in another folder, zone and order of files and sets": ["build", "--archive", copy],
    }
    for name, arguments in ways.items():
        other = folder / "other"
        _run(*arguments, "--site", other, *_ADDRESS, elsewhere="another" in name)
        yield name, list(iter_differences(stamps_of(other), expected))
        _remove(other)
    for of in shards:
        yield f"{of} parts", list(iter_differences(stamps_of(_in_parts(archive, folder, of)), expected))
        _remove(folder / "merged")


def _in_parts(archive: Path, folder: Path, of: int) -> Path:
    parts = [folder / f"part-{number}-of-{of}" for number in range(1, of + 1)]
    for number, part in enumerate(parts, 1):
        _run("build", "--archive", archive, "--site", part, "--shard", f"{number}/{of}", *_ADDRESS)
    _run("merge", *parts[::-1], "--site", folder / "merged")
    for part in parts:
        _remove(part)
    return folder / "merged"


def _run(*arguments: str | Path, elsewhere: bool = False) -> None:
    program = ["-m", "tests.equality.elsewhere", "400"] if elsewhere else ["-c", "import collector.cli as c; c.main()"]
    environment = _ELSEWHERE if elsewhere else {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        env={**os.environ, **environment},
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _remove(site: Path) -> None:
    for place in (site, bench_of(site)):
        shutil.rmtree(place)
