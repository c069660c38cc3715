"""Runs MkDocs for the hand-written pages, the theme's files and the shell; the only caller of MkDocs' build."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from collector.errors import BuildError
from collector.site.plugin import RepoInfoPlugin
from collector.site.shell import Shell


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """All of the site that does not come from the archive."""

    shell: Shell
    files: Mapping[str, bytes]
    site_url: str
    """With a slash at its end; empty where none is configured."""
    provider: str
    """`module:callable`, as configured."""

    @property
    def key(self) -> str:
        """Equal keys: every page of the same document has the same bytes."""
        return sha256("\0".join(self.shell.pieces).encode()).hexdigest()


def render_frame(config_file: Path, *, site_url: str | None = None, site_name: str | None = None) -> Frame:
    """Build the site without the archive's pages. MkDocs says nothing but its warnings, on standard error.

    Raises:
        BuildError: MkDocs refuses.
    """
    # Read by the theme when it is first loaded: a banner about the future of MkDocs.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    with TemporaryDirectory(prefix="repo-info-") as folder:
        try:
            config = load_config(str(config_file), site_dir=folder, site_url=site_url, site_name=site_name)
            plugin = _plugin_of(config)
            _run(config)
        except MkDocsException as error:
            raise BuildError(f"MkDocs: {error}", hint=f"compare {config_file}") from error
        return Frame(
            shell=plugin.shell,
            files=_read_files(Path(folder)),
            site_url=config.site_url or "",
            provider=plugin.config.provider,
        )


def _plugin_of(config: MkDocsConfig) -> RepoInfoPlugin:
    plugin = config.plugins.get("repo-info")
    if not isinstance(plugin, RepoInfoPlugin):
        raise BuildError(f"{config.config_file_path} does not use the plugin repo-info", hint="add it under `plugins:`")
    plugin.frame_only = True
    return plugin


def _run(config: MkDocsConfig) -> None:
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()


def _read_files(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
