"""A release while the history of its tag is read: further states may join it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from collector.diff.changes import Counted, Reason, Where
from collector.diff.reasons import most_shared
from collector.model.times import Time
from collector.releases.image_updates import UpdatePart
from collector.releases.platform_images import TagPlatform
from collector.releases.release import CAUSE_WEIGHT, Arrival, Cause

MAX_GROUPS = 8
"""The number of different updates in a release; further ones are arrivals without reasons."""
_MAX_NAMED = 3
_MAX_NAME = 100
"""Characters of a platform's name; an index may contain any text."""


class Group:
    """One update inside a release, with the platforms that have it."""

    def __init__(self, cause: Cause) -> None:
        self.cause: Cause = cause
        self.arrivals: dict[TagPlatform, Arrival] = {}
        """Platform → the first image that brought it."""
        self.reasons: list[Reason] = []
        """The reasons of each image; empty for new platforms."""

    def add(self, platform: TagPlatform, arrival: Arrival, reason: Reason | None) -> None:
        """Adds a platform."""
        self.arrivals.setdefault(platform, arrival)
        if reason is not None:
            self.reasons.append(reason)

    def reason(self, total: int) -> Reason:
        """The facts that most of its platforms share, and which these are if the release has further ones."""
        names = [arrival.name[:_MAX_NAME] for arrival in self.arrivals.values()]
        if not self.reasons:
            is_back = self.cause == "platform-back"
            return Reason(code="platform-back" if is_back else "new-platform", counts=platform_counts(names))
        reason = most_shared(self.reasons)
        where = None if len(names) == total else Where(platform=names[0], count=len(names), total=total)
        return msgspec.structs.replace(reason, where=where)


class Draft:
    """A release that further states may still join."""

    def __init__(self, number: int, since: Time, moment: int, cause: Cause, reasons: Iterable[Reason] = ()) -> None:
        """`moment`: its start, in seconds since 1970. `reasons`: those that belong to no platform and come first."""
        self.number = number
        self.since = self.updated = since
        self.moment = self.last_moment = moment
        self.cause: Cause = cause
        self.reasons = tuple(reasons)
        self.states: list[int] = []
        self.arrivals: list[Arrival] = []
        """All images of the release, in the order of time."""
        self.platforms: dict[TagPlatform, Arrival] = {}
        """Platform → the first image that the release brought to it."""
        self.groups: list[Group] = []
        self.lead: Group | None = None
        """The update that names the release: of those of its opening state the weightiest, on the most platforms."""
        self.expected: Mapping[TagPlatform, str] = {}
        """Platforms that the tag had when the release began → their slugs then. A closed release never changes."""
        self.left: Mapping[TagPlatform, str] = {}
        """Platforms that the opening state removed → their slugs then."""
        self.closed_at: int | None = None
        """When the tag was gone, which closes the release."""
        self._by_sign: dict[str, Group] = {}

    def group_of(self, part: UpdatePart) -> Group | None:
        """The update that shares a sign with this one."""
        found = (self._by_sign.get(sign) for sign in part.signs)
        return next((group for group in found if group is not None), None)

    def touch(self, since: Time, moment: int) -> None:
        """Records the time of something that joined."""
        self.updated, self.last_moment = since, moment

    def add(self, platform: TagPlatform, arrival: Arrival, parts: Sequence[UpdatePart]) -> None:
        """Adds a platform's image and its updates; without updates, the platform is new or back."""
        self.arrivals.append(arrival)
        self.platforms.setdefault(platform, arrival)
        for part in parts:
            group = self.group_of(part) or self._new_group(part.cause, part.signs)
            if group is not None:
                group.add(platform, arrival, part.reason)
        if not parts and self.cause not in ("first-seen", "back"):
            cause: Cause = "platform-back" if arrival.kind == "back" else "new-platform"
            group = self._by_sign.get(cause) or self._new_group(cause, (cause,))
            if group is not None:
                group.add(platform, arrival, None)

    def _new_group(self, cause: Cause, signs: Sequence[str]) -> Group | None:
        if len(self.groups) >= MAX_GROUPS:
            return None
        group = Group(cause)
        self.groups.append(group)
        for sign in signs:
            self._by_sign.setdefault(sign, group)
        return group

    def settle_lead(self) -> None:
        """Chooses the update that names the release, after everything of its opening state was added."""
        self.lead = min(self.groups, key=lambda one: (CAUSE_WEIGHT[one.cause], -len(one.arrivals)), default=None)
        if self.lead is not None and self.cause == "index":
            self.cause = self.lead.cause

    def all_reasons(self) -> Iterator[Reason]:
        """The reasons of the release: those of the update that names it come first."""
        yield from self.reasons
        total = len(self.platforms)
        ordered = sorted(self.groups, key=lambda one: (one is not self.lead, CAUSE_WEIGHT[one.cause]))
        yield from (group.reason(total) for group in ordered)


def platform_counts(names: Sequence[str]) -> tuple[Counted, ...]:
    """The names of the platforms; of many, only their number."""
    if len(names) > _MAX_NAMED:
        return (Counted("added", "", len(names)),)
    return tuple(Counted("added", name, 1) for name in names)
