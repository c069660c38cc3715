"""Small pictures of data in a page, drawn when the site is built."""

from __future__ import annotations

import re
from datetime import date

_SIZES = re.compile(r'<pre><code class="language-sizes">([0-9\n -]*)</code></pre>')
_WIDTH, _HEIGHT, _TICK = 600, 60, 6
_BOTTOM = _HEIGHT - _TICK - 3


def with_pictures(html: str) -> str:
    """Replace each block of sizes over time by a picture. The sentence before it gives the same facts."""
    return _SIZES.sub(lambda block: draw_sizes(block[1]) + _span(block[1]), html)


def draw_sizes(data: str) -> str:
    """An SVG: a line for the size over time, from the smallest to the largest; below it a tick for each change.

    Args:
        data: lines of a day and a size in bytes, or `-` if there is none.
    """
    rows = [line.split() for line in data.splitlines()]
    days = [date.fromisoformat(day).toordinal() for day, _ in rows]
    known = [int(size) for _, size in rows if size != "-"] or [0]
    low, high = min(known), max(known)
    first, span = days[0], max(1, days[-1] - days[0])
    # The last state continues: the line ends a little after the last change.
    across = [round((day - first) * (_WIDTH - 20) / span) for day in days]
    up = [_BOTTOM - (0 if size == "-" else _step(int(size), low, high)) for _, size in rows]
    line = f"M0 {up[0]}" + "".join(f"H{x}V{y}" for x, y, last in zip(across[1:], up[1:], up, strict=False) if y != last)
    ticks = "".join(f"M{x} {_HEIGHT}v-{_TICK}" for x in dict.fromkeys(across))
    return (
        f'<svg class="ri-sizes" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{line}H{_WIDTH}"/><path d="{ticks}"/></svg>'
    )


def _span(data: str) -> str:
    """The line below the picture: its first day, and the day of the last change."""
    days = [line.split()[0] for line in data.splitlines()]
    return f'<p class="ri-span"><span>{days[0]}</span><span>{days[-1]}</span></p>'


def _step(size: int, low: int, high: int) -> int:
    """The height of the line: a tenth of the way up for the smallest size, which is not zero."""
    return _BOTTOM // 10 + round((size - low) * (_BOTTOM * 9 // 10 - 2) / max(1, high - low))
