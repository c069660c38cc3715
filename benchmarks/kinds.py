"""The parts of a site: files and bytes of each kind, and the share of digests and frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from benchmarks.sizes import iter_files
from benchmarks.units import render_lines, render_mb

_HEAD = ("what", "files", "bytes", "share", "digests in it", "frame of pages")
_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
_ARTICLE = re.compile(rb"<article.*</article>", re.DOTALL)
_STUB = b'http-equiv="refresh"'
_API = Path("api", "v1")
_WITH_TWINS = ("repos", "packages")
"""The folders of pages that have a JSON twin of the same path."""

_DATA = {
    "digests": "index of digests",
    "packages": "index of packages",
    "versions": "index of versions",
    "objects": "contents of all states (objects)",
    "package-lists": "package lists",
}
"""The compressed files, by a folder in their path."""


class Kind(msgspec.Struct, kw_only=True):
    """All files of one kind together."""

    files: int = 0
    bytes: int = 0
    digests: int = 0
    """Bytes of complete digests, including `sha256:`."""
    frame: int = 0
    """Bytes of HTML around the article: the same on each page except for its title, its links and the path to the
    root.
    """


class _Twin(msgspec.Struct):
    kind: str
    address: str
    gone: object = None
    """The history of a tag; for an image, the list of its tags."""
    tag_address: str = ""


def measure_kinds(site: Path) -> dict[str, Kind]:
    """Read all files of a site; the kinds by their names, the largest first."""
    kinds: dict[str, Kind] = {}
    names = _name_pages(site)
    for file in iter_files(site):
        path, content = file.relative_to(site), file.read_bytes()
        name = f"{_name_data(path)}, uncompressed" if _is_copy(file) else _name(path, content, names)
        kind = kinds.setdefault(name, Kind())
        kind.files += 1
        kind.bytes += len(content)
        kind.digests += sum(map(len, _DIGEST.findall(content)))
        if path.suffix == ".html":
            kind.frame += len(content) - sum(map(len, _ARTICLE.findall(content)))
    return dict(sorted(kinds.items(), key=lambda item: -item[1].bytes))


def render_kinds(site: Path) -> str:
    """Markdown: a line for each kind, and one for all."""
    kinds = measure_kinds(site)
    total = Kind(**{field: sum(getattr(kind, field) for kind in kinds.values()) for field in Kind.__struct_fields__})
    lines = (_row(name, kind, total) for name, kind in {**kinds, "all": total}.items())
    return render_lines(_HEAD, lines, numbers=len(_HEAD) - 1)


def _row(name: str, kind: Kind, total: Kind) -> tuple[str, ...]:
    sizes = (render_mb(size) if size else "" for size in (kind.digests, kind.frame))
    return (name, f"{kind.files:,}", render_mb(kind.bytes), f"{kind.bytes / total.bytes:.1%}", *sizes)


def _name_pages(site: Path) -> dict[str, str]:
    """The kind of the page at each address, from its JSON twin."""
    files = (file for folder in _WITH_TWINS for file in iter_files(site / _API / folder))
    twins = [
        msgspec.json.decode(file.read_bytes(), type=_Twin)
        for file in files
        if file.suffix == ".json" and not _is_copy(file)
    ]
    gone = {twin.address for twin in twins if isinstance(twin.gone, str)}
    return {
        twin.address: f"{twin.kind}, gone" if gone & {twin.address, twin.tag_address} else twin.kind for twin in twins
    }


def _name(path: Path, content: bytes, names: Mapping[str, str]) -> str:
    if path.name == "feed.xml":
        return "feeds"
    address = f"{path.parent.as_posix()}/"
    if path.parts[0] == "repos" or address in names:
        return "stubs" if _STUB in content else f"pages: {names[address]}"
    return _name_json(path, names) if path.is_relative_to(_API) else "home, guide, styles and scripts"


def _name_json(path: Path, names: Mapping[str, str]) -> str:
    if path.suffix == ".json":
        address = f"{path.relative_to(_API).with_suffix('').as_posix()}/"
        return f"JSON: {names.get(address, 'of the site')}"
    return _name_data(path)


def _name_data(path: Path) -> str:
    if path.name.startswith("-states.json"):
        return "states by date"
    return _DATA.get(path.parts[2]) or _DATA[path.parent.name]


def _is_copy(file: Path) -> bool:
    """Whether a file is the uncompressed copy of another, as `plain_data` publishes it."""
    return file.suffix == ".json" and file.with_name(f"{file.name}.gz").exists()
