"""The archive as a whole: its repositories, the facts of each, and the lock for writing."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from collector.archive import header, layout
from collector.archive.as_of import beginning, load_until
from collector.archive.contents import load_contents
from collector.archive.holdings import Holdings, load_holdings
from collector.archive.scan import (
    load_observations,
    repositories_mentioning,
    repositories_naming_package,
    repositories_with_value,
)
from collector.archive.tag_facts import load_tags
from collector.archive.writer import RepositoryWriter
from collector.errors import ArchiveError, NotFound, naming
from collector.model.digests import DigestPrefix
from collector.model.references import Repository, original_of
from collector.model.times import Time


class JournalsKey(NamedTuple):
    """Identifies the content of a repository's journals."""

    key: str
    size: int
    """Bytes."""


class Archive:
    """The folder of an archive that this program can read."""

    def __init__(self, root: Path, *, create: bool = False) -> None:
        """Open the archive at `root`, or make an empty one there.

        Raises:
            ArchiveError: there is no archive, or it cannot be used.
            NewerArchive: its format is newer than this program.
        """
        if create:
            header.create(root)
        header.read_format(root)
        self.root = root

    @property
    def format(self) -> int:
        """The version of its format, as it is now.

        Raises:
            ArchiveError: its header is damaged; NewerArchive if it is of a later format.
        """
        return header.read_format(self.root)

    def repositories(self) -> list[Repository]:
        """Every repository that has facts, by full name.

        Raises:
            ArchiveError: a folder is a link.
        """
        return list(layout.iter_repositories(self.root))

    def load(self, repository: Repository, *, until: Time | None = None) -> Holdings:
        """All facts of a repository. `until`: a past moment; only facts that were recorded until then count.

        Raises:
            NotFound: the archive has no such repository.
        """
        folder = layout.folder_of(self.root, repository)
        if not layout.journals_of(self.root, repository):
            original = original_of(repository)
            hint = f"that is a copy of {original} on Docker Hub" if original else "search for it with `repo-info find`"
            raise NotFound(f"{repository.familiar}: no such image in the archive {self.root}", hint=hint)
        return load_until(folder, repository, until) if until else load_holdings(self.root, repository)

    def load_observations(self, repository: Repository) -> Holdings:
        """The observations alone, in a fraction of the time: tags and periods without states."""
        layout.journals_of(self.root, repository)
        return load_observations(self.root, repository)

    def load_contents(self, repository: Repository) -> Holdings:
        """The facts that say which layers and steps each image has, and when tags pointed at it."""
        layout.journals_of(self.root, repository)
        return load_contents(self.root, repository)

    def load_tags(self, repository: Repository, tags: Collection[str]) -> Holdings:
        """The facts that these tags need, in half of the time that all of them take."""
        layout.journals_of(self.root, repository)
        return load_tags(self.root, repository, tags)

    def mentioning(self, prefix: DigestPrefix) -> list[Repository]:
        """The repositories that may contain a digest with this prefix, found without decoding their facts."""
        return list(repositories_mentioning(self.root, prefix))

    def naming_package(self, name: str) -> list[Repository]:
        """The repositories that may have a package or source package of this name, found without decoding."""
        return list(repositories_naming_package(self.root, name))

    def with_value(self, value: str) -> list[Repository]:
        """The repositories that may have a variable or annotation with such a beginning, found without decoding."""
        return list(repositories_with_value(self.root, value))

    def journal_bytes(self, repository: Repository, *, until: Time | None = None) -> Iterator[bytes]:
        """The exact content of the journals, oldest first. The cache keys of a build depend on it.

        Args:
            until: a past moment; lines that were written later are left out.
        """
        for path in layout.journals_of(self.root, repository):
            content = beginning(path.name, path.read_bytes(), until) if until else path.read_bytes()
            if content:
                yield path.name.encode() + b"\0" + content

    def journals_key(self, repository: Repository, *, until: Time | None = None) -> JournalsKey:
        """The hash and the length of that content."""
        digest, size = hashlib.sha256(), 0
        for content in self.journal_bytes(repository, until=until):
            digest.update(content)
            size += len(content)
        return JournalsKey(digest.hexdigest(), size)

    def size(self, repository: Repository) -> int:
        """The size of a repository's journals in bytes."""
        return sum(path.stat().st_size for path in layout.journals_of(self.root, repository))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock the archive for writing: one writer at a time.

        Raises:
            ArchiveError: another process is writing to it.
        """
        with (self.root / header.HEADER).open("rb") as file:
            try:
                with naming(self.root / "archive.json"):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                hint = "wait until that process is done, then run the same command again"
                raise ArchiveError(f"{self.root}: another process is writing to it", hint=hint) from None
            yield

    def writer(self, repository: Repository) -> RepositoryWriter:
        """A writer for one repository, to be used inside `writing`.

        Raises:
            ArchiveError: the repository's folder or a journal is a link.
        """
        layout.journals_of(self.root, repository)
        holdings = load_holdings(self.root, repository)
        return RepositoryWriter(layout.folder_of(self.root, repository), holdings, format_=self.format)
