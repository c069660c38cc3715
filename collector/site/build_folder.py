"""The folder beside the site in which the next site is made ready, and how it then takes the old one's place.

    .site.build/          for a site in `site/`
    ├── lock              held while a build runs
    ├── state             what the last build was made from
    ├── records/          the same in detail, a file for each task
    ├── tree/             a first site; renamed to `site` when it is whole
    ├── stage/            of a later one: the files that are new or differ
    ├── state.next        becomes `state` in the end
    ├── journal.new       becomes `journal`
    └── journal           the moves and removals that make the new site of the old one

Until the journal stands, the site is the old one. A build that is killed after that is finished by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from collector.errors import BuildError
from collector.site.destination import MARK, Fresh, Output, Update, staged
from collector.site.move_journal import Draft, iter_journal
from collector.site.record_store import Shelf


class Workbench(msgspec.Struct, frozen=True, kw_only=True):
    """The folder beside one site."""

    site: Path
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def shelf(self) -> Shelf:
        return Shelf(folder=self.folder / "records")

    @property
    def is_first(self) -> bool:
        """Whether there is no site yet."""
        return not (self.site / MARK).is_file()

    def output(self) -> Output:
        """Where the files of the next site go."""
        if self.is_first:
            return Fresh(folder=self.folder / "tree")
        return Update(site=self.site, stage=self.folder / "stage")

    @contextmanager
    def drafting(self) -> Iterator[Draft]:
        """The next journal, to be written while the files of the next site are made."""
        with (self.folder / "journal.new").open("wb") as file:
            yield Draft(file)

    def publish(self, state: bytes) -> None:
        """Make the next site the site, as the draft says.

        Raises:
            BuildError: the site's folder cannot be changed.
        """
        try:
            (self.folder / "state.next").write_bytes(state)
            if self.is_first:
                # A rename onto an empty folder is allowed, and nothing else was let through.
                (self.folder / "tree").rename(self.site)
                (self.folder / "state.next").rename(self.state)
            else:
                (self.folder / "journal.new").rename(self.folder / "journal")
                self.recover()
        except OSError as error:
            raise BuildError(f"cannot change {self.site}: {error}", hint="the next build goes on from here") from error

    def recover(self) -> None:
        """Do what the journal says, as far as it is not done; then clear."""
        journal = self.folder / "journal"
        if journal.is_file() and not self.is_first:
            self._apply(journal)
            with suppress(FileNotFoundError):
                (self.folder / "state.next").rename(self.state)
        journal.unlink(missing_ok=True)
        self.clear()

    def clear(self) -> None:
        """Throw away what a build left, unless a journal still needs it."""
        if (self.folder / "journal").is_file():
            return
        for name in ("journal.new", "state.next"):
            (self.folder / name).unlink(missing_ok=True)
        for name in ("tree", "stage"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _apply(self, journal: Path) -> None:
        # What is removed may stand where something is moved to. Not by Path: on most days there are thousands.
        for path in iter_journal(journal, "remove"):
            _remove(str(self.site), path)
        stage = self.folder / "stage"
        for path in iter_journal(journal, "move"):
            _move(staged(stage, path), f"{self.site}/{path}")


@contextmanager
def open_workbench(site: Path) -> Iterator[Workbench]:
    """The workbench of a site, for this process alone; what an earlier build left undone is done.

    Raises:
        BuildError: another build of this site runs, or its folder holds something that we did not build.
    """
    site = site.absolute()
    if site.exists() and not _is_ours(site):
        raise BuildError(f"{site} is not a site built by repo-info", hint="choose a new or empty folder")
    bench = Workbench(site=site, folder=site.with_name(f".{site.name}.build"))
    bench.folder.mkdir(parents=True, exist_ok=True)
    with (bench.folder / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build of {site} is running", hint="wait for it to end") from None
        bench.recover()
        for name in ("tree", "stage"):
            (bench.folder / name).mkdir()
        try:
            yield bench
        finally:
            bench.clear()


def finish_build(site: Path) -> None:
    """Finish what a killed build of this site left undone, where there is something.

    Raises:
        BuildError: a build of this site runs.
    """
    if (site.with_name(f".{site.name}.build") / "journal").is_file():
        with open_workbench(site):
            pass


def _is_ours(site: Path) -> bool:
    return site.is_dir() and ((site / MARK).is_file() or not any(site.iterdir()))


def _move(source: str, target: str) -> None:
    try:
        os.replace(source, target)  # noqa: PTH105
    except FileNotFoundError:
        # Its folder is new; or it was moved already, before a build was killed.
        if Path(source).exists():
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            Path(source).replace(target)


def _remove(site: str, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    # Where a build was killed, a folder may have taken the file's place already, or a file that of its folder.
    with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
        os.unlink(f"{site}/{path}")  # noqa: PTH108
    with suppress(OSError):
        while path := path.rpartition("/")[0]:
            os.rmdir(f"{site}/{path}")  # noqa: PTH106
