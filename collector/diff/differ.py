"""Compares states, and turns the history of a tag into changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from collector.diff.cache import ResultCache
from collector.diff.changes import Change, Reason
from collector.diff.images import ImageDiffer
from collector.diff.package_changes import PackagesOf, no_packages
from collector.diff.platform_matches import match_platforms
from collector.diff.states import Comparison, fact_of
from collector.diff.summary import ChangeSummary, summarize
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.timelines import Period


class Differ:
    """Compares states. Use one `Differ` for many comparisons, because it caches results."""

    def __init__(self, packages_of: PackagesOf = no_packages) -> None:
        """`packages_of`: the packages of an image, for all comparisons."""
        self.images = ImageDiffer(packages_of)
        self._cache = ResultCache[State, Comparison]()

    def change(
        self, before: State | None, after: State | None, *, was: Period | None = None, now: Period | None = None
    ) -> Change:
        """The change from one state to the next.

        Args:
            before: the last known state; the tag may have been gone in between.
            after: the state now; None if the tag is gone or could not be read.
            was: the period that ended, if any.
            now: the period that began.
        """
        if before is None or after is None or before.digest == after.digest:
            return _change_without(before, after, was, now)
        return self._compare(before, after, was).change

    def summary(
        self, before: State | None, after: State | None, *, was: Period | None = None, now: Period | None = None
    ) -> ChangeSummary:
        """The summary of the same change, in half the time."""
        if before is None or after is None or before.digest == after.digest:
            return summarize(_change_without(before, after, was, now))
        return self._compare(before, after, was).summary

    def _compare(self, before: State, after: State, was: Period | None) -> Comparison:
        back = was is not None and was.gone is not None
        # Aliases (3.6, 3.6.4, latest) share states, and so their comparisons.
        key = before.digest, after.digest, "back" if back else ""
        return self._cache.find(key, before, after) or self._cache.keep(
            key, before, after, Comparison(before, after, self.images, back=back)
        )

    def history(
        self, periods: Iterable[Period], state_of: Callable[[Digest], State | None]
    ) -> Iterator[tuple[Period, Change]]:
        """Every period of one tag, oldest first, with the change that led to it.

        After a time in which the tag was gone or not understood, its state is compared with the last known state. A
        digest for which `state_of` returns None counts as not understood.
        """
        last: State | None = None
        was: Period | None = None
        for now in periods:
            after = state_of(now.digest) if now.digest else None
            yield now, self.change(last, after, was=was, now=now)
            last, was = after or last, now


def _change_without(before: State | None, after: State | None, was: Period | None, now: Period | None) -> Change:
    """The change if there are not two different states to compare."""
    if after is None:
        removed = tuple(fact_of(placed) for placed in match_platforms(before, None).removed)
        return Change(before=_digest(before), reason=_absence(before, was, now), platforms_removed=removed)
    if before is None:
        added = tuple(fact_of(placed) for placed in match_platforms(None, after).added)
        return Change(after=after.digest, reason=_first(was), platforms_added=added)
    return Change(before=before.digest, after=after.digest, reason=_same(was), unchanged=len(after.images))


def compare(before: State | None, after: State | None, packages_of: PackagesOf = no_packages) -> Change:
    """Compares any two states, of the same tag or of two tags."""
    return Differ(packages_of).change(before, after)


def _absence(before: State | None, was: Period | None, now: Period | None) -> Reason:
    """Why there is no state: the tag is gone from the registry or the source, or could not be read."""
    if now is not None and now.gone is None:
        return Reason(code="unreadable")
    removed = now is not None and now.gone == "removed"
    if was is not None and was.gone is not None:
        return Reason(code="gone", detail="still-gone-not-followed" if removed else "still-gone")
    if before is None and was is None and not removed:
        return Reason(code="gone", detail="never-seen")
    return Reason(code="gone", detail="not-followed" if removed else "")


def _first(was: Period | None) -> Reason:
    """The first known state. The tag may have existed before, in a form that could not be read."""
    unread = was is not None and was.gone is None
    return Reason(code="first-seen", detail="readable-again" if unread else "")


def _same(was: Period | None) -> Reason:
    """The digest is unchanged; the tag may have been gone in between."""
    if was is None or was.digest is not None:
        return Reason(code="same")
    if was.gone is None:
        return Reason(code="same", detail="readable-again")
    return Reason(code="back", detail="same-digest")


def _digest(state: State | None) -> Digest | None:
    return state.digest if state else None
