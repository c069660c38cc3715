"""The command line: `repo-info VERB …`. One file per verb, which is imported when the verb is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

import click

from collector import __version__
from collector.cli.program import WRONG_USE, Program

__all__ = ["main"]

_VERBS = (
    "init",
    "import",
    "collect",
    "export",
    "pages",
    "build",
    "shards",
    "merge",
    "serve",
    "find",
    "resolve",
    "history",
    "diff",
    "packages",
    "licences",
    "why",
    "feed",
    "describe",
    "verify",
    "upgrade",
    "demo",
)


class _Commands(Mapping[str, click.Command]):
    """The commands by the names of their verbs. The module of a verb may take longer to load than the verb takes."""

    def __getitem__(self, verb: str) -> click.Command:
        if verb not in _VERBS:
            raise KeyError(verb)
        name = "import_" if verb == "import" else verb  # `import` is a word of Python
        command: click.Command = getattr(import_module(f"collector.cli.{name}"), f"{verb}_command")
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_VERBS)

    def __len__(self) -> int:
        return len(_VERBS)


@click.group(
    cls=Program,
    commands=_Commands(),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="repo-info", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Keep an archive of what container image tags contained over time, query it, and publish it as a static site."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(WRONG_USE)
