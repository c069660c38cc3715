"""The archive as tables: the guide's questions have the answers that it shows, and the file is whole or not there."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow
import pytest
from pyarrow import parquet

from collector.archive.store import Archive
from collector.cli.export import TablesWriter
from collector.errors import UsageError
from collector.tables.definitions import STEPS, TABLES, TAGS
from collector.tables.parquet_file import write_parquet
from collector.tables.rows import Row, iter_rows
from collector.tables.sqlite_file import write_sqlite
from tests.support.folders import read_folder
from tests.support.package_archives import write_package_archive

QUESTION = re.compile(r"```sql\n(.*?)```\n\n```text\n(.*?)```\n", re.DOTALL)
WRITERS: dict[str, TablesWriter] = {"sqlite": write_sqlite, "parquet": write_parquet}
Exported = dict[str, Path]


@pytest.fixture(params=WRITERS)
def form(request: pytest.FixtureRequest) -> str:
    """A format of tables."""
    return str(request.param)


def export(archive: Path, target: Path, form: str) -> dict[str, int]:
    opened = Archive(archive)
    return WRITERS[form](target, (row for one in opened.repositories() for row in iter_rows(opened.load(one))))


@pytest.fixture(scope="module")
def page(root: Path) -> Path:
    return root / "site_src" / "sql.md"


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return exported(root / "examples" / "archive", tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("packages")
    write_package_archive(folder / "archive")
    return exported(folder / "archive", folder)


def exported(archive: Path, folder: Path) -> Exported:
    targets = {form: folder / f"tables.{form}" for form in WRITERS}
    first, second = (export(archive, target, form) for form, target in targets.items())
    assert first == second
    return targets


def answer(tables: Path, query: str) -> str:
    """As `sqlite3` prints it; of a folder, what DuckDB finds."""
    if tables.is_dir():
        with duckdb.connect() as database:
            for file in tables.iterdir():
                database.execute(f"CREATE VIEW {file.stem} AS FROM '{file}'")
            rows = database.execute(query).fetchall()
    else:
        with closing(sqlite3.connect(tables)) as connection:
            rows = connection.execute(query).fetchall()
    return "".join("|".join("" if value is None else str(value) for value in row) + "\n" for row in rows)


def test_the_questions_of_the_guide_have_these_answers(
    page: Path, sample: Exported, packages: Exported, form: str
) -> None:
    text = page.read_text()
    questions = QUESTION.findall(text)
    assert len(questions) == text.count("```sql") == 5
    for query, shown in questions:
        found = answer((packages if "packages" in query else sample)[form], query)
        if os.environ.get("RECORD"):
            text = text.replace(f"{query}```\n\n```text\n{shown}```", f"{query}```\n\n```text\n{found}```")
            page.write_text(text)
        else:
            assert found == shown
        assert found


def test_both_formats_have_the_same_rows(sample: Exported, packages: Exported) -> None:
    for tables in (sample, packages):
        for table in TABLES:
            query = f"SELECT * FROM {table.name} ORDER BY {', '.join(table.names[: table.key])}"
            assert answer(tables["parquet"], query) == answer(tables["sqlite"], query)
            rows = parquet.ParquetFile(tables["parquet"] / f"{table.name}.parquet").schema_arrow
            assert [(field.name, field.nullable) for field in rows] == [
                (name, "NOT NULL" not in column) for name, column in zip(table.names, table.columns, strict=True)
            ]


def test_the_views_of_the_guide_are_the_tables(page: Path, sample: Exported, tmp_path: Path) -> None:
    (recipe,) = re.findall(r"```sh\n(for .*?)duckdb [^\n]*\n```", page.read_text(), re.DOTALL)
    (tmp_path / "tables").symlink_to(sample["parquet"])
    subprocess.run(["sh", "-euc", recipe], check=True, cwd=tmp_path)
    with contextlib.chdir(tmp_path), duckdb.connect() as database:
        database.execute((tmp_path / "views.sql").read_text())
        views = database.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert {name for (name,) in views} == {table.name for table in TABLES}


def test_the_guide_names_every_table_with_its_columns(page: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", page.read_text(), re.MULTILINE)
    assert [name for name, _ in rows] == [table.name for table in TABLES]
    for table, (_, columns) in zip(TABLES, rows, strict=True):
        assert tuple(re.findall(r"`(\w+)`(?=[ ,]|\Z)", re.sub(r"\([^)]*\)", "", columns))) == table.names


def test_the_same_archive_gives_the_same_bytes(root: Path, sample: Exported, tmp_path: Path, form: str) -> None:
    export(root / "examples" / "archive", tmp_path / "again", form)
    assert contents(tmp_path / "again") == contents(sample[form])


def contents(path: Path) -> dict[str, bytes]:
    return read_folder(path) if path.is_dir() else {"": path.read_bytes()}


def test_another_file_is_not_replaced(tmp_path: Path, form: str) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite")) as connection:
        connection.execute("CREATE TABLE important (value)")
    (tmp_path / "text").write_text("important")
    for name in ("theirs.sqlite", "text"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(UsageError, match="was not written by repo-info"):
            WRITERS[form](tmp_path / name, ())
        assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", ["notes.txt", "tags.parquet", "labels.parquet", "tags-2025.parquet"])
def test_a_folder_with_another_file_is_not_replaced(tmp_path: Path, name: str) -> None:
    """A text, a broken file and a table of somebody else in the place of ours, and a copy of ours that was kept."""
    write_parquet(tmp_path / "tables", ())
    other = tmp_path / "tables" / name
    other.write_text("important")
    if name.startswith("labels"):
        parquet.write_table(pyarrow.table({"important": [1]}), other)
    if name.startswith("tags-2025"):
        shutil.copy(other.with_name("tags.parquet"), other)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="was not written by repo-info"):
        write_parquet(tmp_path / "tables", ())
    assert contents(tmp_path) == before


def test_neighbours_of_the_target_stay(tmp_path: Path, form: str) -> None:
    theirs = [tmp_path / f"{before}tables.{end}" for before in ("", ".") for end in ("new", "last")]
    for folder in theirs[:-2] if form == "sqlite" else theirs:
        folder.mkdir()
        (folder / "text").write_text("important")
    before = contents(tmp_path)
    for _ in range(2):
        WRITERS[form](tmp_path / "tables", ())
    assert before.items() <= contents(tmp_path).items()


def test_the_folder_of_a_killed_export_is_removed_and_no_other(tmp_path: Path) -> None:
    left = tmp_path / ".tables.export"
    (left / "new").mkdir(parents=True)
    (left / "new" / "all.sqlite").touch()
    write_parquet(tmp_path / "tables", ())
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    left.mkdir()
    (left / "text").write_text("important")
    with pytest.raises(UsageError, match=r"\.tables\.export was not written by repo-info"):
        write_parquet(tmp_path / "tables", ())
    assert (left / "text").read_text() == "important"
    shutil.move(left, tmp_path / "theirs")
    left.symlink_to(tmp_path / "theirs")
    with pytest.raises(UsageError, match=r"\.tables\.export was not written by repo-info"):
        write_parquet(tmp_path / "tables", ())
    left.unlink()
    left.write_text("important")
    with pytest.raises(UsageError, match=r"\.tables\.export was not written by repo-info"):
        write_parquet(tmp_path / "tables", ())


def test_a_file_that_came_during_an_export_stays(tmp_path: Path, form: str) -> None:
    target = tmp_path / "tables"
    other = target if form == "sqlite" else target / "notes.txt"

    def rows() -> Iterator[Row]:
        other.write_text("important")
        yield TAGS, ("a", "1", "2026-01-01T00:00:00Z", "", "", "", 0)

    WRITERS[form](target, ())
    with pytest.raises(UsageError, match="was not written by repo-info"):
        WRITERS[form](target, rows())
    assert other.read_text() == "important"
    assert form == "sqlite" or (target / "tags.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_an_interrupted_export_leaves_the_previous_one(tmp_path: Path, form: str) -> None:
    def rows() -> Iterator[Row]:
        yield TAGS, ("a", "1", "2026-01-01T00:00:00Z", "", "", "", 0)
        raise KeyboardInterrupt

    path = tmp_path / "archive"
    assert WRITERS[form](path, ())["tags"] == 0
    before = contents(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        WRITERS[form](path, rows())
    assert (contents(tmp_path), list(tmp_path.iterdir())) == (before, [path])


def test_large_texts_are_held_a_group_at_a_time(tmp_path: Path) -> None:
    text = "x" * 40_000
    write_parquet(tmp_path / "tables", ((STEPS, ("sha256:a", place, None, text)) for place in range(600)))
    file = parquet.ParquetFile(tmp_path / "tables" / "steps.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [256, 256, 88]
    assert file.read(["position"]).column(0).to_pylist() == list(range(600))
