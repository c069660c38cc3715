"""The program in separate processes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-c", "from collector.cli import main; main(prog_name='repo-info')"]


def start(*arguments: str | Path, environment: dict[str, str] | None = None, **pipes: int) -> subprocess.Popen[bytes]:
    """Start it; `pipes` are stdout and stderr."""
    variables = {**os.environ, **(environment or {})}
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=pipes.get("stdout"),
        stderr=pipes.get("stderr"),
        env=variables,
    )


def on_a_terminal(*arguments: str | Path, stream: str = "stdout", environment: dict[str, str] | None = None) -> str:
    """The output to a terminal that is its standard output or error."""
    ours, theirs = pty.openpty()
    other = {"stdout": "stderr", "stderr": "stdout"}[stream]
    process = start(*arguments, environment=environment, **{stream: theirs, other: subprocess.DEVNULL})
    os.close(theirs)
    output = read_terminal(ours)
    assert process.wait() == 0
    return output.decode().replace("\r\n", "\n")


def read_terminal(terminal: int) -> bytes:
    """Everything that is written to a terminal until its last writer closes it; then the terminal is closed."""
    output = b""
    try:
        while block := os.read(terminal, 65536):
            output += block
    except OSError:  # Linux reports the end in this way
        pass
    os.close(terminal)
    return output
