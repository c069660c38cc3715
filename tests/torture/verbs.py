"""The verbs that write, each with its initial files and the folders that it writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.collect.run import collect
from collector.collect.run_context import CollectOptions
from collector.collect.selection import from_arguments
from collector.importer.archive_import import import_source
from collector.model.times import Time, parse_as_of
from collector.registry.client import RegistryClient
from collector.site.build import BuildOptions, build_site
from collector.tables.parquet_file import write_parquet
from collector.tables.rows import iter_rows
from collector.tables.sqlite_file import write_sqlite
from tests.collect.image_store import Shelf
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, day, write_archive
from tests.support.archives import docker_image, index, single
from tests.support.formats import as_format_1
from tests.support.histories import DAY, START, History, page
from tests.support.pages import missing_page, page_of
from tests.support.registry import attestation_of, raw_image, statement
from tests.support.shards import build_parts
from tests.support.stub import Stub

_OF_PACKAGES = re.compile(rb'"fact":"(packages|inventory)"')

Files = dict[str, bytes]
"""Path in the folder of a trial → content."""


def exactly(files: Files) -> Files:
    """The files, to be compared byte for byte."""
    return files


def timeless_facts(files: Files) -> Files:
    """The facts of all journals without their times, sorted: after a break, tags are asked for in another order."""
    lines = [line for path, content in files.items() if path.endswith(".jsonl") for line in content.splitlines()]
    facts = sorted(re.sub(rb'"(time|sum)":"[^"]*",?', b"", line) for line in lines if b'"fact"' in line)
    return {"archive": b"\n".join(facts)}


class Verb(msgspec.Struct, frozen=True, kw_only=True):
    """A verb, run in a folder that `prepare` has filled."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], object]
    outputs: tuple[str, ...]
    """Folders that are compared with those of an undisturbed run."""
    comparable: Callable[[Files], Files] = exactly
    """The parts of their files that must be equal."""
    share: float = 1.0
    """The share of the others' number of trials: verbs that build a site take the most time."""
    tolerated: str = ""
    """The faults that `verify` may find in an archive after an interruption."""


def _source(folder: Path) -> None:
    """A git archive of two images over three months."""
    history = History(folder / "source.git")
    first, arm = docker_image("first", layers=("base", "one")), docker_image("arm", platform="linux/arm/v7")
    tool, other = page("tool", "1"), page("owner/other", "1")
    months: list[dict[str, str | None]] = [
        {tool: page_of("tool", "1", single(first)), other: missing_page("owner/other", "1")},
        {tool: page_of("tool", "1", index("x", first, arm)), page("tool", "2"): page_of("tool", "2", single(arm))},
        {tool: "nobody understands\n", other: page_of("owner/other", "1", single(first)), page("tool", "2"): None},
    ]
    for number, files in enumerate(months):
        history.commit(files, at=START + number * 31 * DAY)


def _begun_import(folder: Path) -> None:
    """The same source, and an archive with its first month."""
    _source(folder)
    archive = Archive(folder / "archive", create=True)
    import_source(folder / "source.git", archive, until=parse_as_of("2016-12-01"))


def _archive(folder: Path) -> Path:
    """An archive of three images; one has tags with the same image."""
    return write_archive(
        folder / "archive",
        app=[Seen(tag=tag, state=alone(image("FROM a")), time=day(1)) for tag in ("1", "latest")],
        tool=[Seen(tag="1", state=alone(image(f"FROM {number}")), time=day(number)) for number in (1, 2)],
        **{"owner/app": [Seen(tag="1", state=alone(image("FROM b")), time=day(1))]},
    )


def _framed_archive(folder: Path) -> None:
    """An archive, and the site of an empty one: its frame is not built again."""
    Archive(folder / "empty", create=True)
    build_site(folder / "empty", folder / "site", BuildOptions(jobs=1))
    _archive(folder)


def _built_site(folder: Path) -> None:
    """An archive that has grown since its site was built."""
    archive = _archive(folder)
    build_site(archive, folder / "site", BuildOptions(jobs=1))
    write_archive(archive, tool=[Seen(tag="2", state=alone(image("FROM c")), time=day(3))])


def _parts(folder: Path) -> None:
    """Two parts of a site."""
    archive = _archive(folder)
    Archive(folder / "empty", create=True)
    build_site(folder / "empty", folder / "frame", BuildOptions(jobs=1))
    build_parts(archive, folder / "frame", folder, 2, BuildOptions(jobs=1))


def _exported(folder: Path) -> None:
    """A source that was imported, and its tree as of the first month."""
    _source(folder)
    import_source(folder / "source.git", Archive(folder / "archive", create=True))


def _tables(folder: Path) -> None:
    """An archive, and the tables of its first image."""
    archive = Archive(_archive(folder))
    rows = list(iter_rows(archive.load(archive.repositories()[0])))
    write_parquet(folder / "tables", rows)
    write_sqlite(folder / "tables.sqlite", rows)


def _old_archive(folder: Path) -> None:
    """An archive of format 1."""
    _exported(folder)
    as_format_1(folder / "archive")


def _dockerfile(folder: Path) -> None:
    """An archive, and a Dockerfile without pins."""
    _archive(folder)
    (folder / "Dockerfile").write_text("# a tool\nFROM app:1 AS first\nFROM tool:1\nCOPY --from=first / /\n" * 20)


def _nothing(folder: Path) -> None:
    """Prepares nothing."""


def _configured(folder: Path, name: str) -> None:
    (folder / "repo-info.toml").write_text(f'[[images]]\nname = "{name}"\n[collect]\nthreads = 1\nhub = false\n')


def _collect(folder: Path, *names: str) -> None:
    with RegistryClient(environment={}) as client:
        collect(
            client,
            Archive(folder / "archive", create=True),
            from_arguments(names),
            now=lambda: Time("2026-10-01T00:00:00Z"),
            options=CollectOptions(threads=1),
        )


def collecting(stub: Stub) -> tuple[Verb, ...]:
    """Collections from a registry: a first one, one after which much has changed, and one of packages alone."""
    shelf = Shelf(stub)
    shared = raw_image(architecture="s390x")
    for number in range(4):
        one = raw_image(content=str(number))
        shelf.put_index([one, shared, attestation_of(one)], tag=f"v{number}")
    old = Shelf(stub, "team/old")
    old.put(raw_image())
    old.point("1", raw_image())

    def begin(folder: Path) -> None:
        _configured(folder, shelf.name)

    def begun(folder: Path) -> None:
        """The archive has one tag of four, and one that is gone now."""
        _configured(folder, shelf.name)
        _collect(folder, f"{shelf.name}:v0", f"{old.name}:1")

    sboms = Shelf(stub, "team/sboms")
    for number in range(3):
        one = raw_image(content=str(number))
        listed = {"packages": [{"name": f"tool{number}", "versionInfo": "1", "licenseDeclared": "MIT"}]}
        sbom = statement(predicate_type="https://spdx.dev/Document", predicate=listed, subject=one.digest)
        sboms.put_index([one, attestation_of(one, statements=[sbom])], tag=f"v{number}")

    def without_packages(folder: Path) -> None:
        """The archive has the SBOMs, from a time when their packages were not kept."""
        _configured(folder, sboms.name)
        _collect(folder, sboms.name)
        for path in (folder / "archive").rglob("2*.jsonl"):
            lines = path.read_bytes().splitlines(keepends=True)
            path.write_bytes(b"".join(line for line in lines if not _OF_PACKAGES.search(line)))

    prepared = {"collect": begin, "collect that goes on": begun, "collect --packages": without_packages}
    return tuple(
        Verb(
            name=name,
            arguments=("collect", *_ARCHIVE, *(("--packages",) if "--packages" in name else ())),
            prepare=prepare,
            outputs=("archive",),
            comparable=timeless_facts,
        )
        for name, prepare in prepared.items()
    )


_ARCHIVE = ("--archive", "archive")
_SITE = ("--site", "site", "--jobs", "1")
_SITE_FOLDERS = ("site", ".site.build")

VERBS = (
    Verb(
        name="import", arguments=("import", "source.git", *_ARCHIVE, "--jobs", "1"),
        prepare=_source, outputs=("archive",),
    ),
    Verb(
        name="import that goes on", arguments=("import", "source.git", *_ARCHIVE, "--jobs", "1"),
        prepare=_begun_import, outputs=("archive",),
    ),
    Verb(
        name="build", arguments=("build", *_ARCHIVE, *_SITE),
        prepare=_framed_archive, outputs=_SITE_FOLDERS, share=0.15,
    ),
    Verb(
        name="rebuild", arguments=("build", *_ARCHIVE, *_SITE),
        prepare=_built_site, outputs=_SITE_FOLDERS, share=0.15,
    ),
    Verb(
        name="build a part", arguments=("build", *_ARCHIVE, "--site", "site", "--jobs", "1", "--shard", "1/2"),
        prepare=_framed_archive, outputs=_SITE_FOLDERS, share=0.15,
    ),
    Verb(
        name="merge", arguments=("merge", "part-1", "part-2", *_SITE),
        prepare=_parts, outputs=_SITE_FOLDERS, share=0.15,
    ),
    Verb(
        name="upgrade", arguments=("upgrade", *_ARCHIVE),
        prepare=_old_archive, outputs=("archive",), tolerated="no sum",
    ),
    Verb(name="export", arguments=("export", *_ARCHIVE, "--to", "tree"), prepare=_exported, outputs=("tree",)),
    Verb(
        name="export to SQLite", arguments=("export", *_ARCHIVE, "--to", "tables.sqlite", "--format", "sqlite"),
        prepare=_tables, outputs=("tables.sqlite",),
    ),
    Verb(
        name="export to Parquet", arguments=("export", *_ARCHIVE, "--to", "tables", "--format", "parquet"),
        prepare=_tables, outputs=("tables",),
    ),
    Verb(
        name="pages", arguments=("pages", *_ARCHIVE, "--to", "files"),
        prepare=_archive, outputs=("files",), share=0.3,
    ),
    Verb(
        name="shards", arguments=("shards", "2", *_ARCHIVE, "--bases", "bases", "--jobs", "1"),
        prepare=_archive, outputs=("bases",),
    ),
    Verb(
        name="resolve --write", arguments=("resolve", "--dockerfile", "Dockerfile", "--write", *_ARCHIVE),
        prepare=_dockerfile, outputs=("Dockerfile",),
    ),
    Verb(name="init", arguments=("init", "new", "--image", "tool:1"), prepare=_nothing, outputs=("new",)),
)  # fmt: skip
