"""Two states in, one change out; and a tag's whole history as changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from collector.diff.changes import Change, ImageChange, Pair, PlatformFact, Reason, SettingChange, StepChange
from collector.diff.images import ImageDiffer, ImageDifference
from collector.diff.matching import Placed, match_platforms
from collector.diff.memory import Memory
from collector.diff.reasons import state_reasons
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.timelines import Period

T = TypeVar("T")

_BACK = Reason(code="back", text="back")


class Differ:
    """Compares states. Keep one for many comparisons: what it has met, it remembers."""

    def __init__(self) -> None:
        self._images = ImageDiffer()
        self._memory = Memory[State, Change]()

    def change(
        self, before: State | None, after: State | None, *, was: Period | None = None, now: Period | None = None
    ) -> Change:
        """The step from one state to the next.

        Args:
            before: what the tag pointed at last, as far as it is known; a time without it may lie between.
            after: what it points at; None where it is gone or could not be understood.
            was: the period that ended, where there was one.
            now: the period that began.
        """
        if after is None:
            removed = tuple(_fact(placed) for placed in match_platforms(before, None).removed)
            return Change(before=_digest(before), reason=_absence(before, was, now), platforms_removed=removed)
        if before is None:
            added = tuple(_fact(placed) for placed in match_platforms(None, after).added)
            return Change(after=after.digest, reason=_first(was), platforms_added=added)
        back = was is not None and was.gone is not None
        if before.digest == after.digest:
            unchanged = len(after.images)
            return Change(before=before.digest, after=after.digest, reason=_same(was), unchanged=unchanged)
        # Aliases (3.6, 3.6.4, latest) go through the same states; their changes are worked out once.
        key = before.digest, after.digest, "back" if back else ""
        return self._memory.find(key, before, after) or self._memory.keep(
            key, before, after, self._compare(before, after, back=back)
        )

    def history(
        self, periods: Iterable[Period], state_of: Callable[[Digest], State | None]
    ) -> Iterator[tuple[Period, Change]]:
        """Every period of one tag, oldest first, with the change that led to it.

        After a time in which the tag was gone or could not be understood, the comparison is with the last state known.
        A state that `state_of` does not know counts as not understood.
        """
        last: State | None = None
        was: Period | None = None
        for now in periods:
            after = state_of(now.digest) if now.digest else None
            yield now, self.change(last, after, was=was, now=now)
            last, was = after or last, now

    def _compare(self, before: State, after: State, *, back: bool) -> Change:
        matching = match_platforms(before, after)
        added = tuple(_fact(placed) for placed in matching.added)
        removed = tuple(_fact(placed) for placed in matching.removed)
        changed = [(_as_known(old, new), new) for old, new in matching.both if old.image.manifest != new.image.manifest]
        differences = [self._images.compare(old.image, new.image) for old, new in changed]
        settings, steps = _Pool[SettingChange](), _Pool[StepChange]()
        images = tuple(
            _describe(old, new, difference, settings, steps)
            for (old, new), difference in zip(changed, differences, strict=True)
        )
        unchanged = len(matching.both) - len(changed)
        attested = [[image.manifest for image in state.attestations] for state in (before, after)]
        artifacts = [tuple(artifact.digest for artifact in state.artifacts) for state in (before, after)]
        reasons = state_reasons(
            [(_name(new), difference.reasons) for (_, new), difference in zip(changed, differences, strict=True)],
            unchanged=unchanged,
            added=added,
            removed=removed,
            attestations_changed=attested[0] != attested[1],
            artifacts=(artifacts[0], artifacts[1]),
        )
        if back:
            reasons = (_BACK, *reasons)
        return Change(
            before=before.digest,
            after=after.digest,
            reason=reasons[0],
            also=reasons[1:],
            media_type=_pair(before.media_type, after.media_type),
            platforms_added=added,
            platforms_removed=removed,
            unchanged=unchanged,
            images=images,
            settings=settings.items,
            steps=steps.items,
            attestations=_pair(len(attested[0]), len(attested[1])),
            artifacts=_pair(artifacts[0], artifacts[1]),
        )


def compare(before: State | None, after: State | None) -> Change:
    """One comparison of any two states, of one tag or of two."""
    return Differ().change(before, after)


class _Pool(Generic[T]):
    """Things that several platforms share, each kept once."""

    def __init__(self) -> None:
        self._places: dict[T, int] = {}

    def places(self, items: Iterable[T]) -> tuple[int, ...]:
        return tuple(self._places.setdefault(item, len(self._places)) for item in items)

    @property
    def items(self) -> tuple[T, ...]:
        return tuple(self._places)


def _describe(
    old: Placed, new: Placed, difference: ImageDifference, settings: _Pool[SettingChange], steps: _Pool[StepChange]
) -> ImageChange:
    before, after, config = old.image, new.image, difference.config
    return ImageChange(
        platform=_name(new),
        slug=new.slug,
        reasons=tuple(reason.code for reason in difference.reasons),
        platform_name=_pair(_name(old), _name(new)),
        manifest=_pair(before.manifest, after.manifest),
        config=_pair(before.config.digest, after.config.digest),
        created=_pair(before.config.created, after.config.created),
        docker_version=_pair(before.config.docker_version, after.config.docker_version),
        size=_pair(before.size, after.size),
        settings=settings.places((*config.settings, *difference.annotations)),
        steps=steps.places(config.steps),
        steps_kept=config.steps_kept,
        steps_rebuilt=config.steps_rebuilt,
        left_out=config.left_out,
        layers=difference.layers,
    )


def _as_known(old: Placed, new: Placed) -> Placed:
    """The image before, with the fuller form of its config where the image after has the same.

    One Image ID is one config: what a page left out of it did not change since.
    """
    before, after = old.image.config, new.image.config
    if before.digest == after.digest and (before.runtime is None) != (after.runtime is None):
        return old._replace(image=msgspec.structs.replace(old.image, config=after))
    return old


def _absence(before: State | None, was: Period | None, now: Period | None) -> Reason:
    """Why there is no state: gone by the registry's word or the source's, or there and not understood."""
    if now is not None and now.gone is None:
        return Reason(code="unreadable", text="could not be read")
    removed = now is not None and now.gone == "removed"
    if was is not None and was.gone is not None:
        return Reason(code="gone", text="still gone, and no longer followed" if removed else "still gone")
    if before is None and was is None and not removed:
        return Reason(code="gone", text="not there yet")
    return Reason(code="gone", text="gone: no longer followed" if removed else "gone: no such tag any more")


def _first(was: Period | None) -> Reason:
    """A first state; before it there may have been something that could not be understood."""
    unread = was is not None and was.gone is None
    return Reason(code="first-seen", text="first seen in a form that could be read" if unread else "first seen")


def _same(was: Period | None) -> Reason:
    """The digest is the one known last; there may have been a time without it."""
    if was is None or was.digest is not None:
        return Reason(code="same", text="no change")
    if was.gone is None:
        return Reason(code="same", text="readable again, as it was")
    return Reason(code="back", text="back, as it was")


def _pair(before: T, after: T) -> Pair[T] | None:
    """Both values, where they differ."""
    return None if before == after else Pair(before, after)


def _digest(state: State | None) -> Digest | None:
    return state.digest if state else None


def _name(placed: Placed) -> str:
    return str(placed.image.platform)


def _fact(placed: Placed) -> PlatformFact:
    image = placed.image
    return PlatformFact(platform=_name(placed), slug=placed.slug, manifest=image.manifest, size=image.size)
