"""The project's documents, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "SECURITY.md", "examples/README.md")

_CODE = re.compile(r"^```(?:sh|console|yaml)\n(.*?)^```|^ {4}(repo-info [^\n]*)|`([^`\n]+)`", re.MULTILINE | re.DOTALL)


def iter_commands(root: Path, program: str) -> Iterator[tuple[str, list[str]]]:
    """The document and the arguments of each call of a program, in blocks of code and in inline code."""
    call = re.compile(rf"^\s*(?:\$ |- run: )?{program} (.*?)(?: > \S+| &&.*| \|.*)?$", re.MULTILINE)
    for document in (*DOCUMENTS, *guide_pages(root)):
        for parts in _CODE.findall((root / document).read_text(encoding="utf-8")):
            for arguments in call.findall("".join(parts)):
                yield document, shlex.split(arguments, comments=True)


def guide_pages(root: Path) -> list[str]:
    """The pages of the guide, relative to the project."""
    return [path.relative_to(root).as_posix() for path in sorted((root / "site_src").glob("*.md"))]


def make_targets(root: Path) -> set[str]:
    """The targets that `make help` lists."""
    return set(re.findall(r"^([a-z]+):.* ## ", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
