"""Merges parts into one site. Its bytes equal those of a build of the whole archive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from collector.archive.visits import Looks
from collector.errors import BuildError
from collector.model.json_text import NOT_DECODABLE
from collector.model.progress import Progress, no_progress
from collector.model.times import PATTERN, Time
from collector.pages.site_pages import finish_pages
from collector.pages.tasks import Task, edition_of
from collector.site.build import DEFAULTS, BuildOptions, open_build
from collector.site.incremental import TaskResult, TaskWriter
from collector.site.outputs import File, Output, Outputs
from collector.site.plain_files import checked, read_plain
from collector.site.record_store import Record, Row, divided, file_digest, make_record
from collector.site.reports import BuildReport
from collector.site.run_tasks import Job, SiteContext
from collector.site.shard_folder import Part, PartFacts, read_parts

_AGAIN = "build this part again, and copy the whole folder"
_TIME = re.compile(PATTERN)


class PartReader(msgspec.Struct, frozen=True, kw_only=True):
    """Reads the files of tasks from parts. Worker processes receive it by pickle."""

    parts: dict[str, Part]
    """The part with each task, by the name of the task."""
    writer: TaskWriter
    without_pages: bool = False
    """Whether only the records are read, and no file."""

    def __call__(self, job: Job) -> TaskResult:
        task, previous = job
        if self.without_pages:
            entry = self.writer.enter(task, divided(self._record(task.name), self.writer.left_out))
            return TaskResult(name=task.name, entry=entry, dropped=None)
        return self.writer.write(task, previous, partial(self._outputs, task.name))

    def _record(self, name: str) -> Record:
        part = self.parts[name]
        record = part.records.read(part.facts.tasks[name].record, Record)
        if record is None:
            raise BuildError(f"{part.folder}: the record of {name} is missing or damaged", hint=_AGAIN)
        for row in record.rows:
            if row.updated is not None and not _TIME.match(row.updated):
                raise BuildError(f"{part.folder}: not a time: {row.updated[:40]!r}", hint=_AGAIN)
            for file in row.files:
                checked(file.path)
        # The hashes of paths in the part are not trusted.
        return make_record(record.rows, record.summary)

    def _outputs(self, name: str) -> Outputs:
        part, record = self.parts[name], self._record(name)
        for row in record.rows:
            make = partial(_read_row, part.folder, row)
            yield Output(name=row.name, key=row.key, updated=row.updated, rank=row.rank, make=make)
        return record.summary


def _joined_looks(parts: Iterable[PartFacts]) -> Looks:
    """When the archives of all parts last looked at the images of their own shards."""
    repositories: dict[str, Time] = {}
    tags: dict[str, dict[str, Time]] = {}
    for part in parts:
        own = set(part.shard.own)
        repositories |= {name: time for name, time in part.looks.repositories.items() if name in own}
        tags |= {name: times for name, times in part.looks.tags.items() if name in own}
    return Looks(repositories=dict(sorted(repositories.items())), tags=dict(sorted(tags.items())))


def _read_row(folder: Path, row: Row) -> list[File]:
    files = []
    for file in row.files:
        content = read_plain(folder, file.path, file.size)
        if content is None or len(content) != file.size or file_digest(content) != file.digest:
            raise BuildError(f"{folder}: {file.path!r} is missing or damaged", hint=_AGAIN)
        files.append((file.path, content))
    return files


def merge_parts(
    folders: Sequence[Path],
    site: Path,
    options: BuildOptions = DEFAULTS,
    *,
    without_pages: bool = False,
    progress: Progress = no_progress,
) -> BuildReport:
    """Build the site of all parts in the folder `site`. The parts stay unchanged.

    Args:
        options: only `jobs` and `full` are used; the settings of the site come from the parts.
        without_pages: write only the outputs that need all parts; the files of the parts are not read.

    Raises:
        BuildError: parts are missing, belong to different sites, or come from another version of the program; or the
        site cannot be changed.
    """
    if site.resolve() in {folder.resolve() for folder in folders}:
        raise BuildError(f"{site} is one of the parts", hint="choose another folder for the site")
    parts = read_parts(folders)
    first = parts[0].facts
    with open_build(site, msgspec.structs.replace(options, site=first.site)) as build:
        if build.key != first.key:
            message = f"{parts[0].folder}: built with other templates or tools, by repo-info {first.version}"
            raise BuildError(message, hint="install the same packages here and where the parts are built")
        by_task = {name: part for part in parts for name in part.facts.tasks}
        editions = build.context.settings.editions
        if strange := {edition_of(name) for name in by_task}.difference(editions, ("",)):
            raise BuildError(f"a part has the edition {min(strange)}, which the site does not have", hint=_AGAIN)
        plan = [Task(name=name, key=part.facts.tasks[name].key) for name, part in by_task.items()]
        build.check_loss(plan)

        def runner(context: SiteContext) -> PartReader:
            return PartReader(parts=by_task, writer=context.writer, without_pages=without_pages)

        build.run(plan, runner, progress)
        try:
            looks = _joined_looks(part.facts for part in parts)
            return build.finish_site(partial(finish_pages, looks), key=msgspec.msgpack.encode(looks))
        except NOT_DECODABLE as error:
            raise BuildError(f"the data of images in a part is damaged: {error}", hint=_AGAIN) from None
