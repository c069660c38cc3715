"""The imports between modules, read from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Import(NamedTuple):
    """One imported name. `target` is as precise as the statement: `from a import b` imports `a.b`."""

    module: str
    line: int
    target: str
    for_types: bool
    """Whether it is under TYPE_CHECKING: it names a type, and is not executed."""


def iter_imports(root: Path, package: str) -> Iterator[Import]:
    """All imports in `root/package`, also those in functions and under TYPE_CHECKING, in the order of the files."""
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        home = module if is_package else module.rpartition(".")[0]
        tree = ast.parse(path.read_bytes(), str(path))
        for_types = set(_iter_for_types(tree))
        for node in ast.walk(tree):
            for target in _targets(node, home):
                yield Import(module, getattr(node, "lineno", 0), target, node in for_types)


def _iter_for_types(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), body=body):
                for statement in body:
                    yield from ast.walk(statement)


def _targets(node: ast.AST, home: str) -> Iterable[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            above = home.split(".")[: len(home.split(".")) - level + 1] if level else []
            base = ".".join([*above, *([module] if module else [])])
            return [f"{base}.{alias.name}" for alias in names]
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]):
            return [name] if called in {"__import__", "import_module"} else []
        case _:
            return []
