"""What is remembered of a build beside the site, so that the next one can skip what has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec

import collector
from collector.site.incremental import Entry


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """One build. What its tasks made is on the shelf beside it."""

    key: str
    """Of all that every page depends on: frame, templates, code, tools. Another key: everything is made again."""
    frame: Entry
    tasks: dict[str, Entry]
    last: Entry
    """Of what needs all tasks."""

    @property
    def entries(self) -> Iterator[Entry]:
        yield self.frame
        yield from self.tasks.values()
        yield self.last


def program_key() -> str:
    """The key of this program. It covers the code itself, so that no change of it needs a `--full`."""
    package = Path(collector.__file__).parent
    seen = sha256(f"{version('comrak')} {version('jinja2')} {version('msgspec')}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".html", ".md"} and path.is_file():
            seen.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def mark_of(state: BuildState) -> bytes:
    """What a site carries, so that a record is never believed of another site than its own."""
    # The key of the frame tells what is installed beside this program, which makes no other site.
    frame = msgspec.structs.replace(state.frame, key="")
    return sha256(msgspec.msgpack.encode(msgspec.structs.replace(state, frame=frame))).hexdigest().encode()


def read_state(path: Path, mark: Path) -> BuildState | None:
    """The record of the site that carries this mark; None where there is none or it cannot be read."""
    try:
        state = msgspec.msgpack.decode(path.read_bytes(), type=BuildState)
        return state if mark.read_bytes() == mark_of(state) else None
    except (OSError, msgspec.MsgspecError):
        return None
