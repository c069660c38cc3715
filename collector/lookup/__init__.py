"""Answers questions about an archive with values: where a digest was in use, what a tag pointed at."""
