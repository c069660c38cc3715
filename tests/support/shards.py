"""The shards of an archive, and the parts of its site."""

from __future__ import annotations

import shutil
from pathlib import Path

from collector.archive.store import Archive
from collector.archive.visits import FOLDER as VISITS
from collector.site.bases_file import read_bases, write_bases
from collector.site.build import BuildOptions, build_part, build_site
from collector.site.shards import Shard, assign
from tests.support.folders import copy_site


def build_frame(folder: Path, options: BuildOptions) -> Path:
    """Build the site of an empty archive. Sites built from a copy of it need no further run of MkDocs."""
    Archive(folder / "archive", create=True)
    build_site(folder / "archive", folder / "site", options)
    return folder / "site"


def shards_of(archive: Path, of: int) -> list[Shard]:
    store = Archive(archive)
    images = assign({one.name: store.size(one) for one in store.repositories()}, of)
    return [Shard(number=number, of=of, images=images) for number in range(1, of + 1)]


def build_parts(archive: Path, frame: Path, folder: Path, of: int, options: BuildOptions) -> list[Path]:
    """Build each part from an archive with only the images of its shard, and with the bases of the whole archive."""
    folder.mkdir(exist_ok=True)
    parts = []
    write_bases(archive, folder / "bases")
    for shard in shards_of(archive, of):
        own = folder / f"archive-{shard.number}"
        Archive(own, create=True)
        if (archive / VISITS).is_dir():
            shutil.copytree(archive / VISITS, own / VISITS)
        for name in shard.own:
            (own / name).mkdir(parents=True, exist_ok=True)
            for journal in (archive / name).glob("*.jsonl"):
                shutil.copy(journal, own / name)
        part = copy_site(frame, folder / f"part-{shard.number}")
        build_part(own, part, shard, options, bases=read_bases(folder / "bases"))
        parts.append(part)
    return parts
