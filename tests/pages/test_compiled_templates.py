"""Compiled templates are kept beside the compiled modules, and are made again rather than believed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest

from collector.pages.compiled_templates import CompiledTemplates


class Templates:
    """A folder with one template, rendered as by a new process each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / "kept"
        (folder / "one.md.j2").write_text('{{ "a" | shout }}{{ word | shout }}', encoding="utf-8")

    def render(self) -> tuple[str, bool]:
        """The text, and whether the template was compiled."""
        compiled: list[str] = []

        class Environment(jinja2.Environment):
            def compile(self, source: Any, *names: Any, **options: Any) -> Any:
                compiled.append(source)
                return super().compile(source, *names, **options)

        loader = jinja2.FileSystemLoader(self.folder)
        environment = Environment(loader=loader, bytecode_cache=CompiledTemplates(), autoescape=False)
        environment.filters["shout"] = str.upper
        return environment.get_template("one.md.j2").render(word="b"), bool(compiled)

    @property
    def file(self) -> Path:
        (path,) = self.kept.rglob("one.md.*")
        return path


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Templates:
    found = Templates(tmp_path)
    monkeypatch.setattr(sys, "pycache_prefix", str(found.kept))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return found


def test_a_template_is_compiled_once(templates: Templates) -> None:
    assert templates.render() == ("AB", True)
    assert templates.file.name == f"one.md.{sys.implementation.cache_tag}.pyc"
    assert templates.render() == ("AB", False)


def test_another_program_compiles_it_again(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    templates.render()
    monkeypatch.setattr("collector.pages.compiled_templates.program_key", lambda: "another")
    assert [templates.render() for _ in range(2)] == [("AB", True), ("AB", False)]


@pytest.mark.parametrize(
    "damage", [lambda found: b"", lambda found: found[:-9], lambda found: found.replace(b"shout", b"title")]
)
def test_a_damaged_file_is_made_again(templates: Templates, damage: Callable[[bytes], bytes]) -> None:
    templates.render()
    whole = templates.file.read_bytes()
    templates.file.write_bytes(damage(whole))
    assert templates.render() == ("AB", True)
    assert templates.file.read_bytes() == whole


def test_nothing_is_kept_where_python_keeps_nothing(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert templates.render() == ("AB", True)
    assert not templates.kept.exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    templates.kept.write_bytes(b"a file where the folder would be")
    assert templates.render() == ("AB", True)
