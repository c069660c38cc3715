"""Finds mkdocs.yml and site_src: in the root of a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

import collector
from collector.errors import BuildError


def config_file() -> Path:
    """The mkdocs.yml for the site; site_src is beside it.

    Raises:
        BuildError: it is missing.
    """
    package = Path(collector.__file__).resolve().parent
    places = (package / "_site" / "mkdocs.yml", package.parent / "mkdocs.yml")
    for place in places:
        if place.is_file() and (place.parent / "site_src").is_dir():
            return place
    raise BuildError("mkdocs.yml and site_src are missing from this installation", hint="install repo-info again")
