"""The archive as tables: the guide's questions have the answers that it shows, and the file is whole or not there."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.errors import UsageError
from collector.tables.definitions import TABLES, TAGS
from collector.tables.rows import iter_rows
from collector.tables.sqlite_file import write_sqlite
from tests.support.package_archives import write_package_archive

QUESTION = re.compile(r"```sql\n(.*?)```\n\n```text\n(.*?)```\n", re.DOTALL)


def export(archive: Path, target: Path) -> dict[str, int]:
    opened = Archive(archive)
    return write_sqlite(target, (row for one in opened.repositories() for row in iter_rows(opened.load(one))))


@pytest.fixture(scope="module")
def page(root: Path) -> Path:
    return root / "site_src" / "sql.md"


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "sample.sqlite"
    export(root / "examples" / "archive", path)
    return path


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    write_package_archive(folder / "archive")
    export(folder / "archive", folder / "packages.sqlite")
    return folder / "packages.sqlite"


def answer(database: Path, query: str) -> str:
    """As `sqlite3` prints it."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(query).fetchall()
    return "".join("|".join("" if value is None else str(value) for value in row) + "\n" for row in rows)


def test_the_questions_of_the_guide_have_these_answers(page: Path, sample: Path, packages: Path) -> None:
    text = page.read_text()
    questions = QUESTION.findall(text)
    assert len(questions) == text.count("```sql") == 5
    for query, shown in questions:
        found = answer(packages if "packages" in query else sample, query)
        if os.environ.get("RECORD"):
            text = text.replace(f"{query}```\n\n```text\n{shown}```", f"{query}```\n\n```text\n{found}```")
            page.write_text(text)
        else:
            assert found == shown
        assert found


def test_the_guide_names_every_table_with_its_columns(page: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", page.read_text(), re.MULTILINE)
    assert [name for name, _ in rows] == [table.name for table in TABLES]
    for table, (_, columns) in zip(TABLES, rows, strict=True):
        assert tuple(re.findall(r"`(\w+)`(?=[ ,]|\Z)", re.sub(r"\([^)]*\)", "", columns))) == table.names


def test_the_same_archive_gives_the_same_bytes(root: Path, sample: Path, tmp_path: Path) -> None:
    export(root / "examples" / "archive", tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == sample.read_bytes()


def test_another_file_is_not_replaced(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite")) as connection:
        connection.execute("CREATE TABLE important (value)")
    (tmp_path / "text").write_text("important")
    for name in ("theirs.sqlite", "text"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(UsageError, match="was not written by repo-info"):
            write_sqlite(tmp_path / name, ())
        assert (tmp_path / name).read_bytes() == before


def test_an_export_that_breaks_off_leaves_the_last_one(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[object, tuple[str, ...]]]:
        yield TAGS, ("a", "1", "2026-01-01T00:00:00Z", "", "", "", "0")
        raise KeyboardInterrupt

    path = tmp_path / "archive.sqlite"
    assert write_sqlite(path, ())["tags"] == 0
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write_sqlite(path, rows())  # type: ignore[arg-type]  # values that are there suffice
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])
