"""Questions to an archive, answered as values: where a digest was in use, what a tag pointed at."""
