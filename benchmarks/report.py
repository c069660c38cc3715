"""The whole output: the machine and the subject, the table, and the commands."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.bench import PACKAGES_SITE, SITE, Bench
from benchmarks.kinds import render_kinds
from benchmarks.peers import render_peers
from benchmarks.rows import Row, render_table

_TOOLS = ("repo-info", "mkdocs", "mkdocs-material", "Markdown", "comrak", "msgspec")


def render_report(bench: Bench, rows: Sequence[Row], *, full: bool) -> str:
    """Markdown."""
    scope = "the whole archive" if bench.has_source and not bench.images else ", ".join(bench.images) or "the sample"
    judged = "" if full else " The aims are for the whole archive: what is small is mostly start-up time."
    commands = "\n".join(bench.commands)
    return (
        f"{_describe_machine()} Measured: {scope}.{judged}\n\n"
        f"## Aims\n\n{render_table(rows)}\n"
        f"## Peers\n\n{render_peers(bench)}\n"
        f"## What is published\n\n{_describe_site(bench)}\n"
        "## Commands\n\n"
        f"In the order in which they ran, each in a fresh process:\n\n```sh\n{commands}\n```\n"
    )


def _describe_site(bench: Bench) -> str:
    site, with_packages = bench.folder / SITE, bench.folder / PACKAGES_SITE
    packages = f"\nTen images with their packages:\n\n{render_kinds(with_packages)}" if with_packages.is_dir() else ""
    return (render_kinds(site) if site.is_dir() else "No site was built.\n") + packages


def _describe_machine() -> str:
    today = datetime.now(UTC).date().isoformat()
    tools = ", ".join(f"{name} {version(name)}" for name in _TOOLS)
    machine = f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
    return f"{today}, {machine}, {tools}."
