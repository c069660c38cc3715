"""Builds the whole site, and lets it take the place of the one that is there when all of it is ready."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from collector.site.assets import config_file
from collector.site.frame import render_frame
from collector.site.output import MARK
from collector.site.produce import Progress, Worker, produce
from collector.site.provider import Provider, load_provider
from collector.site.state import BuildState, build_key, encode_state, mark_of, read_state
from collector.site.workbench import open_workbench


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to build. None: as mkdocs.yml says."""

    jobs: int = 0
    """Processes; 0 for as many as there are processors."""
    full: bool = False
    """Make every page again, even where its repository and the program are what they were."""
    site_url: str | None = None
    site_name: str | None = None


DEFAULTS = BuildOptions()


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did."""

    pages: int
    """From the archive; the hand-written ones aside."""
    tasks: int
    skipped: int
    """Tasks whose pages were taken over from the last build."""


def build_site(
    archive: Path,
    site: Path,
    options: BuildOptions = DEFAULTS,
    *,
    provider: Provider | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Make `site` the site of an archive. Until all is ready the old site stays as it is.

    Without a `provider` the pages come from the one that mkdocs.yml names. `progress` is called as tasks are done.

    Raises:
        BuildError: the site cannot be built or changed.
        ArchiveError: the archive cannot be read.
    """
    with open_workbench(site) as bench:
        frame = render_frame(config_file(), site_url=options.site_url, site_name=options.site_name)
        key = build_key(frame.key)
        before = read_state(bench.state, bench.site / MARK)
        output = bench.output()
        for path, content in frame.files.items():
            output.put(path, content)
        production = produce(
            Worker(provider=provider or load_provider(frame.provider, archive), shell=frame.shell, output=output),
            site_url=frame.site_url,
            jobs=options.jobs or os.cpu_count() or 1,
            before=before if before and before.key == key and not options.full else None,
            progress=progress,
        )
        state = BuildState(key=key, tasks=production.tasks, paths=(MARK, *frame.files, *production.paths))
        record = encode_state(state)
        output.put(MARK, mark_of(record))
        bench.publish(record, frozenset(state.files), None if options.full or not before else before.files)
    return BuildReport(pages=production.pages, tasks=len(production.tasks), skipped=production.skipped)
