"""Parts from several machines merge into the site that one machine would build; incomplete parts are refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.model.references import parse_repository
from collector.site.bases_file import ArchiveBases, read_bases, write_bases
from collector.site.build import BuildOptions, build_part, build_site
from collector.site.destination import MARK
from collector.site.merge import merge_parts
from collector.site.record_store import Record, RecordStore, SiteFile, file_digest, make_record
from collector.site.reports import BuildReport
from collector.site.shard_folder import FACTS, FOLDER, read_parts
from collector.site.site_files import read_site_files
from tests.diff.builders import image, layer
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import base_of, built
from tests.support.folders import bench_of, copy_site, read_folder
from tests.support.shards import build_parts, shards_of

OPTIONS = BuildOptions(jobs=1, site=SiteTable(url="https://example.org/", name="Ours", markdown=True))
NAMES = ("owner", "owner/name", "owner/other", "one", "two", "three", "four", "five", "ghcr.io/some/one")

TAGS = ("name", "other", "latest")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some small images; one has tags whose addresses two others take, and each is built on another."""
    root = tmp_path_factory.mktemp("archive") / "archive"
    for place, name in enumerate(NAMES):
        layers = tuple(layer(f"layer {number}") for number in range(place + 1))
        seen = [Seen(tag=tag, state=alone(image(f"FROM {tag} {name}", layers=layers))) for tag in TAGS]
        write_archive(root, **{name: seen})
    # A tag that follows the base of another image.
    for number in (1, 2):
        one, two = alone(base_of(base=number)), alone(built(base=number))
        write_archive(
            root,
            one=[Seen(tag="followed", time=day(number), state=one)],
            two=[Seen(tag="follows", time=day(number), state=two)],
        )
    return root


@pytest.fixture(scope="module")
def options() -> BuildOptions:
    return OPTIONS


def merge(parts: list[Path], site: Path, options: BuildOptions = BuildOptions(jobs=1)) -> BuildReport:  # noqa: B008
    return merge_parts(parts, site, options)


@pytest.fixture(scope="module")
def two(archive: Path, frame: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two parts."""
    folder = tmp_path_factory.mktemp("two")
    build_parts(archive, frame, folder, 2, OPTIONS)
    return folder


@pytest.fixture
def parts(two: Path, tmp_path: Path) -> list[Path]:
    return [Path(shutil.copytree(two / name, tmp_path / name, symlinks=True)) for name in ("part-1", "part-2")]


@pytest.mark.parametrize("of", [2, 5, 16])
def test_parts_make_the_site_of_one_build(archive: Path, frame: Path, whole: Path, tmp_path: Path, of: int) -> None:
    site = tmp_path / "site"
    parts = build_parts(archive, frame, tmp_path, of, OPTIONS)
    report = merge(parts[::-1], site)
    assert (report.tasks, report.skipped) == (len(NAMES), 0)
    assert read_folder(site) == read_folder(whole)
    assert read_folder(bench_of(site)) == {
        path: content for path, content in read_folder(bench_of(whole)).items() if not path.startswith("bases/")
    }
    assert b'"built_on"' in (site / "api/v1/repos/owner/~name.json").read_bytes()
    assert b'"bases"' in (site / "api/v1/repos/two/latest.json").read_bytes()
    assert '<a href="../../one/followed/#r-' in (site / "repos/two/follows/index.html").read_text()
    assert (site / "repos/owner/~name/index.html").is_file()
    assert (site / "repos/owner/~name/index.md").is_file()
    assert merge(parts, site).skipped == len(NAMES)
    assert read_folder(site) == read_folder(whole)


def test_without_pages_a_merge_writes_the_rest_from_the_records_alone(
    whole: Path, parts: list[Path], tmp_path: Path
) -> None:
    pages = {
        path: (part.folder / path).read_bytes()
        for part in read_parts(parts)
        for entry in part.facts.tasks.values()
        for path in part.records.must_read(entry.record, Record).paths
    }
    bare = [tmp_path / "bare" / part.name for part in parts]
    for part, folder in zip(parts, bare, strict=True):
        shutil.copytree(part / FOLDER, folder / FOLDER)
    site = tmp_path / "site"
    report = merge_parts(bare, site, BuildOptions(jobs=1), without_pages=True)
    rest = read_folder(site)
    assert not rest.keys() & pages.keys()
    assert rest | pages == read_folder(whole)
    assert (report.files, report.tasks) == (len(rest) + len(pages) - 1, len(NAMES))
    assert read_site_files(site) == read_site_files(whole)


def test_the_same_folder_takes_a_merge_without_pages_and_with_them(
    whole: Path, parts: list[Path], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    merge_parts(parts, site, BuildOptions(jobs=1), without_pages=True)
    merge(parts, site)
    assert read_folder(site) == read_folder(whole)


def test_a_merge_takes_the_changes_and_a_build_continues_from_it(
    archive: Path, frame: Path, parts: list[Path], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    merge(parts, site)
    grown = Path(shutil.copytree(archive, tmp_path / "grown"))
    write_archive(grown, five=[Seen(tag="new", state=alone(image("FROM new")))])
    again = build_parts(grown, frame, tmp_path / "again", 2, OPTIONS)
    before = {path: path.stat().st_ino for path in site.rglob("*.html")}
    assert merge(again, site, BuildOptions(jobs=2)).skipped == len(NAMES) - 1
    assert {path.relative_to(site).as_posix() for path, inode in before.items() if path.stat().st_ino != inode} == {
        "index.html",
        "repos/five/index.html",
    }
    assert build_site(grown, site, OPTIONS).skipped == len(NAMES)


def test_a_part_is_rebuilt_by_content(archive: Path, two: Path, tmp_path: Path) -> None:
    part = copy_site(two / "part-1", tmp_path / "part")
    shard = shards_of(archive, 2)[0]
    before = {path: path.stat().st_ino for path in part.rglob("*") if path.is_file()}
    assert build_part(archive, part, shard, OPTIONS).skipped == len(shard.own)
    assert {path: path.stat().st_ino for path in part.rglob("*") if path.is_file()} == before


def test_an_archive_with_other_images_than_assigned_is_refused(archive: Path, tmp_path: Path) -> None:
    shard = shards_of(archive, 1)[0]
    lacking = msgspec.structs.replace(shard, images={**shard.images, "docker.io/library/six": 1})
    with pytest.raises(BuildError, match=r"docker\.io/library/six belongs to this shard and is missing"):
        build_part(archive, tmp_path / "part", lacking, OPTIONS)
    del lacking.images["docker.io/library/six"], lacking.images["docker.io/library/five"]
    with pytest.raises(BuildError, match=r"docker\.io/library/five is not assigned"):
        build_part(archive, tmp_path / "part", lacking, OPTIONS)


def test_a_part_of_an_archive_needs_the_bases_of_the_whole(archive: Path, tmp_path: Path) -> None:
    """And those of the archive as it is."""
    shard = shards_of(archive, 2)[0]
    own = Path(shutil.copytree(archive, tmp_path / "own"))
    for name in shard.images.keys() - set(shard.own):
        for journal in (own / name).glob("*.jsonl"):
            journal.unlink()
    with pytest.raises(BuildError, match=r"is missing, so images that are built on it need --bases"):
        build_part(own, tmp_path / "part", shard, OPTIONS)
    write_bases(archive, tmp_path / "bases")
    write_archive(own, **{parse_repository(shard.own[0]).familiar: [Seen(tag="new", gone="missing")]})
    with pytest.raises(BuildError, match=f"{shard.own[0]} has changed since the bases were written"):
        build_part(own, tmp_path / "part", shard, OPTIONS, bases=read_bases(tmp_path / "bases"))


@pytest.mark.parametrize("content", [None, b"", b"\x81"])
def test_damaged_bases_of_an_image_are_refused(archive: Path, tmp_path: Path, content: bytes | None) -> None:
    shard = shards_of(archive, 2)[0]
    write_bases(archive, tmp_path / "bases")
    bases = read_bases(tmp_path / "bases")
    bases.bases.pop(shard.own[0])
    if content is not None:
        bases.bases[shard.own[0]] = content
    with pytest.raises(BuildError, match=f"the bases of {shard.own[0]} are damaged"):
        build_part(archive, tmp_path / "part", shard, OPTIONS, bases=bases)


OLDER = ArchiveBases(version="0.0", journals={}, bases={}, without_packages={})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not the bases of an archive"),
        (b"\x81", "not the bases of an archive"),
        (msgspec.msgpack.encode(OLDER), r"written by repo-info 0\.0"),
    ],
)
def test_a_file_that_does_not_contain_bases_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "bases").write_bytes(content)
    with pytest.raises(BuildError, match=message):
        read_bases(tmp_path / "bases")
    with pytest.raises(BuildError, match="none: missing, a link, or too large"):
        read_bases(tmp_path / "none")


def refused(parts: list[Path], message: str) -> None:
    """Check that merging these parts fails, and leaves nothing."""
    site = parts[0].parent / "site"
    with pytest.raises(BuildError, match=message):
        merge(parts, site)
    assert not site.exists()


def change_facts(part: Path, change: Callable[[Any], None]) -> None:
    path = part / FOLDER / FACTS
    facts = msgspec.json.decode(path.read_bytes())
    change(facts)
    path.write_bytes(msgspec.json.encode(facts))


def setting(*keys: str, to: object) -> Callable[[Any], None]:
    def change(facts: Any) -> None:
        for key in keys[:-1]:
            facts = facts[key]
        facts[keys[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (setting("version", to="9.9"), r"differ in version: .*, 9\.9"),
        (setting("key", to="other"), "differ in templates or tools"),
        (setting("site", "url", to=None), "differ in --site-url"),
        (setting("site", "name", to="Theirs"), "differ in --site-name"),
        (setting("site", "badges", to=True), "differ in --badges"),
        (setting("site", "markdown", to=False), "differ in markdown in repo-info.toml"),
        (setting("shard", "of", to=3), "differ in number: of 2, of 3"),
        (setting("shard", "number", to=3), "part 3 of 2 is impossible"),
        (setting("shard", "number", to=0), "part 0 of 2 is impossible"),
        (setting("shard", "images", "docker.io/library/six", to=1), "differ in the assignment of images to shards"),
        (setting("shard", "images", "docker.io/library/six", to=7), "part 2 of 2 is impossible"),
        (
            setting("shard", "images", "docker.io/library/six", to=2),
            "differ from those of its shard: 'docker.io/library/six'",
        ),
        (setting("shard", "number", to=1), "differ from those of its shard"),
        (setting("format", to=2), "has part format 2 instead of 3"),
        (setting("tasks", to=[]), r"part\.json: damaged"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(
    parts: list[Path], change: Callable[[Any], None], message: str
) -> None:
    change_facts(parts[1], change)
    refused(parts, message)


def test_all_parts_must_be_there_and_each_once(parts: list[Path], tmp_path: Path) -> None:
    refused(parts[1:], "parts are missing: 1 of 2")
    refused([*parts, parts[0]], "part-1 and .*part-1 are both part 1")
    refused([parts[0], tmp_path], "not a part of a site")
    with pytest.raises(BuildError, match="is one of the parts"):
        merge(parts, parts[0])


def test_parts_of_another_program_are_refused(parts: list[Path]) -> None:
    for part in parts:
        change_facts(part, setting("key", to="other"))
    refused(parts, "built with other templates or tools")


def a_page(part: Path) -> Path:
    return min(part.glob("repos/*/latest/index.html"))


def truncate(part: Path) -> None:
    a_page(part).write_bytes(b"")


def alter(part: Path) -> None:
    a_page(part).write_bytes(a_page(part).read_bytes().swapcase())


def delete(part: Path) -> None:
    a_page(part).unlink()


def link(part: Path) -> None:
    page = a_page(part)
    moved = page.rename(part.parent / "moved")
    page.symlink_to(moved)


def link_folder(part: Path) -> None:
    folder = a_page(part).parent
    moved = folder.rename(part.parent / "moved")
    folder.symlink_to(moved)


@pytest.mark.parametrize("damage", [truncate, alter, delete, link, link_folder])
def test_an_incomplete_part_is_refused(parts: list[Path], damage: Callable[[Path], None]) -> None:
    damage(parts[0])
    refused(parts, "is missing or damaged")


@pytest.mark.parametrize("name", [FACTS, "record"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(parts: list[Path], name: str) -> None:
    folder = parts[0] / FOLDER
    path = folder / FACTS if name == FACTS else min(path for path in folder.iterdir() if path.name != FACTS)
    path.unlink()
    os.mkfifo(path)
    refused(parts, "not a part of a site|missing or damaged")


def forge(part: Path, change: Callable[[Record], Record]) -> None:
    """Replace a record by another one, under its right name."""
    store = RecordStore(folder=part / FOLDER)

    def replace(facts: Any) -> None:
        entry = min(facts["tasks"].items())[1]
        record = store.read(entry["record"], Record)
        assert record is not None
        entry["record"] = store.write(change(record))

    change_facts(part, replace)


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "repos/../../outside", "repos//a", "a\0b"])
def test_no_path_leads_out_of_the_part_or_the_site(parts: list[Path], path: str) -> None:
    (parts[0].parent / "outside").write_text("secret")

    def change(record: Record) -> Record:
        row = msgspec.structs.replace(record.rows[0], files=(SiteFile(path, 6, file_digest(b"secret")),))
        return make_record((row, *record.rows[1:]), record.summary)

    forge(parts[0], change)
    refused(parts, "not a path inside the site")


@pytest.mark.parametrize("path", ["index.html", "assets/javascripts/main.js", MARK, "repos/two/index.html"])
def test_a_part_replaces_only_its_own_files(parts: list[Path], path: str) -> None:
    def change(record: Record) -> Record:
        file = SiteFile(path, 6, file_digest(b"theirs"))
        row = msgspec.structs.replace(record.rows[0], name=path, files=(file,))
        return make_record((*record.rows, row), record.summary)

    for part in parts:
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        (part / path).write_text("theirs")
        forge(part, change)
    refused(parts, "two pages claim one address|is missing or damaged")


def test_the_contents_of_a_record_are_checked(parts: list[Path]) -> None:
    forge(parts[0], lambda record: make_record(record.rows, b"\xc1"))
    refused(parts, "the data of images in a part is damaged")
    forge(parts[0], lambda record: make_record([msgspec.structs.replace(record.rows[0], updated="<x>")], b""))
    refused(parts, "not a time: '<x>'")
    for name in ("../../outside", "/dev/zero", "0" * 64):
        first = min(msgspec.json.decode((parts[0] / FOLDER / FACTS).read_bytes())["tasks"])
        change_facts(parts[0], setting("tasks", first, "record", to=name))
        refused(parts, "missing or damaged")
