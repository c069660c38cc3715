"""The man pages in `man/` are the help of the verbs; RECORD=1 writes them again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click_man.man import ManPage  # type: ignore[import-untyped]

from collector import __version__
from collector.cli import main
from tests.support.golden import assert_golden


def commands() -> Iterator[click.Context]:
    """The program and each verb."""
    program = click.Context(main, info_name="repo-info", **main.context_settings)
    yield program
    for name, command in main.commands.items():
        if not command.hidden:
            yield click.Context(command, info_name=name, parent=program)


def roff(text: str) -> str:
    """Help as roff: no line of it is a request, and examples keep their lines."""
    lines = [re.sub(r"^([.'])", r"\\&\1", line) for line in text.replace("\\", r"\e").replace("-", r"\-").split("\n")]
    return re.sub(r"^\x08\n(.*?)(?=\n\n|\Z)", r".nf\n\1\n.fi", "\n".join(lines), flags=re.DOTALL | re.MULTILINE)


def man_page(context: click.Context) -> str:
    """The page of one verb."""
    command = context.command
    page = ManPage(context.command_path.replace(" ", "-"))
    page.version, page.date = f"repo-info {__version__}", ""
    page.short_help = command.get_short_help_str(limit=200).rstrip(".")
    page.description = roff(command.help or "")
    page.synopsis = " ".join(command.collect_usage_pieces(context))
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    page.options = [(name, roff(text)) for name, text in filter(None, (o.get_help_record(context) for o in options))]
    if isinstance(command, click.Group):
        page.commands = [(name, verb.get_short_help_str(limit=200)) for name, verb in command.commands.items()]
    # As it is typed: click-man has the name of the page there.
    return str(page).replace(f".SH SYNOPSIS\n.B {page.command}\n", f".SH SYNOPSIS\n.B {context.command_path}\n")


PAGES = {f"{context.command_path.replace(' ', '-')}.1": context for context in commands()}


@pytest.mark.parametrize("name", PAGES)
def test_the_man_page_is_the_help(root: Path, name: str) -> None:
    assert_golden(root / "man" / name, man_page(PAGES[name]))


def test_the_synopsis_is_what_people_type(root: Path) -> None:
    text = (root / "man" / "repo-info-why.1").read_text(encoding="utf-8")
    assert ".SH SYNOPSIS\n.B repo-info why\n[OPTIONS] FILE...\n" in text


def test_no_man_page_is_left_of_a_removed_verb(root: Path) -> None:
    assert sorted(path.name for path in (root / "man").iterdir()) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_groff_accepts_every_page(root: Path, name: str) -> None:
    command: list[str | Path] = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", root / "man" / name]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stderr == ""
