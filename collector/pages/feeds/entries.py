"""Which changes a feed has, and what it says of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.times import Time
from collector.pages.documents import Asset, LateAsset, key_of
from collector.pages.feeds.atom import Entry, feed_path, id_of, render_feed
from collector.pages.feeds.text import tell_difference
from collector.pages.histories import Moment, Timelines
from collector.pages.plain_text import cut
from collector.pages.tag_order import newest_first

ENTRIES_OF_SITE = 30
_ENTRIES_OF_IMAGE = 20
_ENTRIES_OF_TAG = 5
"""While it is there; of one that is gone the last. Feeds are for what is new: the history has all."""

_MOST_TAGS = 20
"""That an entry names."""
_LONGEST_TITLE = 200

Step = tuple[Time, Digest | None, Digest | None, Gone | None, bool]
"""What tags that share an entry have in common: when, from what, to what, and whether the tag was there before."""


class Feeds:
    """The feeds of one repository."""

    def __init__(self, timelines: Timelines, image_address: str, *, site_url: str = "") -> None:
        self._timelines = timelines
        self._repository = timelines.holdings.repository
        self._address = image_address
        self._site_url = site_url
        self._told: dict[bytes, str] = {}
        """By the key of a difference, which many tags share."""

    def of_tag(self, tag: str, address: str, link: str) -> LateAsset:
        """The feed of one tag; `link`: where its history is told."""
        newest = self._timelines.moments[tag][-_ENTRIES_OF_TAG if self._timelines.is_live(tag) else -1 :]
        told = [(moment.period.since, moment.period.digest, moment.difference.key) for moment in newest]
        return LateAsset(
            path=feed_path(address),
            key=key_of(self._repository.name, tag, link, self._site_url, told),
            make=lambda: self._render(tag, address, link, newest),
        )

    def _render(self, tag: str, address: str, link: str, newest: Sequence[Moment]) -> bytes:
        name = f"{self._repository.familiar}:{tag}"
        entries = [
            Entry(
                id=id_of(f"{self._repository.name}:{tag} {moment.period.since}"),
                title=cut(f"{name}: {moment.difference.outline.summary}", _LONGEST_TITLE),
                updated=moment.period.since,
                link=link,
                reasons=moment.difference.outline.codes,
                content=self._content(moment),
            )
            for moment in reversed(newest)
        ]
        return render_feed(
            address=address,
            title=f"Changes of {name}",
            feed_id=id_of(f"{self._repository.name}:{tag}"),
            entries=entries,
            site_url=self._site_url,
        )

    def of_image(self, entries: Sequence[Entry]) -> Asset:
        """The feed of the image, of its newest entries."""
        content = render_feed(
            address=self._address,
            title=f"Changes of {self._repository.familiar}",
            feed_id=id_of(self._repository.name),
            entries=entries[:_ENTRIES_OF_IMAGE],
            site_url=self._site_url,
        )
        return Asset(path=feed_path(self._address), content=content)

    def entries(self, links: dict[str, str]) -> list[Entry]:
        """What changed last, as many as a site's feed may need, newest first; tags that took the same step share one.

        Args:
            links: where the history of each tag is told.
        """
        steps: dict[Step, list[tuple[str, Moment]]] = defaultdict(list)
        for tag, moments in self._timelines.moments.items():
            first = max(0, len(moments) - ENTRIES_OF_SITE)
            for place, moment in enumerate(moments[first:], first):
                was_there = place > 0 and moments[place - 1].period.digest is not None
                steps[_step(moment, was_there=was_there)].append((tag, moment))
        newest = sorted(steps.items(), key=lambda step: step[0][0], reverse=True)[:ENTRIES_OF_SITE]
        return [self._shared(step, found, links) for step, found in newest]

    def _shared(self, step: Step, found: list[tuple[str, Moment]], links: dict[str, str]) -> Entry:
        tags = newest_first(tag for tag, _ in found)
        moment = found[0][1]
        outline = moment.difference.outline
        more = f" and {len(tags) - 1} more" if len(tags) > 1 else ""
        return Entry(
            id=id_of(f"{self._repository.name} {' '.join(map(str, step))}"),
            title=cut(f"{self._repository.familiar}:{tags[0]}{more}: {outline.summary}", _LONGEST_TITLE),
            updated=moment.period.since,
            link=links[tags[0]],
            reasons=outline.codes,
            content=f"{_tags(tags)}{self._content(moment)}",
        )

    def _content(self, moment: Moment) -> str:
        """What it was, what it is, what that means."""
        difference, now = moment.difference, moment.period.digest
        told = self._told.get(difference.key)
        if told is None:
            told = self._told[difference.key] = tell_difference(difference.change)
        before = difference.before
        was = before if before != now else None
        return " ".join(part for part in (was and f"Was {was}.", now and f"Now {now}.", told) if part) or "Not there."


def site_feed(entries: Iterable[Entry], *, site_url: str) -> Asset:
    """The feed of the whole site. `entries`: of all images, those first that come first at the same moment."""
    newest = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:ENTRIES_OF_SITE]
    content = render_feed(
        address="",
        title="Changes of all images",
        feed_id=id_of(site_url),
        entries=newest,
        site_url=site_url,
    )
    return Asset(path=feed_path(""), content=content)


def _step(moment: Moment, *, was_there: bool) -> Step:
    period = moment.period
    return period.since, moment.difference.before, period.digest, period.gone, was_there


def _tags(tags: Sequence[str]) -> str:
    if len(tags) == 1:
        return ""
    more = f" and {len(tags) - _MOST_TAGS} more" if len(tags) > _MOST_TAGS else ""
    return f"Tags: {', '.join(tags[:_MOST_TAGS])}{more}. "
