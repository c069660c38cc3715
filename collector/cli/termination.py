"""Requests to end: SIGTERM and SIGHUP end a run as Ctrl-C does, so that temporary folders are removed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)


class Terminated(KeyboardInterrupt):
    """The process was asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        """The number of the signal."""


@contextmanager
def ends_when_asked() -> Iterator[None]:
    """Raise `Terminated` once if one of the signals arrives, and is not ignored or handled already."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may handle signals
        yield
        return
    ours = [number for number in _REQUESTS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second request must not interrupt the cleanup
    raise Terminated(number)
