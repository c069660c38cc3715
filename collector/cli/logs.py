"""The log of a long run, for people and machines: a line for each event, with time, level and `name=value`.

2026-11-20T08:00:00Z info image=python tag=3.6-slim event=changed digest=sha256:…
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from collector.cli.terminal import OutputClosed, visible, without_user_information, write
from collector.errors import UsageError
from collector.model.times import time_of


class _Formatter(logging.Formatter):
    """Formats an event as one line, whatever it contains."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time_of(datetime.fromtimestamp(record.created, UTC))
        return visible(without_user_information(f"{moment} {record.levelname.lower()} {record.getMessage()}"))


class _Terminal(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OutputClosed):
            line = f"repo-info: {without_user_information(record.getMessage())}"
            write(self.format(record) if self.formatter else line, err=True)


@contextmanager
def logs(file: Path | None, *, verbose: bool) -> Iterator[None]:
    """A context in which events are appended to a file, and printed on standard error if `verbose`. Warnings are always
    printed.

    Raises:
        UsageError: the file cannot be written.
    """
    root = logging.getLogger("collector")
    terminal = _Terminal()
    handlers: list[tuple[logging.Logger, logging.Handler]] = [(root, logging.NullHandler())]
    if file is not None:
        try:
            handler: logging.Handler = logging.FileHandler(file, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{file}: {error.strerror}", hint="name a file that can be written with --log") from None
        handlers.append((root, handler))
        handler.setFormatter(_Formatter())
    if verbose:
        terminal.setFormatter(_Formatter())
        handlers.append((root, terminal))
    else:
        # Warnings of registries for people; failures are printed together at the end.
        terminal.setLevel(logging.WARNING)
        handlers.append((logging.getLogger("collector.registry"), terminal))
    level, propagates = root.level, root.propagate
    root.setLevel(logging.INFO)
    root.propagate = False
    for logger, handler in handlers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(level)
        root.propagate = propagates
        for logger, handler in handlers:
            logger.removeHandler(handler)
            handler.close()
