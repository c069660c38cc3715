"""What is remembered of a build beside the site, so that the next one can skip what has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec

import collector
from collector.site.incremental import TaskEntry


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """One build. The records of its tasks are in the store beside it."""

    key: str
    """Of all that every page depends on: frame, templates, code, tools. Where it differs, everything is made again."""
    frame: TaskEntry
    tasks: dict[str, TaskEntry]
    last: TaskEntry
    """Of what needs all tasks."""

    @property
    def entries(self) -> Iterator[TaskEntry]:
        yield self.frame
        yield from self.tasks.values()
        yield self.last


def program_key() -> str:
    """The key of this program. It covers the code itself, so that no change of the code needs `--full`."""
    package = Path(collector.__file__).parent
    seen = sha256(f"{version('comrak')} {version('jinja2')} {version('msgspec')}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".html", ".md"} and path.is_file():
            seen.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def mark_of(state: BuildState) -> bytes:
    """What the site's mark contains, so that no state is believed of another site than its own."""
    # The frame's key covers all installed packages, most of which make no difference to the site.
    frame = msgspec.structs.replace(state.frame, key="")
    return sha256(msgspec.msgpack.encode(msgspec.structs.replace(state, frame=frame))).hexdigest().encode()


def read_state(path: Path, mark: Path) -> BuildState | None:
    """The state of the site with this mark; None if there is none or it cannot be read."""
    try:
        state = msgspec.msgpack.decode(path.read_bytes(), type=BuildState)
        return state if mark.read_bytes() == mark_of(state) else None
    except (OSError, msgspec.MsgspecError):
        return None
