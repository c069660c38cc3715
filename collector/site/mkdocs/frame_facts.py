"""The frame as a task: MkDocs is neither loaded nor run if everything that it reads is unchanged."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.configuration import SiteSettings, SiteTable
from collector.site.shell import Shell

SOURCES = "site_src"
"""The folder beside mkdocs.yml with everything else."""


class FrameFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of the frame that the archive's pages need."""

    shell: Shell
    settings: SiteSettings
    is_repeatable: bool
    """Whether `FrameSources.key` covers everything that was read."""

    @property
    def key(self) -> str:
        """With equal keys, pages of equal documents have the same bytes."""
        return sha256(msgspec.msgpack.encode(self.shell)).hexdigest()


class FrameSources(msgspec.Struct, frozen=True, kw_only=True):
    """The sources of a frame."""

    config_file: Path
    """mkdocs.yml."""
    site: SiteTable = SiteTable()
    """Settings that take precedence over mkdocs.yml."""

    def key(self, program: str) -> str:
        """A key of the frame, if the frame is repeatable. `program`: the key of this program's code."""
        seen = sha256(msgspec.json.encode((program, self.site, *sorted(_installed()))))
        folder = self.config_file.parent / SOURCES
        for path in (self.config_file, *sorted(path for path in folder.rglob("*") if path.is_file())):
            content = path.read_bytes()
            seen.update(f"\0{path.relative_to(self.config_file.parent)}\0{len(content)}\0".encode() + content)
        return seen.hexdigest()


def _installed() -> set[str]:
    """Names and versions of all installed packages, including MkDocs, its themes and its extensions."""
    folders = [Path(folder) for folder in sys.path if folder]
    return {path.name for folder in folders if folder.is_dir() for path in folder.glob("*.dist-info")}
