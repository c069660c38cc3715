"""Sends the changes of a day to a bucket, with the commands of the guide, and counts the requests."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from statistics import median_low

from benchmarks.rows import Row
from benchmarks.units import render_mb
from tests.publish.object_store import RCLONE, ObjectStore

_GUIDE = Path(__file__).resolve().parent.parent / "site_src" / "publishing.md"
_RECENT = 30
"""Days among which the usual one is looked for."""


def choose_days(observations: Mapping[str, int]) -> tuple[str, str]:
    """A usual day among the last, with the one before it.

    Args:
        observations: day → their number, in the order of the days.
    """
    days = list(observations)
    usual = median_low([observations[day] for day in days[1:][-_RECENT:]])
    place = max(place for place, day in enumerate(days) if place and observations[day] == usual)
    return days[place - 1], days[place]


def sending_commands() -> str:
    """The commands of the guide that follow the build."""
    recipe = re.findall(r"^```sh\n(rclone copyto .*?)^```$", _GUIDE.read_text(), re.MULTILINE | re.DOTALL)[0]
    _, _, *commands = recipe.splitlines()
    return "\n".join(commands)


def send(store: ObjectStore, folder: Path, what: str) -> Row:
    """Send the site `daily-site` of a folder by the lists in its `changes`."""
    script = re.sub(r"\bcopy site\b", "copy daily-site", sending_commands())
    variables = {**store.variables, "PATH": f"{RCLONE.parent}:/usr/bin:/bin"}
    store.requests()
    subprocess.run(["bash", "-euc", script], check=True, cwd=folder, env=variables, stdin=subprocess.DEVNULL)
    requests = store.requests()
    lists = {name: (folder / "changes" / f"{name}.txt").read_text().splitlines() for name in ("data", "pages", "gone")}
    changed = {*lists["data"], *lists["pages"], "files.txt"}
    sent, removed = requests.pop("CREATE OBJECT", set()), requests.pop("DELETE", set())
    size = sum((folder / "daily-site" / path).stat().st_size for path in changed - {"files.txt"})
    others = ", ".join(f"{len(objects):,} {kind}" for kind, objects in sorted(requests.items())) or "nothing else"
    return Row(
        what=what,
        measured=f"{len(sent):,} PUT, {len(removed):,} DELETE, {others}; {render_mb(size)}",
        compared=f"{len(changed) - 1:,} files changed, {len(lists['gone']):,} are gone",
        aim="only what changed",
        met=sent == changed and removed == set(lists["gone"]) and not requests.keys() & {"LIST BUCKET", "COPY OBJECT"},
    )
