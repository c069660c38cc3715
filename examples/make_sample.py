"""Makes `examples/archive` anew from the real data: `python examples/make_sample.py`.

A few images of the real history become a small git repository, with the times of their commits, and the
importer takes that over. The same data gives the same bytes.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.importer.commit_times import read_commit_times
from collector.importer.git_objects import reading_objects
from collector.importer.log import PathChange, iter_changes
from collector.importer.source_repository import main_branch, open_source
from collector.importer.sources import FOLDER, parse_page_path
from collector.model.times import Time, parse_http_date

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = "repo-info-2018.bundle"
MODERN = "pages-modern"

WHOLE = {"hello-world", "alpine"}
PYTHON = set(
    """
    latest 3 3.6 3.6.3 3.6.4 3.6-stretch 3.6.4-stretch
    slim 3-slim 3.6-slim 3.6.3-slim 3.6.4-slim 3.6-slim-stretch 3.6.4-slim-stretch
    3.6-windowsservercore 3.6.1-windowsservercore 3.6.4-windowsservercore 3.6.4-windowsservercore-ltsc2016
    """.split()
)
COMMITTER = "repo-info sample <sample@repo-info.invalid>"

_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


def is_wanted(path: bytes) -> bool:
    """Whether a path is a page of the sample."""
    page = parse_page_path(path)
    if page is None or page.kind != "remote":
        return False
    name = page.repository.familiar
    return name in WHOLE or (name == "python" and page.tag in PYTHON)


def newest_date(page: str) -> Time:
    """The latest date that a page names: it cannot have been written before."""
    return max(parse_http_date(text) for text in _DATE.findall(page))


def iter_real_commits(bundle: Path) -> Iterator[bytes]:
    """The wanted part of the real history, for `git fast-import`."""
    with open_source(bundle) as git_dir, reading_objects(git_dir) as read_objects:
        changes = [
            change
            for change in iter_changes(git_dir, read_commit_times(git_dir, main_branch(git_dir)), FOLDER)
            if is_wanted(change.path)
        ]
        pages = read_objects([change.blob for change in changes if change.blob])
        for commit, group in groupby(changes, key=lambda change: change.commit):
            files = [_file(change, next(pages) if change.blob else None) for change in group]
            yield _commit(commit.seconds, f"As in {commit.id}\n", files)


def iter_modern_commits(folder: Path) -> Iterator[bytes]:
    """One commit for each single page of a later year, in the order of their dates."""
    dated = []
    for path in sorted(folder.rglob("*.md")):
        raw = path.read_bytes()
        dated.append((newest_date(raw.decode()), path.relative_to(folder).as_posix(), raw))
    for when, name, raw in sorted(dated):
        seconds = int(datetime.fromisoformat(when).timestamp())
        yield _commit(seconds, f"A single page of {when[:4]}\n", [_modify(name.encode(), raw)])


def make(data: Path, target: Path) -> None:
    """Replace `target` by an archive made from the real data."""
    with tempfile.TemporaryDirectory(prefix="repo-info-sample-") as folder:
        repository, made = Path(folder, "sample.git"), Path(folder, "archive")
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", repository], check=True)
        stream = b"".join([*iter_real_commits(data / BUNDLE), *iter_modern_commits(data / MODERN)])
        subprocess.run(["git", "-C", repository, "fast-import", "--quiet"], input=stream, check=True)
        import_source(repository, Archive(made, create=True))
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(made, target)


def _file(change: PathChange, content: bytes | None) -> bytes:
    return b"D " + change.path + b"\n" if content is None else _modify(change.path, content)


def _modify(path: bytes, content: bytes) -> bytes:
    return b"M 100644 inline " + path + b"\ndata %d\n" % len(content) + content + b"\n"


def _commit(seconds: int, message: str, files: list[bytes]) -> bytes:
    text = message.encode()
    head = f"commit refs/heads/main\ncommitter {COMMITTER} {seconds} +0000\ndata {len(text)}\n".encode()
    return head + text + b"\n" + b"".join(files) + b"\n"


def main() -> None:
    """Make the sample that lies beside this file, or one elsewhere."""
    data = os.environ.get("REPO_INFO_DATA") or ROOT.parent / "shared" / "data"
    parser = argparse.ArgumentParser(description="Makes examples/archive anew from the real data.")
    parser.add_argument("--data", type=Path, default=Path(data), help="the folder with the bundle and the single pages")
    parser.add_argument("--to", type=Path, default=ROOT / "examples" / "archive", help="the archive to replace")
    arguments = parser.parse_args()
    make(arguments.data, arguments.to)


if __name__ == "__main__":
    main()
