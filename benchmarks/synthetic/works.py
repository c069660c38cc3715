"""The images of one repository as they are built, again and again, before anybody looks at them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from benchmarks.synthetic.bases import Base
from benchmarks.synthetic.lines import Line
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.tags import Group
from benchmarks.synthetic.updates import Edit, Kind, Update
from benchmarks.synthetic.values import Build
from collector.model.platforms import Platform


class Work:
    """One image: a group on one platform, as it was built last."""

    def __init__(self, update: Update, *, base: int, revisions: list[int]) -> None:
        self.release = update.number
        self.base = base
        self.revisions = revisions
        self.salt = 0
        self._stamps = [update.made] * len(revisions)
        self._build: Build | None = None

    def make_again(self, first: int, made: int) -> None:
        """All steps from one on, at the time of a run."""
        self._stamps[first:] = [made] * (len(self._stamps) - first)
        self._build = None

    def build(self, group: Group, platform: Platform, version: str) -> Build:
        if self._build is None:
            self._build = Build(
                line=group[0],
                variant=group[1],
                platform=platform,
                version=version,
                base=self.base,
                stamps=tuple(self._stamps),
                revisions=tuple(self.revisions),
                salt=self.salt,
            )
        return self._build


class Workshop:
    """All images of a repository."""

    def __init__(self, plan: ImagePlan, lines: list[Line], edits: list[Edit]) -> None:
        self._plan = plan
        self._lines = lines
        self._edits = edits
        self._works: dict[Group, dict[int, Work]] = defaultdict(dict)
        """By the place of the platform."""

    def build(self, update: Update) -> bool:
        """Do what an update says; False where there is nothing to build."""
        group = (update.line, update.variant)
        works = self._works[group]
        work = works.get(update.platform)
        if update.kind is Kind.RELEASE:
            if work is None:
                works[update.platform] = self._begin(update)
            elif update.number > work.release:
                work.release = update.number
                work.make_again(self._plan.recipe.version_place, update.made)
            return True
        return work is not None and self._rebuild(work, update)

    def end(self, line: int) -> None:
        """A line is not built any more."""
        for group in [group for group in self._works if group[0] == line]:
            del self._works[group]

    def show(self, group: Group, release: int) -> list[Build]:
        """The images of a release, in the order of the platforms."""
        platforms = self._plan.variants[group[1]].platforms
        version = self._lines[group[0]].version(release)
        works = self._works[group]
        return [
            work.build(group, platform, version)
            for place, platform in enumerate(platforms)
            if (work := works.get(place)) and work.release == release
        ]

    def _begin(self, update: Update) -> Work:
        revisions = [0] * len(self._plan.recipe.places)
        for edit in self._edits:
            if edit.run < update.run:
                revisions[edit.step] = edit.revision
        base: Base = self._plan.variants[update.variant].base
        return Work(update, base=max(0, bisect_right(base.moves, update.made) - 1), revisions=revisions)

    def _rebuild(self, work: Work, update: Update) -> bool:
        match update.kind:
            case Kind.BASE if update.number > work.base:
                work.base = update.number
                work.make_again(0, update.made)
            case Kind.EDIT if self._edits[update.number].revision > work.revisions[self._edits[update.number].step]:
                step = self._edits[update.number].step
                work.revisions[step] = self._edits[update.number].revision
                work.make_again(step, update.made)
            case Kind.REBUILD:
                work.make_again(0, update.made)
            case Kind.METADATA:
                work.salt += 1
                work.make_again(len(work.revisions), update.made)
            case _:
                return False
        return True
