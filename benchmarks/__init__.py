"""Measurements of time, memory and size: `make bench`, or `python -m benchmarks`."""
