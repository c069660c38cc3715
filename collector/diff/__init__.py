"""Compares two states; returns typed changes and reasons. Renders nothing."""

from collector.diff.differ import Differ, compare

__all__ = ["Differ", "compare"]
