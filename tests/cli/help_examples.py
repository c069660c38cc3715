"""The examples in the help of a verb."""

from __future__ import annotations

import click


def examples_of(command: click.Command) -> list[list[str]]:
    """The examples in a verb's help, as arguments."""
    return [line.split()[1:] for line in (command.help or "").splitlines() if line.startswith("    repo-info ")]
