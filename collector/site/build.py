"""Builds the site of an archive, or one part of it. The old site stays unchanged until the new one is complete.

A build renders the frame (everything that does not come from the archive), runs a task for each repository, renders the
site-wide pages, and publishes. `merge` does the same, with tasks that read their files from parts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.archive.visits import last_looks
from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.model.progress import Progress, no_progress
from collector.pages.left_out import LeftOut
from collector.pages.program_key import program_key
from collector.pages.site_pages import SitePages
from collector.pages.tasks import Task, edition_of, image_of
from collector.site.bases_file import ArchiveBases
from collector.site.build_folder import BuildFolder, open_build_folder
from collector.site.destination import MARK
from collector.site.incremental import TaskEntry, TaskResult, TaskWriter
from collector.site.limits import left_out_of, lowest_rank
from collector.site.mkdocs.config_file import config_file
from collector.site.mkdocs.frame_facts import FrameFacts, FrameSources
from collector.site.outputs import Outputs
from collector.site.record_store import Summary
from collector.site.reports import BuildReport, Reporter
from collector.site.run_tasks import Finish, Job, PageRunner, Pages, SiteContext, run_tasks, site_wide
from collector.site.shard_folder import PartFacts, part_outputs
from collector.site.shards import Shard
from collector.site.site_update import SiteUpdate
from collector.site.state import BuildState, read_state


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a build."""

    jobs: int = 0
    """The number of processes; 0 for the number of processors."""
    full: bool = False
    """Whether to render every page again, even if its repository and the program are unchanged."""
    site: SiteTable = SiteTable()
    """Settings that take precedence over mkdocs.yml."""


DEFAULTS = BuildOptions()

Runner = Callable[[SiteContext], Callable[[Job], TaskResult]]
"""Makes what runs each task."""

_MAX_LOSS = 0.5
"""The share of a site's images that the next site may lack."""


def build_site(
    archive: Path, site: Path, options: BuildOptions = DEFAULTS, *, progress: Progress = no_progress
) -> BuildReport:
    """Build the site of an archive in the folder `site`.

    Raises:
        BuildError: the site cannot be built or changed.
        ArchiveError: the archive cannot be read.
    """

    def pages_for(build: Build) -> SitePages:
        return SitePages(archive, build.context.settings, cache=build.bases)

    return build_pages(pages_for, site, options, progress=progress)


def build_pages(
    pages_for: Callable[[Build], Pages],
    site: Path,
    options: BuildOptions = DEFAULTS,
    *,
    progress: Progress = no_progress,
) -> BuildReport:
    """Build the site of these pages in the folder `site`.

    Raises:
        BuildError: the site cannot be built or changed.
    """
    with open_build(site, options) as build:
        pages = pages_for(build)
        plan = pages.plan()
        build.check_loss(plan)
        build.run(plan, lambda context: PageRunner(pages=pages, site=context), progress)
        return build.finish_site(pages.finish, key=pages.finish_key)


def build_part(
    archive: Path,
    part: Path,
    shard: Shard,
    options: BuildOptions = DEFAULTS,
    *,
    bases: ArchiveBases | None = None,
    progress: Progress = no_progress,
) -> BuildReport:
    """Build one part of a site in the folder `part`: the pages of a shard's images. `merge_parts` merges all parts.

    Args:
        archive: with `bases`, it may lack the images of other shards.
        part: the folder.
        shard: the images to build.
        options: how to build.
        bases: those of the whole archive.
        progress: is called after each image.

    Raises:
        BuildError: the part cannot be built, or the archive lacks images of the shard.
        ArchiveError: the archive cannot be read.
    """
    with open_build(part, options) as build:
        pages = SitePages(
            archive,
            build.context.settings,
            images=tuple(shard.images),
            cache=build.bases,
            bases=_bases_of(shard, Archive(archive), bases, names_packages=bool(build.context.settings.packages)),
        )
        plan = _plan_of(shard, pages.plan(), archive)
        build.run(plan, lambda context: PageRunner(pages=pages, site=context), progress)
        looks = last_looks(archive, shard.own)
        facts = PartFacts(key=build.key, site=options.site, shard=shard, tasks={}, looks=looks)
        outputs = partial(part_outputs, facts, build.context.writer.records)
        return build.finish(outputs, key=msgspec.json.encode(facts))


def _bases_of(
    shard: Shard, archive: Archive, bases: ArchiveBases | None, *, names_packages: bool
) -> Mapping[str, bytes] | None:
    """The bases of the whole archive; None if they are to be found in this archive, which is whole."""
    names = {repository.name for repository in archive.repositories()}
    if bases:
        bases.check(archive, names.intersection(shard.own))
        return bases.bases if names_packages else bases.without_packages
    if missing := sorted(shard.images.keys() - names - set(shard.own)):
        hint = "write them with `repo-info shards N --bases FILE`, where the whole archive is; then build with --bases"
        raise BuildError(
            f"{archive.root}: {missing[0]} is missing, so images that are built on it need --bases", hint=hint
        )
    return None


def _plan_of(shard: Shard, plan: Sequence[Task], archive: Path) -> list[Task]:
    """The tasks of the shard's images."""
    images = {image_of(task.name) for task in plan}
    hint = "assign the images again with `repo-info shards`, or restore the state of the archive at that time"
    for name in shard.own:
        if name not in images:
            raise BuildError(f"{archive}: {name} belongs to this shard and is missing", hint=hint)
    for name in sorted(images):
        if name not in shard.images:
            raise BuildError(f"{archive}: {name} is not assigned to any shard", hint=hint)
    return [task for task in plan if shard.images[image_of(task.name)] == shard.number]


def _frame_outputs(sources: FrameSources) -> Outputs:
    # Imported here, because loading MkDocs takes longer than a whole build without changes.
    from collector.site.mkdocs.frame import frame_outputs

    return frame_outputs(sources)


def _sources_of(site: SiteTable) -> FrameSources:
    """The sources of the frame, which does not depend on limits."""
    return FrameSources(
        config_file=config_file(), site=msgspec.structs.replace(site, limit_bytes=None, limit_files=None)
    )


def _images_of(names: Iterable[str]) -> set[str]:
    """The images of the current site, from the names of its tasks."""
    return {name for name in names if not edition_of(name)}


@contextmanager
def open_build(site: Path, options: BuildOptions) -> Iterator[Build]:
    """Begin a build of a site's folder. The site stays unchanged until the end.

    Raises:
        BuildError: the site cannot be built or changed.
    """
    with open_build_folder(site) as folder, folder.open_journal() as journal:
        existing = read_state(folder.state, folder.site / MARK)
        previous = None if options.full else existing
        images = _images_of(existing.tasks) if existing else set()
        yield Build(folder, SiteUpdate(folder, journal, previous), previous, options, images)


class Build:
    """A running build: the frame, then the tasks, then the site-wide pages."""

    def __init__(
        self,
        folder: BuildFolder,
        update: SiteUpdate,
        previous: BuildState | None,
        options: BuildOptions,
        images: Set[str],
    ) -> None:
        """`images`: the images of the existing site."""
        self._folder = folder
        self._images = images
        self._update = update
        self._previous = previous
        self._jobs = options.jobs or os.cpu_count() or 1
        self._plan: Sequence[Task] = ()
        self._runner: Runner
        self._tasks: dict[str, TaskEntry] = {}
        self._made: set[str] = set()
        program = program_key()
        self.bases = folder.bases(program, self._jobs)
        self._frame, facts = self._make_frame(_sources_of(options.site), program)
        settings = options.site.limit(facts.settings)
        self.key = sha256(f"{program} {facts.key}".encode()).hexdigest()
        """Covers everything that every page depends on."""
        writer = TaskWriter(
            destination=folder.destination,
            records=folder.records,
            rewrites=previous is None or previous.key != self.key,
            left_out=previous.left_out if previous and settings.has_limits else 0,
        )
        self.context = SiteContext(settings=settings, shell=facts.shell, writer=writer)

    def _make_frame(self, sources: FrameSources, program: str) -> tuple[TaskEntry, FrameFacts]:
        writer = TaskWriter(destination=self._folder.destination, records=self._folder.records)
        task = Task(name="", key=sources.key(program))
        result = writer.write(task, self._previous.frame if self._previous else None, lambda: _frame_outputs(sources))
        entry = self._update.add(result)
        facts = msgspec.msgpack.decode(self._folder.records.must_read(entry.record, Summary).summary, type=FrameFacts)
        return (entry if facts.is_repeatable else msgspec.structs.replace(entry, key="")), facts

    def check_loss(self, plan: Sequence[Task]) -> None:
        """Refuse a plan that lacks many images of the existing site, because an unreadable archive looks empty.

        Raises:
            BuildError: too many images are missing.
        """
        lost = sorted(self._images - _images_of(task.name for task in plan))
        if len(lost) > _MAX_LOSS * len(self._images):
            message = (
                f"{self._folder.site}: {len(lost)} of its {len(self._images)} images are missing, such as {lost[0]}"
            )
            hint = (
                "check that the archive is complete; to remove these images, remove the site's folder and build again"
            )
            raise BuildError(message, hint=hint)

    def run(self, plan: Sequence[Task], runner: Runner, progress: Progress) -> None:
        """Run the tasks, except those that are unchanged."""
        self._plan, self._runner = plan, runner
        self._run(plan, self._previous.tasks if self._previous else {}, progress)

    def _run(self, plan: Sequence[Task], previous: Mapping[str, TaskEntry], progress: Progress) -> None:
        run = self._runner(self.context)
        for result in run_tasks(plan, run, jobs=self._jobs, previous=previous, progress=progress):
            self._tasks[result.name] = self._update.add(result)
            if not result.is_kept:
                self._made.add(result.name)

    def finish_site(self, finish: Finish, *, key: bytes) -> BuildReport:
        """Write the site-wide outputs of a whole site, then publish it within its limits. `key`: as for `finish`."""
        if self.context.settings.has_limits:
            self._leave_out(finish)
        left_out = left_out_of(self._tasks.values(), self.context.writer.left_out)
        outputs = partial(site_wide, finish, self.context, left_out=left_out)
        return self.finish(outputs, key=key, left_out=left_out)

    def _leave_out(self, finish: Finish) -> None:
        """Leave out as many ranks as necessary, and write rows again if there is room for them now."""
        writer, frame = self.context.writer, self._frame
        outputs = site_wide(finish, self.context, dict(sorted(self._tasks.items())))
        files, size = writer.measure(self._previous.last if self._previous else None, outputs)
        others = frame.files + files, frame.size + size
        rank = lowest_rank(self.context.settings, self._tasks.values(), others=others, left_out=writer.left_out)
        self.context = msgspec.structs.replace(self.context, writer=msgspec.structs.replace(writer, left_out=rank))
        if rank < writer.left_out:
            self._run(self._plan, dict(self._tasks), no_progress)
        elif rank > writer.left_out:
            for name, entry in self._tasks.items():
                self._tasks[name] = self._update.divide(self.context.writer, entry)

    def finish(
        self,
        outputs: Callable[[Mapping[str, TaskEntry]], Outputs],
        *,
        key: bytes = b"",
        left_out: LeftOut | None = None,
    ) -> BuildReport:
        """Write the site-wide outputs, then publish.

        Args:
            outputs: renders the site-wide outputs from the tasks, sorted by name.
            key: covers everything else that these outputs depend on, beside the tasks and the settings.
            left_out: what the site leaves out.
        """
        tasks = dict(sorted(self._tasks.items()))
        parts = (key, left_out, self.context.settings, [(name, entry.record) for name, entry in tasks.items()])
        task = Task(name="", key=sha256(msgspec.msgpack.encode(parts)).hexdigest())
        previous = self._previous.last if self._previous else None
        last = self._update.add(self.context.writer.write(task, previous, lambda: outputs(tasks)))
        state = BuildState(
            key=self.key, frame=self._frame, tasks=tasks, last=last, left_out=self.context.writer.left_out
        )
        self._update.publish(state)
        reporter = Reporter(self._folder.records, self.context.settings)
        return reporter.report(self._frame, tasks, last, self._made, left_out)
