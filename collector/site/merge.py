"""Makes one site of its parts. The result has the bytes that one build of the whole archive would have given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from collector.errors import BuildError
from collector.model.times import PATTERN
from collector.pages.tasks import Task, edition_of
from collector.site.build_session import BuildOptions, building
from collector.site.incremental import Done, Place
from collector.site.outputs import File, Piece, Pieces
from collector.site.plain_files import read_plain
from collector.site.provider import load_finish
from collector.site.records import Record, Row
from collector.site.reports import BuildReport
from collector.site.run_tasks import Job, Progress
from collector.site.shard_folder import Part, read_parts
from collector.site.task_outputs import Finish, Finisher

_AGAIN = "build this part again, and bring all of it here"
_TIME = re.compile(PATTERN)


class PartTaker(msgspec.Struct, frozen=True, kw_only=True):
    """Takes the files of parts for tasks. Travels to the other processes by pickle."""

    folders: dict[str, Part]
    """By the name of the task."""
    place: Place

    def run(self, job: Job) -> Done:
        """Do one task."""
        task, before = job
        return self.place.do(task, before, partial(self._pieces, task.name))

    def _pieces(self, name: str) -> Pieces:
        part = self.folders[name]
        record = part.shelf.read(part.facts.tasks[name].record, Record)
        if record is None:
            raise BuildError(f"{part.folder}: what is to be known of {name} is missing or damaged", hint=_AGAIN)
        for row in record.rows:
            if row.updated is not None and not _TIME.match(row.updated):
                raise BuildError(f"{part.folder}: not a time: {row.updated[:40]!r}", hint=_AGAIN)
            yield Piece(name=row.name, key=row.key, updated=row.updated, make=partial(_read_row, part.folder, row))
        return record.summary


def _read_row(folder: Path, row: Row) -> list[File]:
    files = []
    for path, size in row.files:
        content = read_plain(folder, path, size)
        if content is None or len(content) != size:
            raise BuildError(f"{folder}: {path!r} is missing, or not as it was built", hint=_AGAIN)
        files.append((path, content))
    return files


def merge_parts(
    folders: Sequence[Path],
    site: Path,
    options: BuildOptions,
    *,
    finish: Finish | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Make `site` the site that the parts in these folders make together. They stay as they are.

    Args:
        options: of them `jobs` and `full`; all else is as the parts say.
        finish: in place of the provider's that mkdocs.yml names.

    Raises:
        BuildError: the parts are not whole, not of one site, or of another program; or the site cannot be changed.
    """
    if site.resolve() in {folder.resolve() for folder in folders}:
        raise BuildError(f"{site} is one of the parts", hint="choose another folder for the site")
    parts = read_parts(folders)
    said = parts[0].facts
    options = msgspec.structs.replace(options, **msgspec.structs.asdict(said.choices))
    with building(site, options) as build:
        if build.key != said.key:
            message = f"{parts[0].folder} was built with other templates or tools, by repo-info {said.version}"
            raise BuildError(message, hint="install the same packages here and where the parts are built")
        tasks = {name: part for part in parts for name in part.facts.tasks}
        if strange := {edition_of(name) for name in tasks}.difference(build.options.editions, ("",)):
            raise BuildError(f"a part has an edition that the site is not to have: {min(strange)}", hint=_AGAIN)
        plan = [Task(name=name, key=part.facts.tasks[name].key) for name, part in tasks.items()]
        build.do(plan, PartTaker(folders=tasks, place=build.place).run, progress)
        last = Finisher(
            finish=finish or load_finish(build.facts.provider),
            options=build.options,
            shell=build.facts.shell,
            shelf=build.place.shelf,
        )
        try:
            return build.end(last.pieces)
        except msgspec.MsgspecError as error:
            raise BuildError(f"what a part says of its images is damaged: {error}", hint=_AGAIN) from None
