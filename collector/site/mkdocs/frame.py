"""Runs MkDocs for the hand-written pages, the theme's files and the shell; the only caller of MkDocs' build."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from collector.errors import BuildError
from collector.site.mkdocs.frame_facts import SOURCES, FrameFacts, FrameSources
from collector.site.mkdocs.plugin import RepoInfoPlugin
from collector.site.outputs import Outputs, file_output


class Frame(FrameFacts, frozen=True, kw_only=True):
    """The files of the site that do not come from the archive."""

    files: Mapping[str, bytes]


def frame_outputs(sources: FrameSources) -> Outputs:
    """Yields the files of the frame; returns its facts.

    Raises:
        BuildError: MkDocs refuses.
    """
    frame = render_frame(sources)
    for path, content in frame.files.items():
        yield file_output(path, content)
    facts = {name: getattr(frame, name) for name in FrameFacts.__struct_fields__}
    return msgspec.msgpack.encode(facts)


def render_frame(sources: FrameSources) -> Frame:
    """Build the site without the archive's pages. MkDocs prints only warnings, on standard error.

    Raises:
        BuildError: MkDocs refuses.
    """
    # The theme reads this when it is first loaded; it turns off a banner about the future of MkDocs.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config_file, site = str(sources.config_file), sources.site
    with TemporaryDirectory(prefix="repo-info-") as folder:
        try:
            config = load_config(config_file, site_dir=folder, site_url=site.url, site_name=site.name)
            plugin = _plugin_of(config)
            plugin.chosen = site
            _run(config)
        except MkDocsException as error:
            raise BuildError(f"MkDocs: {error}", hint=f"compare {config_file}") from error
        return Frame(
            shell=plugin.shell,
            settings=plugin.settings,
            files=_read_files(Path(folder)),
            is_repeatable=_is_repeatable(config, sources.config_file),
        )


def _is_repeatable(config: MkDocsConfig, config_file: Path) -> bool:
    """Whether MkDocs read only mkdocs.yml and the folder of sources; other plugins may read any file."""
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
