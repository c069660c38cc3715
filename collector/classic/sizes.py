"""Sizes as the generator of classic pages writes them: `29.4 MB (29429891 bytes)`, `1000.0 B`.

The generator takes the next unit while `int(size / 1000 ** unit) > 1000`, so exactly 1000 of a unit stays in that unit.
"""

from __future__ import annotations

import re

from collector.errors import InvalidValue

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_SIZE = re.compile(r"(?:[0-9]{1,4}\.[0-9] [KMGTPE]B \(([0-9]{4,18}) bytes\)|([0-9]{1,3}|1000)\.0 B)\Z")


def render_size(size: int) -> str:
    """Write the rounded size, followed by the exact bytes unless the unit is bytes."""
    unit = 0
    while int(size / 1000**unit) > 1000 and unit < len(_UNITS) - 1:
        unit += 1
    rounded = f"{size / 1000**unit:.1f} {_UNITS[unit]}"
    return f"{rounded} ({size} bytes)" if unit else rounded


def parse_size(text: str) -> int:
    """Read the exact bytes.

    Raises:
        InvalidValue: the text is not in this form.
    """
    match = _SIZE.match(text)
    if not match:
        raise InvalidValue(f"not a size: {text[:60]!r}")
    return int(match[1] or match[2])
