"""Imports an existing repo-info archive, with its whole history, from a git repository or bundle."""
