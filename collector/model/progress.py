"""The progress of long work."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Receives the amount of work done, and the total known so far."""


def no_progress(done: int, total: int) -> None:
    """For work without a progress bar."""
