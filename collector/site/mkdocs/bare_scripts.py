"""Scripts without what only their authors read: lines of comment, blank lines, indentation. A fifth of what is sent."""

from __future__ import annotations

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_FOLDER = "assets/javascripts/"
_FOR_AUTHORS = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)
_ESCAPED = re.compile(r"\\.")


def with_bare_scripts(files: Files, config: MkDocsConfig) -> None:
    """Put bare scripts in the place of those in the folder of the project's own pages."""
    for file in list(files):
        if file.src_uri.startswith(_FOLDER) and file.src_uri.endswith(".js") and file.src_dir == config.docs_dir:
            files.remove(file)
            files.append(File.generated(config, file.src_uri, content=bare_script(file.content_string)))


def bare_script(script: str) -> str:
    """The same script, shorter. One that may have a text of several lines is returned unchanged: its lines count."""
    return script if any(map(_may_continue, script.splitlines())) else _FOR_AUTHORS.sub("", script)


def _may_continue(line: str) -> bool:
    """Whether a text may go on after this line: a template literal, or a string with a backslash at the line's end."""
    return line.endswith("\\") or _ESCAPED.sub("", line).count("`") % 2 == 1
