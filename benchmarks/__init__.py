"""What is claimed about speed and size, runnable by anyone: `make bench`, or `python -m benchmarks`."""
