"""What is remembered of a build beside the site, so that the next one can skip what has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec

import collector
from collector.site.sitemap import Entry


class TaskRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a task made."""

    key: str
    paths: tuple[str, ...]
    pages: tuple[Entry, ...]
    """Addresses, and when what they show last changed."""
    summary: bytes


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """One build."""

    key: str
    """Of all that every page depends on: frame, templates, code, tools. Another key: everything is made again."""
    tasks: dict[str, TaskRecord]
    paths: tuple[str, ...]
    """All other files."""

    @property
    def files(self) -> Iterator[str]:
        yield from self.paths
        for record in self.tasks.values():
            yield from record.paths


def build_key(frame: str) -> str:
    """The key of this program with this frame. It covers the code itself, so that no change of it needs a `--full`."""
    package = Path(collector.__file__).parent
    seen = sha256(f"{frame} {version('comrak')} {version('jinja2')} {version('msgspec')}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".html", ".md"} and path.is_file():
            seen.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def encode_state(state: BuildState) -> bytes:
    """A build's record, as bytes."""
    return msgspec.msgpack.encode(state)


def mark_of(state: bytes) -> bytes:
    """What a site carries, so that a record is never believed of another site than its own."""
    return sha256(state).hexdigest().encode()


def read_state(path: Path, mark: Path) -> BuildState | None:
    """The record of the site that carries this mark; None where there is none or it cannot be read."""
    try:
        raw = path.read_bytes()
        return msgspec.msgpack.decode(raw, type=BuildState) if mark.read_bytes() == mark_of(raw) else None
    except (OSError, msgspec.DecodeError):
        return None
