"""The tables and their columns. `site_src/sql.md` describes them for users."""

from __future__ import annotations

from typing import NamedTuple


class Table(NamedTuple):
    """A table, whose rows are unique by its first columns."""

    name: str
    columns: tuple[str, ...]
    """The name of each column, and its type in SQL; the first ones are the key."""
    key: int
    """The number of columns of the key."""
    indexes: tuple[str, ...] = ()
    """Further columns that get an index."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.split()[0] for column in self.columns)


TAGS = Table(
    "tags",
    (
        "image TEXT NOT NULL",
        "tag TEXT NOT NULL",
        "since TEXT NOT NULL",
        "until TEXT",
        "digest TEXT",
        "gone TEXT",
        "rehearsed INTEGER NOT NULL",
    ),
    key=3,
    indexes=("digest", "since"),
)
PLATFORMS = Table(
    "platforms",
    ("digest TEXT NOT NULL", "position INTEGER NOT NULL", "platform TEXT NOT NULL", "manifest TEXT NOT NULL"),
    key=2,
    indexes=("manifest",),
)
MANIFESTS = Table(
    "manifests", ("manifest TEXT NOT NULL", "config TEXT NOT NULL", "size INTEGER"), key=1, indexes=("config",)
)
LAYERS = Table(
    "layers",
    ("manifest TEXT NOT NULL", "position INTEGER NOT NULL", "layer TEXT NOT NULL", "size INTEGER"),
    key=2,
    indexes=("layer",),
)
CONFIGS = Table(
    "configs",
    ("config TEXT NOT NULL", "created TEXT", "entrypoint TEXT", "cmd TEXT", "user TEXT", "working_directory TEXT"),
    key=1,
)
STEPS = Table(
    "steps",
    ("config TEXT NOT NULL", "position INTEGER NOT NULL", "created TEXT", "instruction TEXT NOT NULL"),
    key=2,
)
LABELS = Table("labels", ("config TEXT NOT NULL", "name TEXT NOT NULL", "value TEXT NOT NULL"), key=2)
ENVIRONMENT = Table("environment", ("config TEXT NOT NULL", "name TEXT NOT NULL", "value TEXT NOT NULL"), key=2)
INVENTORIES = Table(
    "inventories", ("config TEXT NOT NULL", "list TEXT NOT NULL", "said_by TEXT NOT NULL", "read TEXT NOT NULL"), key=1
)
PACKAGES = Table(
    "packages",
    (
        "list TEXT NOT NULL",
        "type TEXT NOT NULL",
        "name TEXT NOT NULL",
        "version TEXT NOT NULL",
        "source TEXT NOT NULL",
        "source_version TEXT NOT NULL",
        "licence TEXT NOT NULL",
    ),
    key=4,
    indexes=("name", "source"),
)
TABLES = (TAGS, PLATFORMS, MANIFESTS, LAYERS, CONFIGS, STEPS, LABELS, ENVIRONMENT, INVENTORIES, PACKAGES)
