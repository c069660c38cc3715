"""The platforms of an image's tags as columns of one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from collector.model.sizes import render_size
from collector.pages.table_rows import artifact_name
from collector.pages.views import GroupRow

_MOST = 10
"""Columns that a screen has room for; then those that most rows have."""
_FIRST = ("amd64", "arm64", "arm64/v8")
"""What most readers look for."""


def columns(groups: Sequence[GroupRow]) -> tuple[str, ...]:
    """The platforms that there are, those first that most tags have."""
    counts = Counter(name for group in groups for name in {short_name(platform) for platform in group.platforms})
    if any(group.artifact for group in groups):
        counts["artifact"] = 1
    ordered = sorted(counts, key=lambda name: (name not in _FIRST, -counts[name], name))
    return tuple(ordered[:_MOST])


def cells(group: GroupRow, names: Sequence[str]) -> list[str]:
    """For each column what the group has there: a size in MB, what kind of artifact it is, or nothing."""
    sizes = {short_name(platform): _megabytes(size) for platform, size in reversed(group.platforms.items())}
    if group.artifact:
        sizes["artifact"] = f"{artifact_name(group.artifact)}, {render_size(group.size)}"
    return [sizes.get(name, "") for name in names]


def pulled(groups: Sequence[GroupRow]) -> str | None:
    """The tag to pull for whoever wants the image: `latest` where there is one, else the first."""
    tags = [tag for group in groups if not group.artifact for tag in group.tags]
    return "latest" if "latest" in tags else next(iter(tags), None)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.{0 if size >= 10_000_000 else 1}f}" if size >= 100_000 else f"{size / 1_000_000:.4f}"


def short_name(platform: str) -> str:
    """`arm64/v8` of `linux/arm64/v8`; of another system its name, whatever its version."""
    system, _, rest = platform.partition("/")
    return rest.partition(" ")[0] if system == "linux" and rest else system
