"""`repo-info build`, `serve` and `demo`: the site is built and served."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pytest

from collector.cli.demo import sample_archive
from collector.cli.site_build import PORTS
from collector.publish import hosts
from collector.publish.hosts import Host
from collector.site.destination import MARK
from tests.cli.conftest import Run
from tests.cli.processes import start
from tests.support.stub import Stub, reply


def test_a_build_reports_its_work_and_skips_unchanged_tasks(run: Run, sample: Path, tmp_path: Path) -> None:
    arguments = ["build", "--archive", sample, "--site", tmp_path / "site", "--jobs", "1"]
    first = run(*arguments)
    assert first.exit_code == 0
    told = re.fullmatch(r".*: (\d+) pages of 3 images, \d+ files, \d\.\d MB\n", first.stdout)
    assert told
    pages = int(told[1])
    assert (tmp_path / "site/repos/python/3.6-slim/index.html").is_file()
    again = json.loads(run(*arguments, "--json").stdout)
    sizes = [path.stat().st_size for path in (tmp_path / "site").rglob("*") if path.is_file() and path.name != MARK]
    sums = {"pages": pages, "tasks": 3, "files": len(sizes), "size": sum(sizes), "editions": []}
    sums |= {"left_out": None, "excess_files": 0, "excess_bytes": 0, "savings": []}
    assert again == {**sums, "skipped": 3}
    full = json.loads(run(*arguments, "--json", "--full").stdout)
    assert full == {**sums, "skipped": 0}
    sent = json.loads(run(*arguments, "--json", "--changes", tmp_path / "changes").stdout)
    assert sent == {**again, "changes": {"changed": 0, "new": len(sizes), "gone": 0, "size": sum(sizes)}}
    _, *lines = (tmp_path / "changes" / "files.txt").read_text().splitlines()
    for line in lines:
        digest, size, path = line.split(" ", 2)
        content = (tmp_path / "site" / path).read_bytes()
        assert (sha256(content).hexdigest()[:32], str(len(content))) == (digest, size)


def test_a_build_names_the_hosts_that_do_not_take_the_site(
    run: Run, sample: Path, in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ("build", "--archive", sample, "--site", "site", "--jobs", "1")
    assert run(*build).stderr == ""
    entries = sum(path.name != MARK for path in (in_folder / "site").rglob("*"))
    for limit, warning in (
        (entries, ""),
        (entries - 1, f"repo-info: site is too large for A host ({entries - 1:,} files and folders)\n"),
    ):
        monkeypatch.setattr(hosts, "HOSTS", (Host(name="A host", max_files=limit, counts_folders=True),))
        assert run(*build).stderr == warning


def test_an_error_in_an_assignment_names_its_file(run: Run, sample: Path, tmp_path: Path) -> None:
    dealt = tmp_path / "dealt"
    dealt.write_text("1 docker.io/library/alpine\nimages\n")
    result = run("build", "--archive", sample, "--site", tmp_path / "part", "--shard", "1/2", "--dealt", dealt)
    assert result.exit_code == 2
    assert f"{dealt}: line 2 is not a shard up to 2 and an image" in result.stderr


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--since", "files.txt"], "--since without --changes"),
        (["--changes", "site/changes"], "site/changes is in the site"),
        (["--changes", "changes", "--shard", "1/2"], "--changes with --shard"),
        (["--changes", "changes", "--since", "https://me:secret@host/"], "'…@host/': not an http or https address"),
    ],
)
def test_lists_of_changes_are_refused_before_anything_is_built(
    run: Run, sample: Path, in_folder: Path, options: list[str], problem: str
) -> None:
    result = run("build", "--archive", sample, "--site", "site", *options)
    assert (result.exit_code, list(in_folder.iterdir())) == (2, [])
    assert result.stderr.startswith(f"repo-info: {problem}")


def test_the_last_list_may_be_at_an_address(run: Run, sample: Path, in_folder: Path, stub: Stub) -> None:
    command = ("build", "--archive", sample, "--site", "site", "--jobs", "1", "--changes", "changes", "--since")
    first = run(*command, f"{stub.url}/images/files.txt")
    assert first.stderr == f"repo-info: {stub.url}/images/files.txt does not exist: everything is new\n"
    stub.on("/images/files.txt", reply((in_folder / "changes" / "files.txt").read_bytes()))
    second = run(*command, f"{stub.url}/images/files.txt")
    assert second.stdout.endswith("\nto send: 0 files, 0 B; 0 changed, 0 new, 0 gone\n")
    stub.on("/images/files.txt", reply("", 403))
    refused = run(*command, f"{stub.url}/images/files.txt")
    assert (refused.exit_code, f"{stub.url}/images/files.txt: answered with status 403" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<html>\n", "not a manifest of a site"),
        ("repo-info-files 2\n", "a manifest of version 2, and this repo-info reads version 1"),
    ],
)
def test_a_list_of_another_kind_is_refused_before_anything_is_built(
    run: Run, sample: Path, in_folder: Path, content: str, problem: str
) -> None:
    (in_folder / "last.txt").write_text(content)
    result = run("build", "--archive", sample, "--site", "site", "--changes", "changes", "--since", "last.txt")
    assert (result.exit_code, [path.name for path in in_folder.iterdir()]) == (2, ["last.txt"])
    assert result.stderr.startswith(f"repo-info: last.txt: {problem} (")


def test_an_invalid_list_is_reported(run: Run, sample: Path, in_folder: Path) -> None:
    (in_folder / "last.txt").write_text("repo-info-files 1\n-")
    result = run("build", "--archive", sample, "--site", "site", "--changes", "changes", "--since", "last.txt")
    assert result.exit_code == 2
    assert result.stderr == "repo-info: last.txt: line 2 is invalid: b'-' (leave out --since to send the whole site)\n"
    assert list((in_folder / "changes").iterdir()) == []


def test_settings_of_the_site_are_in_a_file_and_options_take_precedence(
    run: Run, sample: Path, in_folder: Path
) -> None:
    (in_folder / "repo-info.toml").write_text(
        '[site]\nname = "Ours"\nurl = "https://o.example/"\neditions = ["2016-12-31"]\n'
    )
    command = ("build", "--archive", sample, "--jobs", "1", "--json", "--site")
    of_file = json.loads(run(*command, "site").stdout)
    assert [one["edition"] for one in of_file["editions"]] == ["2016-12-31"]
    assert "Ours" in (in_folder / "site/2016-12-31/repos/python/index.html").read_text(encoding="utf-8")
    assert "https://o.example/repos/python/" in (in_folder / "site/sitemap.xml").read_text(encoding="utf-8")
    assert json.loads(run(*command, "site", "--editions", "none").stdout)["editions"] == []
    assert not (in_folder / "site/2016-12-31").exists()


def test_limits_leave_out_pages_and_what_exceeds_them_is_reported(run: Run, sample: Path, in_folder: Path) -> None:
    command = ("build", "--archive", sample, "--jobs", "1", "--site", "site", "--changes", "changes")
    run(*command)
    (in_folder / "changes/files.txt").rename("last.txt")
    Path("repo-info.toml").write_text("[site]\nlimit_files = 1\nlimit_bytes = 1\n")
    limited = run(*command, "--since", "last.txt")
    left_out = r"\nleft out: \d+ pages of tags that are gone, and of histories \(\d+ files, \d+\.\d KB\)\n"
    assert re.search(left_out, limited.stdout)
    assert re.fullmatch(
        r"repo-info: site exceeds limit_bytes by \d\.\d MB and limit_files by \d+ files, "
        r'with nothing more to leave out; save space with packages = "now", or choose another host\n',
        limited.stderr,
    )
    gone = Path("changes/gone.txt").read_text().splitlines()
    assert "repos/python/3.6/history/index.html" in gone
    assert not any(Path("site", path).exists() for path in gone)
    report = json.loads(run(*command, "--since", "last.txt", "--json").stdout)
    assert report["left_out"]["files"] == len(gone) == report["changes"]["gone"]
    assert (report["excess_files"], report["excess_bytes"]) == (report["files"] - 1, report["size"] - 1)


@pytest.mark.parametrize("limit", ["limit_files = 0", "limit_bytes = -1", 'limit_bytes = "1 GB"'])
def test_a_limit_that_is_none_is_a_usage_error(run: Run, sample: Path, in_folder: Path, limit: str) -> None:
    (in_folder / "repo-info.toml").write_text(f"[site]\n{limit}\n")
    found = run("build", "--archive", sample, "--site", "site")
    assert (found.exit_code, "$.site.limit_" in found.stderr) == (2, True)


@pytest.mark.parametrize("day", ["2017-02-30", "yesterday", "9999-12-31", "2016-12-31,"])
def test_a_day_that_cannot_be_an_edition_is_a_usage_error(run: Run, sample: Path, in_folder: Path, day: str) -> None:
    result = run("build", "--archive", sample, "--site", "site", "--editions", day)
    assert result.exit_code == 2
    assert "write days in the past, as 2017-12-31" in result.stderr
    assert result.stderr.count("\n") == 1
    (in_folder / "repo-info.toml").write_text(f'[site]\neditions = ["{day}"]\n')
    of_file = run("build", "--archive", sample, "--site", "site")
    assert of_file.exit_code == 2
    assert of_file.stderr.startswith("repo-info: repo-info.toml: site.editions: ")
    assert not (in_folder / "site").exists()


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
def served(*arguments: str | Path, words: str = "serving ") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A serving process, and its address, which it prints after these words."""
    process = start(*arguments, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        told = b""
        while not (found := re.search(rb"^%b(http://127\.0\.0\.1:\d+/)" % words.encode(), told, re.MULTILINE)):
            line = process.stdout.readline()
            assert line, told
            told += line
        yield found[1].decode(), process
    finally:
        process.terminate()
        process.communicate()


def fetch(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_the_site_is_served_until_an_interruption(verb: str, sample: Path, tmp_path: Path) -> None:
    where = ["--archive", str(sample)] if verb == "serve" else ["--no-open"]
    with served(verb, *where, "--port", "0", "--site", tmp_path / "site") as (address, process):
        assert "python" in fetch(address)
        assert "3.6-slim" in fetch(f"{address}repos/python/3.6-slim/")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_request_to_end_leaves_no_temporary_site(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with served("serve", "--archive", sample, "--port", "0") as (_, process):
        assert [path.name[:10] for path in tmp_path.iterdir()] == ["repo-info-"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_a_problem_with_a_way_out(run: Run, sample: Path, tmp_path: Path) -> None:
    with served("serve", "--archive", sample, "--port", "0") as (address, _):
        port = address.rstrip("/").rpartition(":")[2]
        result = run("demo", "--no-open", "--port", port, "--site", tmp_path / "site")
    assert result.exit_code == 1
    assert f"cannot serve on port {port}" in result.stderr


def test_without_a_port_the_next_free_one_is_used(sample: Path) -> None:
    with ExitStack() as stack:
        with suppress(OSError):  # another program has the port already
            stack.enter_context(socket.create_server(("127.0.0.1", PORTS[0])))
        address, _ = stack.enter_context(
            served("serve", "--archive", sample, words=rf"port {PORTS[0]} is taken; serving ")
        )
        assert "python" in fetch(address)


def test_a_demo_may_only_build(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--no-serve", "--site", tmp_path / "site")
    assert result.exit_code == 0
    assert (tmp_path / "site/repos/hello-world/index.html").is_file()


def test_the_sample_is_the_bundled_one(sample: Path) -> None:
    assert sample_archive() == sample
