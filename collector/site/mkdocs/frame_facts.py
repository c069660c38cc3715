"""The frame as a task like any other, so that MkDocs is neither loaded nor run where all that it reads is as it was."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.site.outputs import Pieces, asset_piece
from collector.site.shell import Shell

SOURCES = "site_src"
"""The folder beside mkdocs.yml that has all else."""


class FrameFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive's pages need to know of the frame."""

    shell: Shell
    site_url: str
    """With a slash at its end; empty where none is configured."""
    provider: str
    """`module:callable`, as configured."""
    badges: bool
    """Whether mkdocs.yml asks for them."""
    editions: tuple[str, ...]
    """Their days, the newest first: as asked for, or as mkdocs.yml says."""
    is_repeatable: bool
    """Nothing was read that `FrameSources.key` does not see."""

    @property
    def key(self) -> str:
        """Equal keys: every page of the same document has the same bytes."""
        return sha256(msgspec.msgpack.encode(self.shell)).hexdigest()


class FrameSources(msgspec.Struct, frozen=True, kw_only=True):
    """What a frame is made from."""

    config_file: Path
    """mkdocs.yml."""
    site_url: str | None
    """None: as mkdocs.yml says; so are name and editions."""
    site_name: str | None
    editions: tuple[str, ...] | None

    def key(self, program: str) -> str:
        """Equal keys, equal frames, where the frame is repeatable. `program`: the key of this program's code."""
        chosen = (self.site_url, self.site_name, self.editions)
        seen = sha256(msgspec.json.encode((program, *chosen, *sorted(_installed()))))
        folder = self.config_file.parent / SOURCES
        for path in (self.config_file, *sorted(path for path in folder.rglob("*") if path.is_file())):
            content = path.read_bytes()
            seen.update(f"\0{path.relative_to(self.config_file.parent)}\0{len(content)}\0".encode() + content)
        return seen.hexdigest()

    def pieces(self) -> Pieces:
        """The frame's files; returns its facts. MkDocs says nothing but its warnings, on standard error.

        Raises:
            BuildError: MkDocs refuses.
        """
        # MkDocs takes longer to load than a rebuild of nothing takes in all.
        from collector.site.mkdocs.frame import render_frame

        frame = render_frame(self.config_file, site_url=self.site_url, site_name=self.site_name, editions=self.editions)
        for path, content in frame.files.items():
            yield asset_piece(path, content)
        facts = {name: getattr(frame, name) for name in FrameFacts.__struct_fields__}
        return msgspec.msgpack.encode(facts)


def _installed() -> set[str]:
    """Names and versions of all that is installed beside this program: MkDocs, its themes and extensions among it."""
    folders = [Path(folder) for folder in sys.path if folder]
    return {path.name for folder in folders if folder.is_dir() for path in folder.glob("*.dist-info")}
