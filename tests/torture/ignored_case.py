"""File systems that ignore case, if this machine has them: nothing is lost without a message."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from collector.archive.store import Archive
from collector.archive.tree import ClassicTree
from collector.archive.verify import verify
from collector.cli.pages import write_pages
from collector.errors import ArchiveError, BuildError, RepoInfoError
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from collector.site.build import BuildOptions, build_site
from tests.pages.archives import Seen, alone, day, write_archive
from tests.support.archives import docker_image, single
from tests.support.folders import read_folder
from tests.support.histories import History, page
from tests.support.pages import page_of
from tests.torture.report import Check

_BYTES = 256 * 2**20


class FileSystem(NamedTuple):
    """The commands that make a file system in a file, and mount it."""

    name: str
    make: tuple[str, ...]
    mount: tuple[str, ...]
    after: tuple[str, ...] = ()
    """Run in the mounted folder."""


FILE_SYSTEMS = (
    FileSystem("ext4, casefold", ("mkfs.ext4", "-q", "-O", "casefold", "-E", "encoding=utf8", "DISK"),
               ("mount", "-o", "loop", "DISK", "FOLDER"), ("chattr", "+F", "FOLDER")),
    FileSystem("vfat", ("mkfs.vfat", "DISK"), ("mount", "-o", "loop", "DISK", "FOLDER")),
    FileSystem("NTFS, ignore_case", ("mkfs.ntfs", "-F", "-Q", "DISK"),
               ("lowntfs-3g", "-o", "ignore_case", "DISK", "FOLDER")),
    FileSystem("exFAT", ("mkfs.exfat", "DISK"), ("mount.exfat-fuse", "LOOP", "FOLDER")),
)  # fmt: skip


@contextmanager
def mounted(system: FileSystem, folder: Path) -> Iterator[Path | str]:
    """The folder of a new file system, or the reason why there is none."""
    disk, place = folder / "disk", folder / "mounted"
    place.mkdir(parents=True)
    with disk.open("wb") as file:
        file.truncate(_BYTES)
    loop = ""
    try:
        _run(system.make, disk, place, loop)
        if "LOOP" in system.mount:
            loop = _run(("losetup", "--find", "--show", "DISK"), disk, place, loop).strip()
        _run(system.mount, disk, place, loop)
    except (OSError, subprocess.CalledProcessError) as error:
        yield str(getattr(error, "stderr", "") or error).strip().splitlines()[0].replace(f"{place}: ", "")
        return
    try:
        if system.after:
            own = place / "own"
            own.mkdir()
            _run(system.after, disk, own, loop)
        yield place / "own" if system.after else place
    finally:
        subprocess.run(["umount", str(place)], check=False)
        if loop:
            subprocess.run(["losetup", "--detach", loop], check=False)


def _run(command: Sequence[str], disk: Path, place: Path, loop: str) -> str:
    values = {"DISK": str(disk), "FOLDER": str(place), "LOOP": loop}
    words = [values.get(word, word) for word in command]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if not shutil.which(words[0], path=path):
        raise FileNotFoundError(f"{words[0]} is not installed")
    done = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, "PATH": path})
    return done.stdout


def check_ignored_case(folder: Path) -> Iterator[Check]:
    """Try every file system."""
    for number, system in enumerate(FILE_SYSTEMS):
        with mounted(system, folder / str(number)) as place:
            if isinstance(place, str):
                yield Check(group=f"{system.name}: not here ({place})", name="")
                continue
            for trial in TRIALS:
                here, elsewhere = place / trial.__name__, folder / f"{number}-{trial.__name__}"
                here.mkdir()
                elsewhere.mkdir()
                yield Check(group=system.name, name=trial.__name__, problems=tuple(_problems(trial, here, elsewhere)))


def _problems(trial: Callable[[Path, Path], Iterator[str]], here: Path, elsewhere: Path) -> Iterator[str]:
    try:
        yield from trial(here, elsewhere)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is counted
        yield f"{type(error).__name__}: {error}"


def _seen(*tags: str) -> list[Seen]:
    return [Seen(tag=tag, state=alone(docker_image(tag)), time=day(1)) for tag in tags]


def _without_case(files: dict[str, bytes]) -> dict[str, bytes]:
    """Some file systems list every name in lower case."""
    return {path.casefold(): content for path, content in files.items()}


def _fails(work: Callable[[], object], *kinds: type[RepoInfoError]) -> Iterator[str]:
    """A problem unless the action is refused with a message."""
    try:
        work()
    except kinds as error:
        if "case" not in f"{error} {error.hint}":
            yield f"does not tell why: {error}"
    else:
        yield "was not refused"


def import_tags(here: Path, elsewhere: Path) -> Iterator[str]:
    """Two tags whose names differ in case are lines of one journal."""
    history = History(elsewhere / "source.git")
    for tag in ("latest", "Latest"):
        history.commit({page("tool", tag): page_of("tool", tag, single(docker_image(tag)))})
    archives = [Archive(folder / "archive", create=True) for folder in (here, elsewhere)]
    for archive in archives:
        import_source(history.path, archive)
    if read_folder(archives[0].root) != read_folder(archives[1].root):
        yield "the archive differs"
    yield from map(str, verify(archives[0]))


def two_registries(here: Path, elsewhere: Path) -> Iterator[str]:
    """Two registries would have one folder."""
    root = write_archive(here / "archive", **{"host.example/app": _seen("1")})
    yield from _fails(lambda: write_archive(root, **{"Host.example/app": _seen("2")}), ArchiveError)
    yield from _fails(lambda: Archive(root).load(parse_repository("Host.example/app")), ArchiveError)
    yield from map(str, verify(Archive(root)))


def build_tags(here: Path, elsewhere: Path) -> Iterator[str]:
    """A first site."""
    archive = write_archive(elsewhere / "archive", tool=_seen("1", "Latest", "latest"))
    yield from _fails(lambda: build_site(archive, here / "site", BuildOptions(jobs=1)), BuildError)
    if (here / "site").exists():
        yield "there is a site"


def rebuild_tags(here: Path, elsewhere: Path) -> Iterator[str]:
    """A correct site, to which a tag is added whose name differs only in case."""
    archive = write_archive(elsewhere / "archive", tool=_seen("1", "Latest"))
    for folder in (here, elsewhere):
        build_site(archive, folder / "site", BuildOptions(jobs=1))
    before, expected = (read_folder(folder / "site") for folder in (here, elsewhere))
    if _without_case(before) != _without_case(expected):
        yield "the site differs"
    write_archive(archive, tool=_seen("latest"))
    yield from _fails(lambda: build_site(archive, here / "site", BuildOptions(jobs=1)), BuildError)
    if before != read_folder(here / "site"):
        yield "the site was changed"


def export_tags(here: Path, elsewhere: Path) -> Iterator[str]:
    """One of two tags is exported, and the other reported; after a change of case the page is there."""
    history = History(elsewhere / "source.git")
    history.commit({page("tool", "latest"): page_of("tool", "latest", single(docker_image("a")))})
    history.commit({page("tool", "Latest"): page_of("tool", "Latest", single(docker_image("b")))})
    archive = Archive(elsewhere / "archive", create=True)
    import_source(history.path, archive)
    tree = ClassicTree(here / "tree")
    tree.export(archive.load(parse_repository("tool")))
    if len(tree.report.failed) != 1 or "case" not in tree.report.failed[0] or tree.report.pages != 1:
        yield f"not reported: {tree.report}"
    if len(read_folder(here / "tree")) != 1:
        yield "the page is not there"


def pages_tags(here: Path, elsewhere: Path) -> Iterator[str]:
    """Pages of two tags."""
    archive = Archive(write_archive(elsewhere / "archive", tool=_seen("1", "Latest", "latest")))
    yield from _fails(lambda: write_pages(archive, here / "files"), BuildError)


TRIALS = (import_tags, two_registries, build_tags, rebuild_tags, export_tags, pages_tags)
