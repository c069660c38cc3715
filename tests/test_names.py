"""Names of modules are nouns, one for one thing; modules do not import in a circle, and tests not from other tests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.imports import iter_imports

MIRRORS = re.compile(r"// Mirrors (collector/[a-z_/]+\.py)")


def module_name(root: Path, path: Path) -> str:
    """`collector.archive.journal` for its file; of a package, `collector.archive`."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def iter_modules(root: Path, package: str) -> Iterator[str]:
    """The names of all modules and packages below `root/package`."""
    return (module_name(root, path) for path in sorted((root / package).rglob("*.py")))


def gerunds(modules: Iterator[str]) -> list[str]:
    """Modules with a word in their own name that says what happens, not what is there."""
    return [module for module in modules for word in module.rpartition(".")[2].split("_") if word.endswith("ing")]


def widespread(modules: Iterator[str]) -> dict[str, list[str]]:
    """Base names of modules that more than two rooms have, with the modules."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for module in modules:
        _, room, *rest = [*module.split("."), ""]
        if any(rest):
            found[module.rpartition(".")[2]][room] = module
    return {name: list(rooms.values()) for name, rooms in found.items() if len(rooms) > 2}


def circle(root: Path, package: str) -> list[str]:
    """Modules that import each other, the first again at the end; empty where there is no circle.

    Imports in functions and imports for types count, too: who changes one of these modules has to know all of them.
    """
    modules = set(iter_modules(root, package))
    imports: dict[str, set[str]] = defaultdict(set)
    for found in iter_imports(root, package):
        target = found.target
        while target and target not in modules:
            target = target.rpartition(".")[0]
        # Whoever imports `a.b.c` runs `a/__init__.py` and `a/b/__init__.py`, too.
        while target:
            if target != found.module and not found.module.startswith(f"{target}."):
                imports[found.module].add(target)
            target = target.rpartition(".")[0]
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def write(root: Path, modules: Mapping[str, str]) -> None:
    for path, text in modules.items():
        (root / "collector" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "collector" / path).write_text(text)


def test_no_module_is_named_by_a_gerund(root: Path) -> None:
    assert gerunds(iter_modules(root, "collector")) == []


def test_no_base_name_is_in_more_than_two_rooms(root: Path) -> None:
    assert widespread(iter_modules(root, "collector")) == {}


def test_no_modules_import_in_a_circle(root: Path) -> None:
    assert circle(root, "collector") == []


def test_a_script_has_the_name_of_the_module_that_it_mirrors(root: Path) -> None:
    mirrors = {
        script.relative_to(root).as_posix(): root / found[1]
        for script in sorted((root / "site_src/assets/javascripts").rglob("*.js"))
        if (found := MIRRORS.match(script.read_text()))
    }
    assert len(mirrors) > 10
    assert [name for name, module in mirrors.items() if not module.exists() or module.stem != Path(name).stem] == []


def test_no_test_imports_from_another(root: Path) -> None:
    assert [
        f"{found.module} (line {found.line}): {found.target}"
        for found in iter_imports(root, "tests")
        if any(part.startswith("test_") for part in found.target.split(".")[:-1])
    ] == []


def test_bad_names_are_found(tmp_path: Path) -> None:
    names = "a/text b/text c/text a/tag_settling b/making/__init__ a/ingots".split()
    write(tmp_path, {f"{name}.py": "" for name in names})
    modules = list(iter_modules(tmp_path, "collector"))
    assert gerunds(iter(modules)) == ["collector.a.tag_settling", "collector.b.making"]
    assert list(widespread(iter(modules))) == ["text"]


@pytest.mark.parametrize(
    "line",
    [
        "from collector.a import one",
        "def f():\n    import collector.a.one",
        "if TYPE_CHECKING:\n    from ..a import one",
    ],
)
def test_a_circle_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"a/one.py": "from collector.b.two import Two", "b/two.py": line, "c/three.py": line})
    assert set(circle(tmp_path, "collector")) == {"collector.a.one", "collector.b.two"}


def test_a_circle_through_a_package_is_found(tmp_path: Path) -> None:
    modules = {
        "p/__init__.py": "from collector.p.one import One",
        "p/one.py": "from collector.q import Q",
        "p/two.py": "",
        "q.py": "from collector.p.two import Two",
    }
    write(tmp_path, modules)
    assert set(circle(tmp_path, "collector")) == {"collector.p", "collector.p.one", "collector.q"}
