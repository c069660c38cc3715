"""Puts the site's frame and the sample archive into the wheel, for whom `repo-info` runs outside a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PIECES = {
    "mkdocs.yml": "collector/_site/mkdocs.yml",
    "site_src": "collector/_site/site_src",
    "examples/archive": "collector/_site/sample",
}


class SitePieces(BuildHookInterface[Any]):
    """A hook, and not `force-include`, which would leave stale copies beside an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the pieces to a wheel that is no editable one. A piece that is missing stops the build."""
        if version != "editable":
            root = Path(self.root)
            build_data["force_include"].update({str(root / here): there for here, there in PIECES.items()})
