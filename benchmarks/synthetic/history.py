"""The observations of one image's tags in each run: only the changes since the previous run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from benchmarks.synthetic.draws import Draws
from benchmarks.synthetic.lines import lines_of
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.tags import Group, Target, announced, tags_of
from benchmarks.synthetic.updates import Kind, Update, edits_of, updates_of
from benchmarks.synthetic.values import Build
from benchmarks.synthetic.works import Workshop
from benchmarks.synthetic.world import World
from collector.model.images import Gone

_RUNS_TO_INDEXES = 90
"""Within so many runs all images come to have indexes."""


class Shown(NamedTuple):
    """What a tag points at."""

    builds: tuple[Build, ...]
    is_index: bool


class Seen(NamedTuple):
    """One tag in one run."""

    run: int
    tag: str
    shown: Shown | None
    gone: Gone | None = None


def seen_from(begin: int, all_seen: Iterable[Seen]) -> Iterator[Seen]:
    """The same for somebody who looks from one run on: what was there before is seen in that run."""
    there: dict[str, Seen] = {}
    for seen in all_seen:
        if seen.run >= begin:
            yield from (known._replace(run=begin) for known in there.values())
            there.clear()
            yield seen
        elif seen.gone:
            there.pop(seen.tag, None)
        else:
            there[seen.tag] = seen
    yield from (known._replace(run=begin) for known in there.values())


class ImageHistory:
    """One image through time."""

    def __init__(self, plan: ImagePlan, world: World) -> None:
        self._plan = plan
        self._lines = lines_of(plan, world)
        edits = edits_of(plan, world)
        self._updates = updates_of(plan, world, self._lines, edits)
        self._workshop = Workshop(plan, self._lines, edits)
        later = Draws(world.seed, "indexes", plan.name).below(_RUNS_TO_INDEXES)
        self._indexes_from = 0 if plan.is_collected else world.clock.indexes_from + later
        self._releases: dict[Group, int] = {}
        """The newest release of each group that is kept up."""
        self._away: set[int] = set()
        self._ended: set[int] = set()
        self._tags: dict[str, Target] = {}
        self._last: dict[str, Shown] = {}

    def __iter__(self) -> Iterator[Seen]:
        for run, updates in groupby(self._updates, key=attrgetter("run")):
            yield from self._look(run, updates)

    def _look(self, run: int, updates: Iterable[Update]) -> Iterator[Seen]:
        changed: set[Group] = set()
        tags_move = False
        for update in updates:
            if update.line in self._ended:
                continue
            if update.kind is Kind.ANNOUNCE:
                yield from self._announce(update)
            elif update.kind in (Kind.AWAY, Kind.BACK, Kind.END):
                self._come_or_go(update)
                tags_move = True
            elif self._workshop.build(update):
                changed.add((update.line, update.variant))
                tags_move = self._is_new_release(update) or tags_move
        if tags_move:
            yield from self._move_tags(run, changed)
        yield from self._point(run, changed)

    def _move_tags(self, run: int, changed: set[Group]) -> Iterator[Seen]:
        """Have tags come, go, and point elsewhere."""
        before = self._tags
        live = {group: release for group, release in self._releases.items() if group[0] not in self._away}
        self._tags = tags_of(self._plan, self._lines, live)
        for tag, target in self._tags.items():
            if before.get(tag) != target:
                changed.update(target)
        for tag in before:
            if tag not in self._tags:
                del self._last[tag]
                yield Seen(run, tag, None, "removed")

    def _point(self, run: int, changed: set[Group]) -> Iterator[Seen]:
        shown: dict[Target, Shown] = {}
        for tag, target in self._tags.items():
            if changed.isdisjoint(target):
                continue
            if target not in shown:
                shown[target] = self._show(target, run)
            if self._last.get(tag) != shown[target]:
                self._last[tag] = shown[target]
                yield Seen(run, tag, shown[target])

    def _show(self, target: Target, run: int) -> Shown:
        builds = [build for group in target for build in self._workshop.show(group, self._releases[group])]
        if run >= self._indexes_from:
            return Shown(tuple(builds), is_index=True)
        return Shown((builds[0],), is_index=False)

    def _is_new_release(self, update: Update) -> bool:
        group = (update.line, update.variant)
        if update.kind is not Kind.RELEASE or update.number <= self._releases.get(group, -1):
            return False
        self._releases[group] = update.number
        return True

    def _come_or_go(self, update: Update) -> None:
        if update.kind is Kind.AWAY:
            self._away.add(update.line)
        elif update.kind is Kind.BACK:
            self._away.discard(update.line)
        else:
            self._ended.add(update.line)
            self._workshop.end(update.line)
            self._releases = {group: release for group, release in self._releases.items() if group[0] != update.line}

    def _announce(self, update: Update) -> Iterator[Seen]:
        """Somebody lists a release's tags before they are there."""
        group = (update.line, update.variant)
        for tag in announced(self._plan, self._lines[update.line], group, update.number):
            if tag not in self._tags and update.line not in self._away:
                yield Seen(max(update.run, 0), tag, None, "missing")
