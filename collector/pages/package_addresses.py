"""The addresses of pages and files about packages."""

from __future__ import annotations

import re

from collector.model.packages import DATABASES

LIST = "packages/"
"""The folder of a package list, below its platform's page."""

_IN_PATHS = re.compile(r"[a-z0-9][a-z0-9.+-]{0,127}\Z", re.ASCII)
_FILES = frozenset({"index.html", "index.md", "feed.xml"})


def package_address(package_type: str, source: str) -> str | None:
    """`packages/deb/openssl/`: the page of a source package; None if it has none, because of its type or its name."""
    is_path = package_type in DATABASES and _IN_PATHS.match(source) and not source.endswith(".json")
    return f"packages/{package_type}/{source}/" if is_path and source not in _FILES else None
