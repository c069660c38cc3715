"""The selection of tags and repositories for a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from collector.configuration import Configuration, ImageTable, LibraryTable
from collector.errors import InvalidValue, UsageError
from collector.model.library import MAX_CHARACTERS, parse_library
from collector.model.references import Repository, Tag, names_digest, parse_asked, parse_repository, parse_tag

_MARKS = frozenset("*?[")


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A selection of tags of one repository."""

    names: tuple[Tag, ...] = ()
    """Tags given by name."""
    patterns: tuple[str, ...] = ()
    """Patterns that select from the registry's list of tags."""
    exclude: tuple[str, ...] = ()

    def choose(self, listed: Iterable[Tag]) -> list[Tag]:
        """The tags to look at: the named ones in their order, then those of the registry's list that match.

        `*` alone means all tags for people: signatures and lists of referrers are left out.
        """
        fitting = (tag for tag in listed if any(_fits(tag, pattern) for pattern in self.patterns))
        chosen = dict.fromkeys([*self.names, *fitting])
        return [tag for tag in chosen if not any(fnmatchcase(tag, pattern) for pattern in self.exclude)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The wanted tags of one repository: those in any of the selections."""

    repository: Repository
    selections: tuple[Selection, ...]

    @property
    def has_patterns(self) -> bool:
        """Whether the registry has to list its tags."""
        return any(selection.patterns for selection in self.selections)

    def choose(self, listed: Iterable[Tag]) -> list[Tag]:
        """The tags to look at, each once."""
        listed = list(listed)
        return list(dict.fromkeys(tag for selection in self.selections for tag in selection.choose(listed)))


def _fits(tag: Tag, pattern: str) -> bool:
    return not names_digest(tag) if pattern == "*" else fnmatchcase(tag, pattern)


def merge(wanted: Iterable[Wanted]) -> list[Wanted]:
    """One `Wanted` for each repository, even if the repository was given several times or by different names."""
    merged: dict[Repository, Wanted] = {}
    for one in wanted:
        before = merged.get(one.repository)
        selections = (*(before.selections if before else ()), *one.selections)
        merged[one.repository] = Wanted(repository=one.repository, selections=selections)
    return list(merged.values())


def from_arguments(arguments: Iterable[str]) -> list[Wanted]:
    """The images and tags of the command line.

    Raises:
        UsageError: an argument names no image, or no tag.
    """
    return [_of_image(table) for table in tables_of(arguments)]


def tables_of(arguments: Iterable[str]) -> tuple[ImageTable, ...]:
    """The same as `repo-info.toml` would list them: `IMAGE` for all tags, `IMAGE:TAG` for one.

    Compose files and Renovate write `IMAGE:TAG@DIGEST`; the tag is collected, whatever it points at now.

    Raises:
        UsageError: an argument names no image, or no tag.
    """
    tables: dict[str, list[str]] = {}
    for argument in arguments:
        name, pin, _ = argument.partition("@")
        head, colon, last = name.rpartition(":")
        image, tag = (head, last) if colon and "/" not in last else (name, "")
        if pin and not (tag and parse_asked(argument).digest):
            raise UsageError(f"{argument[:300]!r}: collect follows tags, not digests or dates", hint="write IMAGE:TAG")
        tables.setdefault(image, []).append(tag if colon and "/" not in last else "*")
    found = tuple(ImageTable(name=name, tags=tuple(tags)) for name, tags in tables.items())
    for table in found:
        _of_image(table)
    return found


def from_configuration(configuration: Configuration, folder: Path) -> list[Wanted]:
    """The images and tags of a `repo-info.toml` in `folder`.

    Raises:
        UsageError: a name is invalid, or a definition file cannot be read.
    """
    wanted = [_of_image(table) for table in configuration.images]
    for table in configuration.libraries:
        wanted += _of_library(table, folder)
    return wanted


def _of_image(table: ImageTable) -> Wanted:
    try:
        repository = parse_repository(table.name)
        names = tuple(parse_tag(tag) for tag in table.tags if not _MARKS & set(tag))
    except InvalidValue as error:
        raise UsageError(f"{table.name[:200]!r}: {error}", hint=error.hint) from None
    patterns = tuple(tag for tag in table.tags if _MARKS & set(tag))
    selection = Selection(names=names, patterns=patterns, exclude=table.exclude)
    return Wanted(repository=repository, selections=(selection,))


def _of_library(table: LibraryTable, folder: Path) -> Iterator[Wanted]:
    for path in _files(folder / table.path):
        if not any(fnmatchcase(path.name, pattern) for pattern in table.images):
            continue
        try:
            with path.open(encoding="utf-8") as file:
                entries = parse_library(file.read(MAX_CHARACTERS + 1), str(path))
            repository = parse_repository(f"{table.namespace}/{path.name}")
        except (OSError, UnicodeDecodeError, InvalidValue) as error:
            raise UsageError(
                f"{path}: {error}", hint="check that it is a definition file of Docker's Official Images"
            ) from None
        tags = dict.fromkeys(tag for entry in entries for tag in (*entry.tags, *entry.shared_tags))
        selection = Selection(names=tuple(tags), exclude=table.exclude)
        yield Wanted(repository=repository, selections=(selection,))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if path.is_file():
        return [path]
    raise UsageError(f"{path}: not found", hint="`path` is relative to the folder of repo-info.toml")
