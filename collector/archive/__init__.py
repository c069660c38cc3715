"""Journals on disk: the archive's only keeper. Nothing outside this room knows how it is laid out."""
