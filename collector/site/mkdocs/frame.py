"""Runs MkDocs for the hand-written pages, the theme's files and the shell; the only caller of MkDocs' build."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from collector.errors import BuildError
from collector.site.mkdocs.frame_facts import SOURCES, FrameFacts
from collector.site.mkdocs.plugin import RepoInfoPlugin


class Frame(FrameFacts, frozen=True, kw_only=True):
    """All of the site that does not come from the archive."""

    files: Mapping[str, bytes]


def render_frame(
    config_file: Path,
    *,
    site_url: str | None = None,
    site_name: str | None = None,
    editions: tuple[str, ...] | None = None,
) -> Frame:
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
            if editions is not None:
                plugin.config.editions = list(editions)
            _run(config)
        except MkDocsException as error:
            raise BuildError(f"MkDocs: {error}", hint=f"compare {config_file}") from error
        return Frame(
            shell=plugin.shell,
            files=_read_files(Path(folder)),
            site_url=config.site_url or "",
            provider=plugin.config.provider,
            badges=plugin.config.badges,
            editions=plugin.editions,
            is_repeatable=_is_repeatable(config, config_file),
        )


def _is_repeatable(config: MkDocsConfig, config_file: Path) -> bool:
    """Whether all that was read lies in mkdocs.yml and the folder of sources: other plugins may read anything."""
    sources = (config_file.parent / SOURCES).resolve()
    folders = [config.docs_dir, *([config.theme.custom_dir] if config.theme.custom_dir else [])]
    text = config_file.read_bytes()
    return (
        set(config.plugins) <= {"repo-info"}
        and not config.hooks
        and all(Path(folder).resolve().is_relative_to(sources) for folder in folders)
        and not any(word in text for word in (b"!ENV", b"INHERIT", b"snippets"))
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
