"""The archive's journals on disk. Only this room depends on their layout."""
