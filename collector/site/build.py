"""Builds the whole site, and lets it take the place of the one that is there when all of it is ready."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.pages.options import SiteOptions
from collector.pages.provider import Task
from collector.site.assembly import Assembly
from collector.site.assets import config_file
from collector.site.framing import FrameFacts, FrameSources
from collector.site.output import MARK
from collector.site.place import Entry, Place
from collector.site.produce import Progress, Worker, produce
from collector.site.provider import Provider, load_provider
from collector.site.record import Summary
from collector.site.state import BuildState, program_key, read_state
from collector.site.workbench import Workbench, open_workbench


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to build. None: as mkdocs.yml says."""

    jobs: int = 0
    """Processes; 0 for as many as there are processors."""
    full: bool = False
    """Make every page again, even where its repository and the program are what they were."""
    site_url: str | None = None
    site_name: str | None = None
    badges: bool | None = None


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
    with open_workbench(site) as bench, bench.drafting() as draft:
        before = None if options.full else read_state(bench.state, bench.site / MARK)
        assembly = Assembly(bench, draft, before)
        program = program_key()
        frame, facts = _frame(bench, assembly, program, options, before)
        key = sha256(f"{program} {facts.key}".encode()).hexdigest()
        worker = Worker(
            provider=provider or load_provider(facts.provider, archive, _options_for_pages(facts, options)),
            shell=facts.shell,
            place=Place(output=bench.output(), shelf=bench.shelf, anew=before is None or before.key != key),
            site_url=facts.site_url,
        )
        tasks: dict[str, Entry] = {}
        skipped = 0
        for done in produce(worker, options.jobs or os.cpu_count() or 1, before.tasks if before else {}, progress):
            tasks[done.name] = assembly.take(done)
            skipped += done.is_kept
        last = assembly.take(worker.finish(tasks, before.last if before else None))
        assembly.publish(BuildState(key=key, frame=frame, tasks=dict(sorted(tasks.items())), last=last))
    pages = last.pages + sum(entry.pages for entry in tasks.values())
    return BuildReport(pages=pages, tasks=len(tasks), skipped=skipped)


def _options_for_pages(facts: FrameFacts, options: BuildOptions) -> SiteOptions:
    return SiteOptions(site_url=facts.site_url, badges=facts.badges if options.badges is None else options.badges)


def _frame(
    bench: Workbench, assembly: Assembly, program: str, options: BuildOptions, before: BuildState | None
) -> tuple[Entry, FrameFacts]:
    """Have the frame made, where it is not there already."""
    sources = FrameSources(config_file=config_file(), site_url=options.site_url, site_name=options.site_name)
    task = Task(name="", key=sources.key(program))
    place = Place(output=bench.output(), shelf=bench.shelf)
    entry = assembly.take(place.do(task, before.frame if before else None, sources.pieces))
    facts = msgspec.msgpack.decode(bench.shelf.must_read(entry.record, Summary).summary, type=FrameFacts)
    return (entry if facts.is_repeatable else msgspec.structs.replace(entry, key="")), facts
