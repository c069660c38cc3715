"""Which Chromium the browser tests and the benchmarks drive, and how it is kept from talking to anybody else."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

_NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def find_chromium(environment: Mapping[str, str]) -> str | None:
    """The browser's program: the one that REPO_INFO_CHROMIUM names, else the one on PATH."""
    return environment.get("REPO_INFO_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
