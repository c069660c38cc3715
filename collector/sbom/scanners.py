"""The scanner that made an SBOM, and the system that it found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from collector.model.invisible import replace_unprintable
from collector.model.packages import BY_PAGE

UNKNOWN = "unknown"

_MAX = 100
"""Characters of a scanner's or a system's name."""
_TOOL = re.compile(r"(?P<name>.+?)[-@ ]v?(?P<version>[0-9].*)\Z")
_CARRIER = "buildkit"
"""A tool that documents name beside the scanner that it runs."""


def scanner_name(tools: Iterable[str]) -> str:
    """`syft 1.18.1` from `syft-v1.18.1`: the first tool that does more than carry the document.

    None is called `page`: so it cannot be taken for a page of repo-info.
    """
    names = [name for tool in tools if (name := _name(tool)) not in ("", BY_PAGE)]
    return next((name for name in names if not name.startswith(_CARRIER)), names[0] if names else UNKNOWN)


def usual_system(systems: Iterable[str]) -> str:
    """The system that most packages name."""
    counts = Counter(system for system in systems if system)
    return _short(min(counts, key=lambda system: (-counts[system], system))) if counts else ""


def _name(tool: str) -> str:
    short = _short(tool)
    match = _TOOL.match(short)
    return f"{match['name']} {match['version']}" if match else short


def _short(text: str) -> str:
    return replace_unprintable(text[:_MAX], lambda _: "").strip()
