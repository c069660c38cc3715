"""Files whose names differ only in case, which some file systems treat as one file."""

from __future__ import annotations

from pathlib import Path

SAME_FILE = "to this file system, which ignores upper and lower case, it is the same file as"


def ignores_case(path: Path) -> bool:
    """Whether an existing file is also found under another spelling of its name. Inode numbers do not tell: some file
    systems make one up for each spelling.
    """
    names = {one.name for one in path.parent.iterdir()}
    spelled = {path.name.upper(), path.name.lower(), path.name.swapcase()}
    return any((path.parent / name).exists() for name in spelled - names)


class SpelledNames:
    """The names of files that were written into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: set[str] = set()
        self._spelled: dict[str, str] = {}
        """A name in lower case → the spelling that was written first."""

    def add(self, name: str) -> None:
        """Add a name. It may contain slashes."""
        self._names.add(name)
        self._spelled.setdefault(name.casefold(), name)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def same_file(self, name: str) -> str:
        """The name, already written, of the same file on this file system; empty if there is none."""
        other = self._spelled.get(name.casefold(), name)
        if other == name or not (self._folder / other).exists():
            return ""
        return other if ignores_case(self._folder / other) else ""
