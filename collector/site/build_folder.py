"""The folder beside the site in which the next site is prepared.

    .site.build/          for a site in `site/`
    ├── .repo-info-build  the mark, without which a folder of this name is refused
    ├── lock              held while a build runs
    ├── state             the inputs of the last build
    ├── records/          the details, a file for each task
    ├── bases/            outlines of repositories, and which images were built on which
    ├── tree/             a first site; renamed to `site` when it is complete
    ├── stage/            of a later one: the files that are new or differ
    ├── state.next        becomes `state` in the end
    ├── journal.new       becomes `journal`
    └── journal           the moves and removals from the old site to the new one

The site is the old one until the journal exists. If a build is killed after that, the next build finishes it.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from collector.archive.name_case import ignores_case
from collector.errors import BuildError, naming
from collector.site.base_cache import BaseCache
from collector.site.destination import MARK, Destination, NewFolder, UpdateInPlace
from collector.site.move_journal import MoveJournal
from collector.site.record_store import RecordStore

BUILD_MARK = ".repo-info-build"


class BuildFolder(msgspec.Struct, frozen=True, kw_only=True):
    """The folder beside one site."""

    site: Path
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def records(self) -> RecordStore:
        return RecordStore(folder=self.folder / "records")

    @property
    def ignores_case(self) -> bool:
        """Whether names that differ in upper and lower case only are one to the file system."""
        return ignores_case(self.folder / BUILD_MARK)

    def bases(self, program: str, processes: int) -> BaseCache:
        """What was found of base images. `program`: the key of this program."""
        return BaseCache(folder=self.folder / "bases", program=program, processes=processes)

    @property
    def destination(self) -> Destination:
        """The destination of the next site's files."""
        if self._has_site:
            return self._update
        return NewFolder(folder=self.folder / "tree", site=self.site)

    @contextmanager
    def open_journal(self) -> Iterator[MoveJournal]:
        """The next journal, which is written while the files of the next site are made."""
        with naming(self._update.draft), self._update.draft.open("wb") as file:
            yield MoveJournal(file)

    def publish(self, state: bytes) -> None:
        """Replace the site with the received files.

        Raises:
            BuildError: the site's folder cannot be changed.
        """
        try:
            self._next_state.write_bytes(state)
            self.destination.publish()
            self._finish()
        except OSError as error:
            raise BuildError(
                f"cannot change {self.site}: {error}", hint="repair this, then build again: the next build continues"
            ) from error

    def recover(self) -> None:
        """Finish publishing what a killed build had begun to publish, then clear the folder."""
        if self._update.journal.is_file() and self._has_site:
            self._update.apply()
            self._finish()
        self._update.journal.unlink(missing_ok=True)
        self.clear()

    def clear(self) -> None:
        """Remove the remains of a build, unless a journal still needs them."""
        if self._update.journal.is_file():
            return
        for path in (self._update.draft, self._next_state):
            path.unlink(missing_ok=True)
        for name in ("tree", "stage"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _finish(self) -> None:
        with suppress(FileNotFoundError):
            self._next_state.rename(self.state)
        self._update.journal.unlink(missing_ok=True)

    @property
    def _has_site(self) -> bool:
        return (self.site / MARK).is_file()

    @property
    def _next_state(self) -> Path:
        return self.folder / "state.next"

    @property
    def _update(self) -> UpdateInPlace:
        return UpdateInPlace(
            site=self.site,
            stage=self.folder / "stage",
            draft=self.folder / "journal.new",
            journal=self.folder / "journal",
        )


@contextmanager
def open_build_folder(site: Path) -> Iterator[BuildFolder]:
    """Lock the build folder of a site for this process, and finish a killed build first.

    Raises:
        BuildError: another build of this site is running, or its folder contains files that no build made.
    """
    site = _resolve(site)
    if site.exists() and not _is_ours(site):
        raise BuildError(f"{site} is not a site built by repo-info", hint="choose a new or empty folder")
    build = BuildFolder(site=site, folder=_folder_of(site))
    _prepare(build.folder)
    with (build.folder / "lock").open("wb") as lock:
        try:
            with naming(build.folder / "lock"):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build of {site} is running", hint="wait for it to end") from None
        build.recover()
        for name in ("tree", "stage"):
            (build.folder / name).mkdir()
        try:
            yield build
        finally:
            build.clear()


def finish_build(site: Path) -> None:
    """Finish a killed build of this site, if there is one.

    Raises:
        BuildError: a build of this site is running.
    """
    if (_folder_of(_resolve(site)) / "journal").is_file():
        with open_build_folder(site):
            pass


def _resolve(site: Path) -> Path:
    """The folder of the site, even if `site` is a link to it, because a new site cannot replace a link.

    Raises:
        BuildError: the link leads to itself.
    """
    try:
        return site.resolve() if site.is_symlink() else site.absolute()
    except (OSError, RuntimeError):
        raise BuildError(f"{site} is a link that leads to itself", hint="choose a folder") from None


def _folder_of(site: Path) -> Path:
    return site.with_name(f".{site.name}.build")


def _prepare(folder: Path) -> None:
    """Make the build folder, or check that an earlier build made it, so that everything in it may be removed.

    Raises:
        BuildError: another file or folder has its name.
    """
    if folder.is_symlink():
        raise BuildError(f"{folder} is a link", hint="remove the link, and build again")
    folder.mkdir(parents=True, exist_ok=True)
    entries = sorted(folder.iterdir())
    for entry in entries:
        if entry.is_symlink():
            raise BuildError(f"{entry} is a link", hint=f"remove {folder}, and build again")
    if entries and folder / BUILD_MARK not in entries:
        raise BuildError(f"{folder} was not made by repo-info", hint="move it elsewhere, and build again")
    (folder / BUILD_MARK).touch()


def _is_ours(site: Path) -> bool:
    return site.is_dir() and ((site / MARK).is_file() or not any(site.iterdir()))
