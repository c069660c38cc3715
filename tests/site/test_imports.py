"""All imports of scripts exist, including those of scripts that only some pages load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = (Path(__file__).parents[2] / "site_src/assets/javascripts").resolve()
_IMPORT = re.compile(r'(?:import|export) (?:\{([^}]*)\}|[^{]*?) from "(\.[^"]+)"|import\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


def _exports_of(script: Path) -> set[str]:
    return set(_EXPORT.findall(script.read_text())) if script.is_file() else set()


@pytest.mark.parametrize("name", sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js")))
def test_every_import_of_a_script_is_an_export_of_another(name: str) -> None:
    script = SCRIPTS / name
    for names, static, dynamic in _IMPORT.findall(script.read_text()):
        imported = (script.parent / (static or dynamic)).resolve()
        assert imported.is_file(), static or dynamic
        wanted = {one.split(" as ")[0].strip() for one in names.split(",") if one.strip()}
        assert wanted <= _exports_of(imported), imported.name
