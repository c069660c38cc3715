"""Ten years at a tenth of the size of all Docker Official Images: the site, its limits, its parts, and a usual day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.processes import Run
from benchmarks.rows import Row, judge_limit, not_measured
from benchmarks.sending import choose_days, send
from benchmarks.sizes import count, occupied
from benchmarks.sizes import measure as measure_size
from benchmarks.units import MB, render_mb, render_run
from tests.equality.updates import bring_to, count_by_day
from tests.publish.object_store import RCLONE, running_store

TAGS = 1_028
"""A tenth of the live tags of all Docker Official Images in November 2026. A smaller subject has a year of fewer."""

_DAYS = 3_650
_MAX_BYTES = 100 * MB
_MAX_FILES = 25_000
"""A tenth of the limits within which a site of all of them still answers everything."""
_PARTS = 16
_FOLDER = "ten-years"


def measure(bench: Bench) -> Iterator[Row]:
    """Build the site whole, within limits, in parts, and after a usual day."""
    is_small = bench.tags < TAGS
    tags, days, parts = (bench.tags // 3, _DAYS // 10, 1) if is_small else (TAGS, _DAYS, _PARTS)
    what = f"{days:,} days of {tags:,} tags"
    folder = bench.folder / _FOLDER
    folder.mkdir()
    generate = ["--tags", str(tags), "--days", str(days), "--to", f"{_FOLDER}/archive"]
    bench.run(f"{what}: archive", ["python", "-m", "benchmarks.synthetic", *generate])
    yield from _measure_whole(bench, folder, what)
    yield from _measure_limited(bench, folder, what)
    yield _measure_parts(bench, folder, what, parts)
    yield _measure_day(bench, folder, f"{what}: a usual day to a bucket")


def _measure_whole(bench: Bench, folder: Path, what: str) -> Iterator[Row]:
    files, size = count(folder / "archive")
    yield Row(what=f"{what}: journals", measured=f"{render_mb(size)} in {files:,} files")
    run = _build(bench, f"{what}: full build", "archive", "site")
    yield Row(what=f"{what}: full build", measured=f"{render_run(run)}, {render_mb(run.memory)} of memory")
    site = measure_size(folder / "site")
    sizes = f"{render_mb(site.bytes)} in {site.files:,} files; {render_mb(site.gzipped)}, each file gzipped"
    yield Row(what=f"{what}: published size", measured=sizes)


def _measure_limited(bench: Bench, folder: Path, what: str) -> Iterator[Row]:
    """With limits of one file, so that everything is left out that can be."""
    settings = folder / "limits.toml"
    settings.write_text("[site]\nlimit_files = 1\n")
    _build(bench, f"{what}: least site", "archive", "limited", "--config", f"{_FOLDER}/{settings.name}")
    files, size = count(folder / "limited")
    name = f"{what}: published size with everything left out that a script replaces"
    yield judge_limit(name, render_mb(size), size, _MAX_BYTES, render_mb(_MAX_BYTES))
    yield judge_limit(f"{name}: files", f"{files:,}", files, _MAX_FILES, f"{_MAX_FILES:,}")


def _measure_parts(bench: Bench, folder: Path, what: str, parts: int) -> Row:
    """Each by itself, with the journals of its own images, as on a machine that has nothing else."""
    shards = ["repo-info", "shards", str(parts), "--archive", f"{_FOLDER}/archive", "--bases", f"{_FOLDER}/bases"]
    dealt = bench.run(f"{what}: shards", shards, keeps_output=True).output
    (folder / "list").write_bytes(dealt)
    spaces = []
    for number in range(1, parts + 1):
        images = [line.partition(" ")[2] for line in dealt.decode().splitlines() if line.split()[0] == str(number)]
        copy_images(folder / "archive", images, folder / "part-archive")
        given = ["--shard", f"{number}/{parts}", "--dealt", f"{_FOLDER}/list", "--bases", f"{_FOLDER}/bases"]
        _build(bench, f"{what}: part {number}", "part-archive", "part", *given)
        made = [folder / name for name in ("part-archive", "part", ".part.build")]
        spaces.append(sum(map(occupied, made)))
        for one in made:
            shutil.rmtree(one)
    text = f"{render_mb(max(spaces))}: journals, pages and the build's folder, as the disk counts them"
    return Row(what=f"{what}: largest disk use of one of {parts} parts", measured=text)


def copy_images(archive: Path, images: list[str], to: Path) -> None:
    """Copy an archive with some of its images."""
    for image in images:
        shutil.copytree(archive / image, to / image)
    to.mkdir(exist_ok=True)
    shutil.copy(archive / "archive.json", to)


def _measure_day(bench: Bench, folder: Path, what: str) -> Row:
    """Build the site of the day before, then that of the day, and send what changed to a bucket with the first."""
    if not RCLONE.exists():
        return not_measured(what, "there is no rclone")
    before, day = choose_days(count_by_day(folder / "archive"))
    bring_to(folder / "archive", before, folder / "daily")
    _build(bench, f"{what}: before", "daily", "daily-site", "--changes", f"{_FOLDER}/changes")
    with running_store(folder / "store") as store:
        shutil.copytree(folder / "daily-site", store.bucket, dirs_exist_ok=True)
        shutil.copy(folder / "changes" / "files.txt", folder / "last.txt")
        bring_to(folder / "archive", day, folder / "daily")
        since = ["--changes", f"{_FOLDER}/changes", "--since", f"{_FOLDER}/last.txt"]
        _build(bench, f"{what}: {day}", "daily", "daily-site", *since)
        return send(store, folder, f"{what}: {day}")


def _build(bench: Bench, name: str, archive: str, site: str, *options: str) -> Run:
    command = ["repo-info", "build", "--archive", f"{_FOLDER}/{archive}", "--site", f"{_FOLDER}/{site}"]
    return bench.run(name, [*command, "--jobs", str(bench.jobs), *options])
