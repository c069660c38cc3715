"""The order of imports: who may enter which room is the table in ARCHITECTURE.md, and this test only reads it.

What stands for the world outside (git, sockets, templates, MkDocs) has one room each; that is `RESERVED`, below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.imports import Import, iter_imports

RESERVED: Mapping[str, frozenset[str]] = {
    "subprocess": frozenset({"importer", "registry"}),  # the registry's for Docker's credential helpers
    "jinja2": frozenset({"describe", "pages", "publish"}),
    "mkdocs": frozenset({"site"}),
    "material": frozenset({"site"}),
    "http.server": frozenset({"site"}),
    "socketserver": frozenset({"site"}),
    "packageurl": frozenset({"model"}),
    "packaging": frozenset({"model"}),
    "pyarrow": frozenset({"tables"}),
} | dict.fromkeys(
    ("requests", "urllib3", "urllib.request", "http.client", "socket", "ssl", "asyncio"), frozenset({"registry"})
)
"""Module from outside -> the only rooms that may import it."""

ROW = re.compile(r"^\| `collector\.(\w+)` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)


def read_rooms(architecture: str) -> dict[str, frozenset[str]]:
    """Room -> the rooms that it may import: those its row names, and whatever those may."""
    named = dict(ROW.findall(architecture))
    rooms = {
        room: set(named) - {room} if may == "all" else set(re.findall(r"\w+", may)) & set(named)
        for room, may in named.items()
    }

    for room in TopologicalSorter(rooms).static_order():  # raises CycleError, which names the rooms of the circle
        rooms[room] = rooms[room].union(*(rooms[other] for other in rooms[room]))
    return {room: frozenset(may) for room, may in rooms.items()}


def iter_faults(root: Path, rooms: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Every import in `root/collector` that the rooms do not allow: the chain, and why."""
    for found in iter_imports(root, "collector"):
        why = _why_not(found, rooms)
        if why:
            yield f"{found.module} -> {found.target} (line {found.line}): {why}"


def _why_not(found: Import, rooms: Mapping[str, frozenset[str]]) -> str:
    room, target = _room(found.module), _room(found.target)
    if found.target.split(".")[0] != "collector":
        # To name the type of what another library hands over is not to use it.
        return "" if found.for_types else _why_not_outside(found.target, room)
    if room and room not in rooms:
        return f"the table in ARCHITECTURE.md has no room {room}"
    # The package's own name is on the way to every import.
    if target in {room, "", "__version__"}:
        return ""
    if not room:
        # `open_archive` imports it when it is called; tests/docs/test_python.py holds that.
        return "" if target == "api" else "the package itself imports api alone"
    if target not in rooms[room]:
        return f"{room} may import {', '.join(sorted(rooms[room])) or 'nothing'}"
    return ""


def _why_not_outside(target: str, room: str) -> str:
    for module, allowed in RESERVED.items():
        if f"{target}.".startswith(f"{module}.") and room not in allowed:
            return f"{module} is for {', '.join(sorted(allowed))} only"
    return ""


def _room(module: str) -> str:
    """`archive` for `collector.archive.journal`; empty for the package itself."""
    return module.partition(".")[2].partition(".")[0]


@pytest.fixture(scope="module")
def rooms(root: Path) -> dict[str, frozenset[str]]:
    return read_rooms((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))


def test_the_table_goes_one_way_from_cli_down_to_errors(rooms: dict[str, frozenset[str]]) -> None:
    assert rooms["errors"] == frozenset()
    assert rooms["model"] == {"errors"}
    assert rooms["diff"] == {"model", "errors"}
    assert rooms["cli"] == rooms.keys() - {"cli"}


def test_a_cyclic_table_is_refused() -> None:
    with pytest.raises(CycleError):
        read_rooms("| `collector.a` | this | b |\n| `collector.b` | that | a |\n")


def test_every_room_of_the_code_is_in_the_table(root: Path, rooms: dict[str, frozenset[str]]) -> None:
    packages = {path.parent.name for path in (root / "collector").glob("*/__init__.py")}
    code = packages | {path.stem for path in (root / "collector").glob("*.py")} - {"__init__"}
    assert code <= rooms.keys()


def test_imports_keep_to_the_table(root: Path, rooms: dict[str, frozenset[str]]) -> None:
    faults = list(iter_faults(root, rooms))
    assert not faults, "\n".join(["imports against ARCHITECTURE.md:", *faults])


@pytest.mark.parametrize(
    ("path", "line", "fault"),
    [
        (
            "model/a.py",
            "from collector.archive.journal import read",
            "archive.journal.read (line 1): model may import",
        ),
        ("diff/a.py", "import collector.pages", "collector.pages (line 1): diff may import errors, model"),
        ("diff/a.py", "from collector import pages", "diff may import errors, model"),
        ("diff/a.py", "from ..pages import views", "collector.pages.views (line 1): diff may import"),
        ("diff/__init__.py", "from ..pages import views", "collector.pages.views (line 1): diff may import"),
        ("errors.py", "from collector.model.digests import Digest", "errors may import nothing"),
        ("__init__.py", "from collector.model.digests import Digest", "the package itself imports api alone"),
        (
            "diff/a.py",
            "import typing\nif typing.TYPE_CHECKING:\n    import collector.pages",
            "(line 3): diff may import",
        ),
        (
            "site/a.py",
            "if TYPE_CHECKING:\n    pass\nelse:\n    import jinja2",
            "jinja2 is for describe, pages, publish only",
        ),
        ("loft/a.py", "from collector.model.digests import Digest", "has no room loft"),
        ("archive/a.py", "def f():\n    import subprocess", "(line 2): subprocess is for importer, registry only"),
        ("site/a.py", "from jinja2 import Environment", "jinja2 is for describe, pages, publish only"),
        ("pages/a.py", "import mkdocs.config.base", "mkdocs is for site only"),
        ("cli/a.py", "from urllib import request", "urllib.request is for registry only"),
        ("cli/a.py", "import importlib\nimportlib.import_module('requests')", "requests is for registry only"),
        ("cli/a.py", "from http.server import HTTPServer", "http.server is for site only"),
    ],
)
def test_an_import_against_the_table_is_found(
    tmp_path: Path, rooms: dict[str, frozenset[str]], path: str, line: str, fault: str
) -> None:
    file = tmp_path / "collector" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)
    (found,) = iter_faults(tmp_path, rooms)
    assert fault in found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("cli/a.py", "from collector import __version__"),
        ("cli/a.py", "from collector.importer.archive_import import run"),
        ("site/a.py", "from collector.model.digests import Digest\nfrom http.server import HTTPServer"),
        ("site/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import jinja2"),
        ("importer/a.py", "import subprocess"),
        ("importer/a.py", "from collector.importer.git import read"),
        ("model/a.py", "from urllib.parse import quote\nimport socketserver_like"),
    ],
)
def test_an_import_that_the_table_allows_is_accepted(
    tmp_path: Path, rooms: dict[str, frozenset[str]], path: str, line: str
) -> None:
    file = tmp_path / "collector" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)
    assert not list(iter_faults(tmp_path, rooms))
