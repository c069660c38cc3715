"""The packages of the real `local/` pages of ten images, as another program reads them: by regular expressions."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.archive_import import ImportReport, import_source
from collector.lookup.tag_packages import read_packages
from collector.model.references import parse_asked
from tests.support.exports import journals
from tests.support.histories import git
from tests.support.later_pages import later_pages

IMAGE_ID = re.compile(r"^- Image ID: `(.*)`$", re.MULTILINE)
SECTION = "\n### `dpkg` source package: `"
SOURCE = re.compile(r"([^=`]*)=([^=`]*)`\n")
BINARIES = re.compile(r"^Binary Packages:\n\n((?:- `.*`\n)+)", re.MULTILINE)
BINARY = re.compile(r"^- `([^=`]*?)(?::amd64)?=([^=`]*)`$", re.MULTILINE)
LICENCES = re.compile(r"^Licenses: .*\n\n((?:- `.*`\n)+)", re.MULTILINE)
LICENCE = re.compile(r"^- `(.*?)\s*`$", re.MULTILINE)

Row = tuple[str, str, str, str, tuple[str, ...]]
"""Name, version, source, its version, licences."""
Said = dict[tuple[str, str], set[frozenset[Row]]]
"""What the pages say of an image and an Image ID."""


@cache
def rows_of_section(section: str) -> tuple[Row, ...]:
    ((source, version),) = SOURCE.findall(section.partition("\n")[0] + "\n")
    licences = {licence for lines in LICENCES.findall(section) for licence in LICENCE.findall(lines)}
    (binaries,) = BINARIES.findall(section)
    return tuple((name, own, source, version, tuple(sorted(licences))) for name, own in BINARY.findall(binaries))


def rows_of(text: str) -> frozenset[Row]:
    return frozenset(row for section in text.split(SECTION)[1:] for row in rows_of_section(section))


def iter_blobs(source: Path) -> Iterator[tuple[str, str]]:
    """The image and the text of every `local/` page that there ever was."""
    log = git(
        source, "log", "--first-parent", "--raw", "--no-abbrev", "--no-renames", "--format=", "HEAD", "--", "repos"
    )
    blobs = {}
    for line in log.splitlines():
        _, _, _, blob, rest = line.split(" ", 4)
        kind, path = rest.split("\t")
        if "/local/" in path and kind != "D":
            blobs[blob] = path.split("/")[1]
    with tempfile.TemporaryFile() as wanted:
        wanted.write("\n".join(blobs).encode() + b"\n")
        wanted.seek(0)
        command = ["git", "-C", str(source), "cat-file", "--batch"]
        with subprocess.Popen(command, stdin=wanted, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for image in blobs.values():
                size = int(process.stdout.readline().split()[2])
                yield image, process.stdout.read(size + 1).decode()


@pytest.fixture(scope="module")
def imported(local_repo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, ImportReport]:
    archive = Archive(tmp_path_factory.mktemp("local") / "archive", create=True)
    return archive, import_source(local_repo, archive)


@pytest.fixture(scope="module")
def said(local_repo: Path) -> Said:
    found: Said = defaultdict(set)
    for image, text in iter_blobs(local_repo):
        (image_id,) = IMAGE_ID.findall(text.partition("\n## `")[0])
        found[image, image_id].add(rows_of(text))
    return found


def test_every_version_is_accounted_for(imported: tuple[Archive, ImportReport], local_repo: Path) -> None:
    archive, report = imported
    found = report.packages
    assert report.local_pages == found.read == 8048
    assert (found.known, found.left_out, found.garbage, found.not_understood) == (0, 0, 0, [])
    before = journals(archive.root)
    again = import_source(local_repo, archive)
    assert (again.packages.known, again.packages.read) == (8048, 0)
    assert journals(archive.root) == before


def test_every_package_of_every_image(imported: tuple[Archive, ImportReport], said: Said) -> None:
    archive, report = imported
    held = {repository.path.removeprefix("library/"): archive.load(repository) for repository in archive.repositories()}
    with_packages = {key: max(lists, key=len) for key, lists in said.items() if any(lists)}
    assert len(with_packages) == report.packages.images == 1488
    for (image, image_id), rows in with_packages.items():
        assert held_rows(held[image], image_id) == rows, (image, image_id)
    assert all(held[image].inventory(image_id) is None for image, image_id in said.keys() - with_packages.keys())
    doubtful = [lists for lists in said.values() if len(lists) > 1]
    assert all(one <= max(lists, key=len) for lists in doubtful for one in lists)
    assert (len(doubtful), sum(all(lists) for lists in doubtful)) == (34, report.packages.cut_short)


def test_the_verb_names_every_package_of_every_image(imported: tuple[Archive, ImportReport], said: Said) -> None:
    """`repo-info packages --json`, for every Image ID that a manifest leads to."""
    archive, report = imported
    told = {key: rows for repository in archive.repositories() for key, rows in iter_told(archive.load(repository))}
    assert told == {key: max(said[key], key=len) for key in told}
    assert len(told) > 0.95 * report.packages.images


def iter_told(holdings: Holdings) -> Iterator[tuple[tuple[str, str], frozenset[Row]]]:
    """The packages of each image, from what the verb prints."""
    name = holdings.repository.familiar
    for manifest in holdings.manifests:
        told = msgspec.json.encode(read_packages(holdings, parse_asked(f"{name}@{manifest}")))
        for platform in json.loads(told)["platforms"]:
            if "by" in platform:
                yield (name, platform["config"]), frozenset(map(told_row, platform["packages"]))


def told_row(package: dict[str, str]) -> Row:
    name, version = package["name"], package["version"]
    licences = tuple(filter(None, package.get("licence", "").split("; ")))
    return name, version, package.get("source", name), package.get("source_version", version), licences


def held_rows(holdings: Holdings, image_id: str) -> frozenset[Row]:
    found = holdings.package_list(image_id)
    assert found
    return frozenset(
        (package.name, package.version, package.source_name, package.version_of_source, package.licences)
        for package in found.packages
    )


def test_the_archive_is_whole_and_grows_by_little(imported: tuple[Archive, ImportReport]) -> None:
    archive, _ = imported
    assert list(verify(archive)) == []
    size = {True: 0, False: 0}
    for path in archive.root.rglob("????-??*.jsonl"):
        for line in path.read_bytes().splitlines(keepends=True):
            size[b'"fact":"packages"' in line or b'"fact":"inventory"' in line] += len(line)
    assert size[True] < 0.15 * size[False]


def test_nearly_all_images_are_on_remote_pages_too(imported: tuple[Archive, ImportReport]) -> None:
    archive, _ = imported
    known = [
        config in holdings.config_facts
        for holdings in map(archive.load, archive.repositories())
        for config in holdings.inventories
    ]
    assert sum(known) > 0.95 * len(known)


def test_later_pages(data_dir: Path, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", create=True)
    report = import_source(later_pages(data_dir, tmp_path / "later.git").path, archive)
    found = report.packages
    assert found.known + found.left_out + found.read == report.local_pages == 17
    assert found.not_understood == []
    (alpine,) = [one for one in archive.repositories() if one.path == "library/alpine"]
    holdings = archive.load(alpine)
    packages = holdings.package_list("sha256:320994c3b997e2ec6433f717f153e108023c5bec8fefa8d76b83451d16d05ea8")
    assert packages
    assert [str(package.name) for package in packages.packages[:3]] == [
        "alpine-baselayout",
        "alpine-baselayout-data",
        "alpine-keys",
    ]
    assert packages.packages[0][2:] == ("3.7.2-r1", "", "", "GPL-2.0-only")
    assert packages.types == ("apk",)
