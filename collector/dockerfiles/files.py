"""The files of a folder that name images: Dockerfiles, and YAML files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from collector.dockerfiles.dockerfile import NamedImage, parse_dockerfile
from collector.dockerfiles.yaml_files import parse_yaml
from collector.errors import InvalidValue, UsageError

MAX_BYTES = 2**22
_MAX_FILES = 10_000
_DOCKERFILE = re.compile(r"(?:.+\.)?(?:Dockerfile|Containerfile)(?:\..+)?\Z", re.IGNORECASE)
_YAML = re.compile(r".+\.ya?ml\Z", re.IGNORECASE)
_FROM = re.compile(r"^\ufeff?[ \t]*FROM[ \t\\`]", re.IGNORECASE | re.MULTILINE)
_YAML_START = re.compile(
    r"""
    \ufeff? (?: [ \t]* (?:\#[^\n]*)? \r?\n )*  # empty lines and comments
    [ \t]* (?: --- | [-?][ ] | %YAML | \[ | \{(?![{%#]) | (?:[\w./$-]+ | "[^"\n]*" | '[^'\n]*') [ \t]* : (?:\s|\Z) )
    """,
    re.VERBOSE | re.ASCII,
)
"""A key, an item, or the mark of a document. Templates of Dockerfiles begin with `{{`."""
_LEFT_OUT = frozenset({"node_modules", "vendor", "__pycache__"})


def find_files(path: Path) -> Iterator[Path]:
    """The file itself, or the Dockerfiles and YAML files of a folder, sorted by path. Links are not followed.

    Folders of dependencies, and folders whose names begin with a dot, are skipped.

    Raises:
        UsageError: the path does not exist, or the folder has more than 10,000 files.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    if not path.is_dir():
        yield path
        return
    for count, found in enumerate(_iter_folder(path)):
        if count == _MAX_FILES:
            raise UsageError(f"{path}: more than {_MAX_FILES:,} such files", hint="name a smaller folder")
        yield found


def _iter_folder(path: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _LEFT_OUT)
        for name in sorted(names):
            file = Path(folder, name)
            if (_DOCKERFILE.match(name) or _YAML.match(name)) and file.is_file() and not file.is_symlink():
                yield file


def read_images(path: Path) -> list[NamedImage]:
    """The images that a file names.

    Raises:
        InvalidValue: the file is too large, its YAML cannot be read, or it is no Dockerfile.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    return parse_images(content, path.name)


def parse_images(content: bytes, name: str = "") -> list[NamedImage]:
    """The images that the content of a file names.

    Where its name leaves that open, it is YAML if it begins so, or has no FROM.

    Raises:
        InvalidValue: it is too large, its YAML cannot be read, or it is neither.
    """
    if len(content) > MAX_BYTES:
        raise InvalidValue("larger than 4 MiB", hint="name a Dockerfile, a compose file or a Kubernetes manifest")
    text = content.decode("utf-8", "surrogateescape")
    if _YAML.match(name):
        return parse_yaml(text)
    if _DOCKERFILE.match(name) or (_FROM.search(text) and not _YAML_START.match(text)):
        return parse_dockerfile(text)
    found = parse_yaml(text)
    if not found:
        raise InvalidValue("no FROM and no image")
    return found
