"""The project's documents, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "SECURITY.md", "examples/README.md")

_CODE = re.compile(r"^```sh\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)


def iter_commands(root: Path, program: str) -> Iterator[tuple[str, list[str]]]:
    """Document and arguments of each call of a program, in blocks of shell and in code within the text."""
    for document in DOCUMENTS:
        for block, inline in _CODE.findall((root / document).read_text(encoding="utf-8")):
            for line in (block or inline).splitlines():
                if line.startswith(f"{program} "):
                    yield document, shlex.split(line, comments=True)[1:]


def make_targets(root: Path) -> set[str]:
    """The targets that `make help` lists."""
    return set(re.findall(r"^([a-z]+):.* ## ", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
