"""Exports of an archive, compared with the git repository that it came from."""

from __future__ import annotations

import hashlib
import io
import subprocess
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from collector.archive.export import ClassicExporter
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.commit_times import read_commit_times
from collector.importer.log import iter_changes
from collector.importer.source_repository import main_branch
from collector.importer.sources import FOLDER, parse_page_path
from collector.model.references import Repository


class Checked(NamedTuple):
    """One version of a page."""

    name: str
    """`python:3.6 in git:<commit>`."""
    year: str
    blob: str
    """The id of the blob; empty if the page was deleted."""
    is_same: bool


def iter_checked(git_dir: Path, archive: Archive, images: Collection[Repository] = ()) -> Iterator[Checked]:
    """Export every version of every page from the archive, and compare it with the hash in git."""
    wanted: dict[tuple[Repository, str, str], str] = {}
    for change in iter_changes(git_dir, read_commit_times(git_dir, main_branch(git_dir)), FOLDER):
        page = parse_page_path(change.path)
        if page and page.kind == "remote" and (not images or page.repository in images):
            wanted[page.repository, page.tag, f"git:{change.commit.id}"] = change.blob
    for repository in archive.repositories():
        holdings = archive.load(repository)
        exporter = ClassicExporter(holdings)
        for tag in holdings.tags:
            for seen in holdings.observations[tag]:
                blob = wanted.pop((repository, seen.tag, seen.source))
                raw = exporter.page(seen)
                name = f"{repository}:{tag} in {seen.source}"
                yield Checked(name, seen.time[:4], blob, blob == ("" if raw is None else blob_id(raw)))
    for (repository, tag, source), blob in wanted.items():
        yield Checked(f"{repository}:{tag} in {source}", "", blob, False)


def blob_id(raw: bytes) -> str:
    """The id of a blob in git."""
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def exported(archive: Archive) -> dict[str, bytes]:
    """The newest classic tree: path → page."""
    tree = {}
    for repository in archive.repositories():
        for tag, raw in ClassicExporter(archive.load(repository)).iter_pages():
            tree[f"repos/{repository.familiar}/remote/{tag}.md"] = raw
    return tree


def journals(root: Path) -> dict[str, bytes]:
    """The files of an archive: path → content. Equal archives have equal files."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def show(git_dir: Path, names: Sequence[str]) -> list[bytes | None]:
    """The content of each `<commit>:<path>` in git; None if it does not exist."""
    command = ["git", "-C", str(git_dir), "cat-file", "--batch"]
    asked = "".join(f"{name}\n" for name in names).encode()
    output = io.BytesIO(subprocess.run(command, check=True, capture_output=True, input=asked).stdout)
    found: list[bytes | None] = []
    for _ in names:
        header = output.readline()
        is_there = not header.endswith(b" missing\n")
        found.append(output.read(int(header.split()[-1]) + 1)[:-1] if is_there else None)
    return found


def expect_whole(git_dir: Path, root: Path) -> Archive:
    """Assert that the archive exports every page in git byte for byte, and has no faults."""
    archive = Archive(root)
    assert [one.name for one in iter_checked(git_dir, archive) if not one.is_same] == []
    assert list(verify(archive)) == []
    return archive
