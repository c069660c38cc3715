"""The commands in the documents exist in the program, and each has help."""

from __future__ import annotations

import re
from pathlib import Path

from collector.cli import main
from tests.support.documents import iter_commands


def test_every_command_that_is_named_exists_with_its_options(root: Path) -> None:
    calls = [(document, words) for document, words in iter_commands(root, "repo-info") if words != ["--version"]]
    assert {"README.md", "site_src/collecting.md", "site_src/command-line.md"} <= {document for document, _ in calls}
    for document, (verb, *arguments) in calls:
        assert verb in main.commands, f"{document}: repo-info {verb}"
        known = {option for parameter in main.commands[verb].params for option in parameter.opts}
        options = {argument.partition("=")[0] for argument in arguments if argument.startswith("-")}
        assert options <= known, f"{document}: repo-info {verb} has no {options - known}"


def test_the_readme_has_a_line_on_every_command(root: Path) -> None:
    rows = re.findall(r"^\| `repo-info (\w+)", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(name for name, command in main.commands.items() if not command.hidden)


def test_every_command_has_help_with_an_example() -> None:
    without = [name for name, command in main.commands.items() if f"repo-info {name}" not in (command.help or "")]
    assert not without


def test_every_make_switch_of_the_demo_is_an_option_of_the_command(root: Path) -> None:
    (recipe,) = re.findall(r"repo-info demo (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    known = {
        option for parameter in main.commands["demo"].params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"--[a-z-]+", recipe)) <= known
