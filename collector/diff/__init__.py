"""Two states in, typed changes and a reason out. Renders nothing."""

from collector.diff.differ import Differ, compare

__all__ = ["Differ", "compare"]
