"""Puts the site's frame and the sample archive into the wheel, so that `repo-info` runs outside a checkout."""

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
    """A hook; `force-include` would leave stale copies beside an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the pieces, except to an editable wheel. A missing piece stops the build."""
        if version != "editable":
            root = Path(self.root)
            build_data["force_include"].update({str(root / here): there for here, there in PIECES.items()})
