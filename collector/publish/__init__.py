"""An archive in a repository of its own: the files that `init` writes."""
