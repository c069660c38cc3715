"""Errors, exit codes, colours and broken pipes, which all verbs share."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from collector import __version__
from collector.archive.store import Archive
from collector.cli import find, main
from tests.cli.conftest import Run
from tests.cli.help_examples import examples_of
from tests.cli.processes import COMMAND, on_a_terminal, start
from tests.support.package_archives import write_package_archive


def test_the_version(run: Run) -> None:
    assert run("--version").stdout == f"repo-info {__version__}\n"


def test_a_call_without_a_verb_is_a_usage_error_and_lists_the_verbs(run: Run) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(f"  {name} " in result.stderr for name in main.commands)


def options_of(command: click.Command) -> set[str | None]:
    return {option.name for option in command.params if option.param_type_name == "option"}


@pytest.mark.parametrize("verb", main.commands)
def test_the_help_of_a_verb_shows_no_marks_of_its_source(run: Run, verb: str) -> None:
    text = run(verb, "--help").stdout
    assert not re.search(r"\\b|\x08|noqa", text)


def test_the_help_of_build_shows_its_settings_line_by_line(run: Run) -> None:
    assert '\n      [site]\n      name = "Our images"\n' in run("build", "--help").stdout


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("nope", 2, "No such command 'nope'. (see repo-info --help)"),
        ("find", 2, "Missing argument 'TEXT'. (see repo-info find --help)"),
        ("find x", 2, "no archive and no site"),
        ("find x --archive gone", 1, "gone: not an archive (make one with `repo-info import` or"),
        ("resolve A! --archive gone", 2, "not an image name: 'A!' (write IMAGE:TAG,"),
        ("resolve a --as-of May --archive gone", 2, "--as-of: not a date: 'May' (write a day"),
        ("export --archive gone --to x --image A", 2, "not an image name: 'A' (write a name"),
        ("history a@2017-01-01 --archive gone", 2, "'a@2017-01-01': a history needs a tag without a date"),
    ],
)
def test_an_error_is_one_line_with_what_to_do(run: Run, in_folder: Path, line: str, code: int, message: str) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"repo-info: {message}")
    assert result.stderr.count("\n") == 1


def test_an_error_of_the_system_is_one_line_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "archive.json").mkdir()
    result = run("find", "x", "--archive", tmp_path / "a")
    assert result.exit_code == 1
    assert result.stderr.startswith("repo-info: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--debug", "find", "x"], ["find", "x", "--debug"]])
def test_debug_shows_where_an_error_comes_from(arguments: list[str], tmp_path: Path) -> None:
    process = start(*arguments, "--archive", tmp_path / "none", stderr=subprocess.PIPE)
    told = process.communicate()[1].decode()
    assert process.returncode == 1
    assert told.startswith("Traceback")
    assert "collector.errors.ArchiveError" in told


def test_the_archive_may_come_from_the_environment(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_INFO_ARCHIVE", str(sample))
    assert run("find", "alpine").exit_code == 0


READING = {name: command for name, command in main.commands.items() if "archive" in options_of(command)}


@pytest.mark.parametrize("verb", READING)
def test_every_verb_refuses_a_later_format_in_one_line(run: Run, in_folder: Path, verb: str) -> None:
    (in_folder / "archive").mkdir()
    (in_folder / "archive" / "archive.json").write_text('{"format": 3, "later": []}')
    named = ["tool" for one in READING[verb].params if one.param_type_name == "argument"]
    needed = {"export": ["--to=there"], "pages": ["--to=there"], "build": ["--site=there"]}
    needed |= {"describe": ["--site-url=https://example.org"], "why": ["--since=2018-01-01"]}
    needed |= {"feed": ["--since=read.json"]}
    named = {"shards": ["1"], "why": ["-"]}.get(verb, named)
    result = run(verb, *named, *needed.get(verb, []), "--archive", "archive", stdin="FROM tool")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "repo-info: archive: the archive is of format 3, this program reads up to 2 "
        "(install a newer repo-info: pip install --upgrade repo-info)\n"
    )
    assert sorted(path.name for path in in_folder.rglob("*")) == ["archive", "archive.json"]


def test_an_interruption_ends_with_130_and_a_word_on_the_archive(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(archive: Archive, text: str, *, now: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(find, "find", interrupted)
    result = run("find", "x", "--archive", sample)
    assert result.exit_code == 130
    assert result.stderr == ("repo-info: interrupted; the archive is intact (run the same command again to continue)\n")


def test_an_interrupted_question_to_a_site_has_no_word_on_an_archive(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("collector.published.site.open_site", interrupted)
    monkeypatch.setenv("REPO_INFO_ARCHIVE", str(sample))
    result = run("find", "x", "--site", "http://127.0.0.1:1/")
    assert result.exit_code == 130
    assert result.stderr == "repo-info: interrupted (run the same command again to continue)\n"


def test_a_reader_that_stops_early_is_not_an_error(sample: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    process = start("history", "python:3.6", "--archive", sample, stdout=written, stderr=subprocess.PIPE)
    os.close(written)
    assert process.communicate()[1] == b""
    assert process.returncode == 128 + signal.SIGPIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", ["--help", "--version", "find --help", "find hello", "find hello --json"])
def test_output_on_a_full_disk_is_one_line(sample: Path, line: str, unbuffered: str) -> None:
    variables = {"REPO_INFO_ARCHIVE": str(sample), "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        process = start(*line.split(), stdout=full.fileno(), stderr=subprocess.PIPE, environment=variables)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (1, b"repo-info: standard output: No space left on device\n")


@pytest.mark.parametrize(("closed", "is_read"), [(">&-", False), ("2>&-", True)])
def test_a_closed_stream_is_not_an_error(sample: Path, closed: str, is_read: bool) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *COMMAND, "find", "hello", "--archive", str(sample)]
    result = subprocess.run(command, check=False, capture_output=True)
    assert (result.returncode, result.stderr, bool(result.stdout)) == (0, b"", is_read)


def test_colours_are_for_terminals(sample: Path) -> None:
    arguments = ("diff", "alpine:3.5", "alpine:3.6", "--archive", str(sample))
    plain = start(*arguments, stdout=subprocess.PIPE).communicate()[0].decode()
    coloured = on_a_terminal(*arguments)
    without = on_a_terminal(*arguments, environment={"NO_COLOR": "1"})
    assert "\x1b" not in plain + without
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == without == plain


def test_output_that_cannot_say_a_character_escapes_it(sample: Path) -> None:
    process = start(
        "history",
        "python:3.6",
        "--archive",
        sample,
        stdout=subprocess.PIPE,
        environment={"PYTHONIOENCODING": "latin-1"},
    )
    assert rb"3.6.2 \u2192 3.6.3" in process.communicate()[0]
    assert process.returncode == 0


def test_a_look_up_imports_only_what_it_needs() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import collector.cli, sys; print(*sys.modules)"], check=True, capture_output=True
    ).stdout.split()
    slow = {b"mkdocs", b"jinja2", b"requests", b"email.utils", b"socket"}
    slow |= {b"collector.pages.site_pages", b"collector.importer.archive_import"}
    assert not slow & set(loaded)


@pytest.fixture(scope="module")
def workplace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the examples, with the sample and a small repo-info repository."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "examples").symlink_to(root / "examples")
    write_package_archive(folder / "archive")
    page = folder / "repo-info.git" / "repos" / "hello-world" / "remote" / "latest.md"
    page.parent.mkdir(parents=True)
    page.write_text("nothing that is understood\n")
    git = ["git", "-C", str(folder / "repo-info.git"), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x", "--date", "2018-01-01T00:00:00Z"]):
        subprocess.run([*git, *arguments], check=True, env={**os.environ, "GIT_COMMITTER_DATE": "2018-01-01T00:00:00Z"})
    return folder


# `collect` is tried against a registry in test_collect.py, `describe` with parts of its own in tests/describe and
# tests/docs, `merge` with parts that were built in tests/site and by the manual.
ELSEWHERE = ("serve", "demo", "collect", "describe", "merge")


@pytest.mark.parametrize("verb", [verb for verb in main.commands if verb not in ELSEWHERE])
def test_the_examples_of_every_help_work(run: Run, workplace: Path, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    monkeypatch.chdir(workplace)
    examples = examples_of(main.commands[verb])
    assert examples
    for arguments in examples:
        result = run(*arguments)
        assert result.exit_code == 0, (arguments, result.stderr)
        assert result.stdout or result.stderr, arguments


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_help_fits_a_terminal_and_keeps_its_examples_on_their_lines(run: Run, verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    for example in examples_of(main.commands[verb]):
        assert f"      repo-info {' '.join(example)}\n" in result.stdout
    prose = [line for line in result.stdout.splitlines() if "repo-info " not in line]
    assert max(map(len, prose)) <= 80
