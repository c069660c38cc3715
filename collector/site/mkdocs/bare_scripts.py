"""Scripts without comment lines, blank lines and indentation, which are a fifth of their bytes."""

from __future__ import annotations

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_FOLDER = "assets/javascripts/"
_FOR_AUTHORS = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)
_ESCAPED = re.compile(r"\\.")


def with_bare_scripts(files: Files, config: MkDocsConfig) -> None:
    """Replace the scripts of the pages' own folder by bare ones. Those of the theme stay."""
    for file in list(files):
        if file.src_uri.startswith(_FOLDER) and file.src_uri.endswith(".js") and file.src_dir == config.docs_dir:
            files.remove(file)
            files.append(File.generated(config, file.src_uri, content=bare_script(file.content_string)))


def bare_script(script: str) -> str:
    """The same script, shorter. If a literal may span several lines, it is returned unchanged."""
    return script if any(map(_may_continue, script.splitlines())) else _FOR_AUTHORS.sub("", script)


def _may_continue(line: str) -> bool:
    """Whether a literal may continue on the next line: a template, or a string that ends in a backslash."""
    return line.endswith("\\") or _ESCAPED.sub("", line).count("`") % 2 == 1
