"""The benchmark's measuring tools, on known inputs."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from benchmarks.data import BUNDLE, find_source
from benchmarks.measurements.lookups import large_shard
from benchmarks.measurements.rebuild import choose_stops
from benchmarks.processes import Run, run
from benchmarks.rows import judge, judge_limit, judge_rounds, not_measured, render_table
from benchmarks.sizes import measure
from collector.errors import RepoInfoError, SourceError
from collector.model.compression import compress

MIB = 2**20
TWO_CHILDREN = """
import subprocess, sys, time
child = "block = b'x' * (100 * 2**20); print(flush=True); input()"
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
children = [subprocess.Popen([sys.executable, "-c", child], **pipes) for _ in "ab"]
for process in children:
    process.stdout.readline()
time.sleep(1)  # both have their block now; memory is looked at ten times a second
for process in children:
    process.communicate(b"done\\n")
"""


def test_a_run_counts_the_memory_of_all_its_processes_together(tmp_path: Path) -> None:
    found = run([sys.executable, "-c", TWO_CHILDREN], tmp_path)
    least = 200 if Path("/proc/self/smaps_rollup").exists() else 100
    assert least * MIB < found.memory < 400 * MIB
    assert found.cpu > 0


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system has no /proc")
def test_the_memory_of_a_run_is_not_that_of_the_process_that_started_it(tmp_path: Path) -> None:
    block = b"x" * (300 * MIB)
    found = run([sys.executable, "-c", "input"], tmp_path)
    assert 0 < found.memory < len(block) // 3


def test_output_of_a_command_is_discarded_unless_it_is_to_be_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('words')"]
    assert run(command, tmp_path).output == b""
    assert run(command, tmp_path, keeps_output=True).output == b"words\n"


def test_a_run_gives_a_command_its_folder_and_its_input_and_keeps_its_output(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("words")
    program = "import os, sys; print(os.path.basename(os.getcwd()), sys.stdin.read())"
    found = run([sys.executable, "-c", program], tmp_path, stdin=tmp_path / "given", keeps_output=True)
    assert found.output.decode() == f"{tmp_path.name} words\n"


def test_a_failed_command_is_reported_with_its_last_output(tmp_path: Path) -> None:
    with pytest.raises(RepoInfoError, match=r"ended with 3: the reason$"):
        run([sys.executable, "-c", "import sys; sys.stderr.write('noise\\nthe reason\\n'); sys.exit(3)"], tmp_path)


def test_a_size_counts_all_files_below_and_compresses_each_for_itself(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "long").write_bytes(b"x" * 10_000)
    (tmp_path / "short").write_bytes(b"yy")
    found = measure(tmp_path)
    assert (found.files, found.bytes) == (2, 10_002)
    assert 40 < found.gzipped < 120


def test_the_table_shows_what_is_met_missed_and_not_measured() -> None:
    rows = [
        judge("time", "2 s", 2, 10, of="theirs", aim=0.25),
        judge("bytes", "4 MB", 4, 10, of="theirs", aim=0.25),
        judge("files", "7", 7, 10, of="theirs", aim=None),
        judge_limit("memory", "9 MB", 9, 8, "8 MB"),
        not_measured("import", "no archive"),
    ]
    assert render_table(rows).splitlines()[2:] == [
        "| time | 2 s | 0.20 × theirs | ≤ 0.25 × | yes |",
        "| bytes | 4 MB | 0.40 × theirs | ≤ 0.25 × | **no** |",
        "| files | 7 | 0.70 × theirs |  |  |",
        "| memory | 9 MB |  | ≤ 8 MB | **no** |",
        "| import | not measured: no archive |  |  |  |",
    ]


def test_rounds_are_judged_by_the_least_processor_time_of_each_side() -> None:
    def runs(*cpu: float) -> list[Run]:
        return [Run(seconds=9, cpu=one, memory=0, output=b"") for one in cpu]

    row = judge_rounds("build", runs(5, 1.25, 3), runs(2, 7, 1), of="without", aim=1.2)
    assert (row.compared, row.met) == ("1.25 × without", False)
    assert row.measured == "1.25 s of processor time (without: 1.00 s of processor time), the least of 3 rounds"


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_an_index_file_of_many_digests_has_as_many_whatever_the_site_names_its_files(
    digits: int, tmp_path: Path
) -> None:
    files: dict[str, dict[str, int]] = {}
    for number in range(4_000):
        digest = sha256(str(number).encode()).hexdigest()[:12]
        files.setdefault(digest[:digits], {})[digest[digits:]] = number
    for name, of_image in files.items():
        (tmp_path / name).write_bytes(compress(msgspec.json.encode({"app": of_image})))
    shard = large_shard(tmp_path)
    keys = {key for of_image in shard.values() for key in of_image}
    assert 1_220 <= len(keys) < 1_220 + 300
    assert {len(key) for key in keys} == {9}


def test_the_source_is_the_named_one_then_the_variable_then_beside_the_project(tmp_path: Path) -> None:
    root, data, named = tmp_path / "project", tmp_path / "data", tmp_path / "named.git"
    beside = tmp_path / "shared" / "data"
    assert find_source(None, {}, root) is None
    for folder in (data, beside):
        folder.mkdir(parents=True)
        (folder / BUNDLE).touch()
    named.mkdir()
    variables = {"REPO_INFO_DATA": str(data)}
    assert find_source(None, {}, root) == beside / BUNDLE
    assert find_source(None, variables, root) == data / BUNDLE
    assert find_source(named, variables, root) == named
    with pytest.raises(SourceError, match="not found"):
        find_source(None, {"REPO_INFO_DATA": str(tmp_path / "nowhere")}, root)


def test_rebuilds_are_measured_on_usual_days_each_after_the_day_before_it() -> None:
    changed = {"01": 30, "02": 10, "03": 500, "04": 900, "05": 20, "06": 600, "07": 35, "08": 34}
    assert choose_stops(changed, 1_000, 1) == ["07", "08"]
    assert choose_stops(changed, 1_000, 2) == ["06", "07", "08"]
    assert choose_stops(changed, 1_000, 3) == ["04", "05", "06", "07", "08"]
    assert choose_stops(changed, 1_000, 9) == ["01", "02", "04", "05", "06", "07", "08"]
    assert choose_stops(dict.fromkeys(changed, 500), 1_000, 2) == ["06", "07", "08"]
    assert choose_stops({"01": 3}, 1_000, 1) == []
