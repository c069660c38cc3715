"""Deduces how many of an image's steps came from its base image.

Neither pages nor configs name the base. It is deduced from the usual form of Dockerfiles:

1. A Dockerfile has its CMD at the end. So a CMD with a step that makes files (RUN, COPY, ADD) anywhere after it ends a
   base, and the last such CMD ends the nearest base.
2. Windows bases have no CMD; they begin with `Apply image 10.0.…` and `Install update 10.0.…`.
3. A first step that only names the tool that made its root filesystem is a base without a CMD, if more than a CMD
   follows: Debian's `RUN # debian.sh --arch 'amd64' out/ 'bookworm' '@1787529600'` since December 2024, busybox's
   `RUN BusyBox 1.37.0 …`.
4. If the first step that makes files adds a root filesystem (`ADD … in /`) and the next such step is more than a minute
   younger, the first step is a base without a CMD (alpine had none until the end of 2016; the steps of one Dockerfile
   are run without a pause).

Limits: if a base has no CMD for another reason, its steps count as the image's own. If an image's own Dockerfile
continues after a CMD, its first steps count as a base. The base of a base is not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.diff.instructions import FILE_INSTRUCTIONS, destination_of, split_step
from collector.model.images import Step
from collector.model.times import Time

_LATER = timedelta(minutes=1)
_ROOT_NAMES = ("# ", "BusyBox ")
_DEBUERREOTYPE = re.compile(r"RUN # (\w{1,20})\.sh [^\n]{0,200}'(\w[\w.-]{0,30})' '@(\d{1,11})'\Z", re.ASCII)
_BUSYBOX = re.compile(r"RUN BusyBox (\d[\w.]{0,20}) ", re.ASCII)
_WINDOWS_BASE = ("Apply image ", "Install update ")


def base_length(steps: Sequence[Step]) -> int:
    """The number of steps at the beginning that came from a base; 0 if no base is found."""
    parsed = [split_step(step.text) for step in steps]
    file_steps = [place for place, (instruction, _) in enumerate(parsed) if instruction in FILE_INSTRUCTIONS]
    if not file_steps:
        return 0
    for place in range(file_steps[-1], -1, -1):
        if parsed[place][0] == "CMD" and file_steps[0] < place:
            return place + 1
    windows = [place for place in file_steps if parsed[place][1].startswith(_WINDOWS_BASE)]
    if windows and windows == file_steps[: len(windows)] and len(windows) < len(file_steps):
        return windows[-1] + 1
    if _names_root(*parsed[0]) and any(instruction != "CMD" for instruction, _ in parsed[1:]):
        return 1
    if len(file_steps) > 1 and adds_root(steps[file_steps[0]].text):
        first, second = file_steps[:2]
        return first + 1 if _much_later(steps[first].created, steps[second].created) else 0
    return 0


def adds_root(text: str) -> bool:
    """Whether a step adds a whole filesystem: an ADD, which unpacks (`ADD file:… in /`), or the name of the tool that
    made it.
    """
    instruction, rest = split_step(text)
    return (instruction == "ADD" and destination_of(rest) == "/") or _names_root(instruction, rest)


def _names_root(instruction: str, rest: str) -> bool:
    """Whether a step only names the tool that made the filesystem: a comment of a shell, or a version of BusyBox."""
    return instruction == "RUN" and rest.startswith(_ROOT_NAMES)


def root_version(text: str) -> tuple[str, str]:
    """The name and version of a root filesystem, from its step; empty if the step does not contain them.

    >>> root_version("RUN # debian.sh --arch 'amd64' out/ 'bookworm' '@1787529600'")
    ('debian bookworm', '2026-08-24')
    >>> root_version("RUN BusyBox 1.37.0 (glibc), Buildroot 2024.08, Debian 13")
    ('BusyBox', '1.37.0')
    """
    if match := _DEBUERREOTYPE.match(text):
        name, suite, seconds = match.groups()
        return f"{name} {suite}", datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d")
    match = _BUSYBOX.match(text)
    return ("BusyBox", match[1]) if match else ("", "")


def _much_later(first: Time | None, second: Time | None) -> bool:
    if first is None or second is None:
        return False
    try:
        return datetime.fromisoformat(second) - datetime.fromisoformat(first) > _LATER
    except ValueError:  # an invalid date
        return False
