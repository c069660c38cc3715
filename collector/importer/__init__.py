"""Taking over an existing repo-info archive, with all its history, from a git repository or bundle."""
