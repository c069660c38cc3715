"""The only module that runs git.

A source is untrusted, and its configuration has no say: git runs in a directory of ours (`source_repository`), which
has the source's objects and refs. Nobody's configuration is read but ours. No hook, filter, pager, signature check or
transport is run; replacements, grafts and the commit graph are ignored. Untrusted text is passed only as the value of
an option or as the id of an object, so that no name can be read as an option.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from collector.errors import SourceError

NO_TRANSPORT = "none"
"""No protocol has this name, so git fetches nothing, not even an object that a partial clone lacks."""
FILE_TRANSPORT = "file"

_KEPT = frozenset({"GIT_EXEC_PATH"})
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.commitGraph=false",
    # The versions of a page are read one after another, so git's usual cache of 96 MB for delta bases gains nothing.
    "core.deltaBaseCacheLimit=16m",
)


class Running(msgspec.Struct):
    """A running git process and its pipes."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    messages: IO[bytes]

    def complaint(self) -> str:
        """The first line that git wrote to standard error."""
        self.messages.seek(0)
        return _first_line(self.messages.read(4096))


def run(folder: Path, *arguments: str, transport: str = NO_TRANSPORT) -> bytes:
    """Run git until it ends; returns its output.

    Raises:
        SourceError: git failed, or is not installed.
    """
    result = try_run(folder, *arguments, transport=transport)
    if result.returncode:
        message = f"git {arguments[0]}: {_first_line(result.stderr)}"
        raise SourceError(message, hint="name a git repository or a bundle of one")
    return result.stdout


def try_run(folder: Path, *arguments: str, transport: str = NO_TRANSPORT) -> subprocess.CompletedProcess[bytes]:
    """Run git until it ends, with or without success."""
    with _git_expected():
        return subprocess.run(
            _command(folder, *arguments),
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=_environment(folder, transport),
        )


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Running]:
    """Start git, to read from it and write to it while it runs. It is stopped if the caller leaves early.

    Raises:
        SourceError: git failed, or is not installed.
    """
    with tempfile.TemporaryFile() as messages:
        with _git_expected():
            process = subprocess.Popen(
                _command(folder, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                bufsize=2**20,
                env=_environment(folder, NO_TRANSPORT),
            )
        assert process.stdin is not None
        assert process.stdout is not None
        _widen(process.stdout)
        git = Running(process.stdin, process.stdout, messages)
        try:
            yield git
            process.stdin.close()
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()
        if code:
            raise SourceError(f"git {arguments[0]}: {git.complaint()}", hint="run `git fsck` on it")


def _widen(pipe: IO[bytes]) -> None:
    """Let git run ahead of its reader by a megabyte instead of 64 KiB, if the system allows it."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 2**20)


@contextmanager
def _git_expected() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceError("git is not installed", hint="install git 2.31 or later") from None


def _command(folder: Path, *arguments: str) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", *settings, "-C", str(folder), *arguments]


def _environment(folder: Path, transport: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return kept | {
        "LC_ALL": "C",
        "GIT_DIR": str(folder.absolute()),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_ALLOW_PROTOCOL": transport,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _first_line(output: bytes) -> str:
    return output.decode(errors="replace").strip().partition("\n")[0][:300] or "failed without a message"
