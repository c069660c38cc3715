"""How long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Receives how much is done, of how much is known of so far."""


def no_progress(done: int, total: int) -> None:
    """For work without a progress bar."""
