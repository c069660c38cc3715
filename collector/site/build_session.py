"""What every build does, of a whole site, of a part of one, or of parts: the frame, the tasks, what needs them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.pages.options import SiteOptions
from collector.pages.tasks import Task
from collector.site.build_folder import Workbench, open_workbench
from collector.site.destination import MARK
from collector.site.incremental import Entry, Place
from collector.site.mkdocs.config_file import config_file
from collector.site.mkdocs.frame_facts import FrameFacts, FrameSources
from collector.site.outputs import Pieces
from collector.site.publish import Assembly
from collector.site.records import Summary
from collector.site.reports import BuildReport, Reporter
from collector.site.run_tasks import Progress, Run, produce
from collector.site.state import BuildState, program_key, read_state


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a publisher chooses of a site. None: as mkdocs.yml says."""

    site_url: str | None = None
    site_name: str | None = None
    badges: bool | None = None
    editions: tuple[str, ...] | None = None
    """Days, the newest first."""


class BuildOptions(Choices, frozen=True, kw_only=True):
    """How to build, and what."""

    jobs: int = 0
    """Processes; 0 for as many as there are processors."""
    full: bool = False
    """Make every page again, even where its repository and the program are what they were."""

    @property
    def choices(self) -> Choices:
        return Choices(**{name: getattr(self, name) for name in Choices.__struct_fields__})


class Building:
    """A build under way: frame first, then tasks, then the end."""

    def __init__(self, bench: Workbench, assembly: Assembly, before: BuildState | None, options: BuildOptions) -> None:
        self._bench = bench
        self._assembly = assembly
        self._before = before
        self._jobs = options.jobs or os.cpu_count() or 1
        self._kept: set[str] = set()
        self._tasks: dict[str, Entry] = {}
        program = program_key()
        self._frame, self.facts = self._make_frame(program, options)
        self.key = sha256(f"{program} {self.facts.key} {self.facts.provider}".encode()).hexdigest()
        """Of all that every page depends on."""
        self.place = Place(output=bench.output(), shelf=bench.shelf, anew=before is None or before.key != self.key)
        badges = self.facts.badges if options.badges is None else options.badges
        self.options = SiteOptions(site_url=self.facts.site_url, badges=badges, editions=self.facts.editions)

    def _make_frame(self, program: str, options: BuildOptions) -> tuple[Entry, FrameFacts]:
        sources = FrameSources(
            config_file=config_file(),
            site_url=options.site_url,
            site_name=options.site_name,
            editions=options.editions,
        )
        place = Place(output=self._bench.output(), shelf=self._bench.shelf)
        task = Task(name="", key=sources.key(program))
        entry = self._assembly.take(place.do(task, self._before.frame if self._before else None, sources.pieces))
        facts = msgspec.msgpack.decode(self._bench.shelf.must_read(entry.record, Summary).summary, type=FrameFacts)
        return (entry if facts.is_repeatable else msgspec.structs.replace(entry, key="")), facts

    def do(self, plan: Sequence[Task], run: Run, progress: Progress | None) -> None:
        """Do the tasks, where they are not done."""
        for done in produce(plan, run, self._jobs, self._before.tasks if self._before else {}, progress):
            self._tasks[done.name] = self._assembly.take(done)
            if done.is_kept:
                self._kept.add(done.name)

    def end(self, pieces: Callable[[Mapping[str, Entry]], Pieces], *, key: bytes = b"") -> BuildReport:
        """Make what needs all tasks, which come in the order of their names; then publish.

        Args:
            key: of what it depends on beside the tasks and the options.
        """
        tasks = dict(sorted(self._tasks.items()))
        parts = (key, self.options, [(name, entry.record) for name, entry in tasks.items()])
        task = Task(name="", key=sha256(msgspec.msgpack.encode(parts)).hexdigest())
        done = self.place.do(task, self._before.last if self._before else None, lambda: pieces(tasks))
        last = self._assembly.take(done)
        self._assembly.publish(BuildState(key=self.key, frame=self._frame, tasks=tasks, last=last))
        made = [name for name in tasks if name not in self._kept]
        return Reporter(self._bench.shelf, self.options.editions).report(self._frame, tasks, last, made)


@contextmanager
def building(site: Path, options: BuildOptions) -> Iterator[Building]:
    """A build of a site's folder. Until its end the site stays as it is.

    Raises:
        BuildError: the site cannot be built or changed.
    """
    with open_workbench(site) as bench, bench.drafting() as draft:
        before = None if options.full else read_state(bench.state, bench.site / MARK)
        yield Building(bench, Assembly(bench, draft, before), before, options)
