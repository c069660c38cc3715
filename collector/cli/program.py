"""The program around the verbs: error messages and exit codes."""

from __future__ import annotations

import os
import re
import sys
from inspect import cleandoc
from io import TextIOWrapper
from typing import Any

import click

from collector.cli.terminal import OutputClosed, flush, named_stream, without_user_information, write
from collector.cli.termination import Terminated, ends_when_asked
from collector.errors import RepoInfoError, UsageError

DONE = 0
PROBLEM = 1
WRONG_USE = 2
INTERRUPTED = 130
"""128 plus the number of SIGINT, as in a shell."""
UNREAD = 141
"""128 plus the number of SIGPIPE."""

_DEBUG = "collector.cli.debug"
_HAS_ARCHIVE = "collector.cli.has_archive"
_EXAMPLES = re.compile(r"^(?=Examples?:$)", re.MULTILINE)


def _note_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_DEBUG] = context.meta.get(_DEBUG, False) or value


def note_archive(context: click.Context, has_archive: bool) -> None:
    """Note whether the verb reads or writes an archive, so that an interruption says that it is intact."""
    context.meta[_HAS_ARCHIVE] = has_archive


def debug_option() -> click.Option:
    """`--debug`, before or after the verb."""
    return click.Option(
        ["--debug"], is_flag=True, expose_value=False, callback=_note_debug, help="Show the traceback of an error."
    )


class Verb(click.Command):
    """One verb. The examples in its help keep their lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help = _EXAMPLES.sub("\b\n", cleandoc(self.help or ""))
        self.params.append(debug_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; `--help` is written here."""
        with named_stream("standard output"):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        note_archive(ctx, bool(ctx.params.get("archive")))
        return super().invoke(ctx)


class Program(click.Group):
    """Turns errors into one line on standard error and an exit code."""

    command_class = Verb

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(debug_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; `--help` and `--version` are written here."""
        with named_stream("standard output"):
            return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and end the process."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            with ends_when_asked():
                code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except OutputClosed:
            _drop_output()
            code = UNREAD
        except (click.ClickException, OSError) as error:
            code = show_error(error)
        sys.exit(code if isinstance(code, int) else DONE)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        try:
            super().invoke(ctx)
            flush()
        except OutputClosed:
            _drop_output()
            ctx.exit(UNREAD)
        except (RepoInfoError, click.ClickException, OSError, KeyboardInterrupt) as error:
            if ctx.meta.get(_DEBUG) and not isinstance(error, click.ClickException):
                _clean(error)
                raise
            ctx.exit(show_error(error, has_archive=ctx.meta.get(_HAS_ARCHIVE, False)))


def show_error(error: BaseException, *, has_archive: bool = False) -> int:
    """Print the line of an error with its hint; returns the exit code."""
    match error:
        case RepoInfoError():
            _write_error(str(error), error.hint)
            return WRONG_USE if isinstance(error, UsageError) else PROBLEM
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "repo-info"
            _write_error(error.format_message(), f"see {path} --help")
            return WRONG_USE
        case click.ClickException():
            _write_error(error.format_message(), "")
        case KeyboardInterrupt():
            # Journals grow only by whole facts, and the next writer removes an incomplete last line.
            intact = "; the archive is intact" if has_archive else ""
            _write_error(f"interrupted{intact}", "run the same command again to continue")
            return 128 + error.number if isinstance(error, Terminated) else INTERRUPTED
        case OSError():
            _write_error(": ".join(str(part) for part in (error.filename, error.strerror or error) if part), "")
            _drop_output()
    return PROBLEM


def _clean(error: BaseException | None) -> None:
    """Remove user information from an error and from its causes, whose messages a traceback repeats."""
    while error is not None:
        error.args = tuple(without_user_information(part) if isinstance(part, str) else part for part in error.args)
        error = error.__cause__ or error.__context__


def _write_error(message: str, hint: str) -> None:
    try:
        line = f"repo-info: {message}" + (f" ({hint})" if hint else "")
        write(without_user_information(line), err=True)
    except (OutputClosed, OSError):  # there is nowhere to report this
        _drop_output()


def _drop_output() -> None:
    """Discard the buffers, so that they do not raise again when the process ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:
                stream.flush()
        except OSError:
            os.dup2(null, stream.fileno())
