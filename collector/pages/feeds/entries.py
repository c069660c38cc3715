"""The entries of feeds: the choice of changes, and the title and text of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.times import Time
from collector.pages.documents import Asset, LateAsset, key_of
from collector.pages.feeds.atom import Entry, feed_path, id_of, render_feed
from collector.pages.feeds.change_sentences import render_change
from collector.pages.histories import Histories, TagChange
from collector.pages.plain_text import cut
from collector.pages.tag_order import newest_first

MAX_SITE_ENTRIES = 30
_MAX_IMAGE_ENTRIES = 20
_MAX_TAG_ENTRIES = 5
"""The number of entries for a live tag; a gone tag has only its last change. The history has all."""

_MAX_TAGS = 20
"""The number of tags that an entry names."""
_MAX_TITLE = 200

ChangeKey = tuple[Time, Digest | None, Digest | None, Gone | None, bool]
"""Equal for tags that share an entry: time, old state, new state, and whether the tag existed before."""


class Feeds:
    """The feeds of one repository."""

    def __init__(self, histories: Histories, image_address: str, *, site_url: str = "") -> None:
        self._histories = histories
        self._repository = histories.holdings.repository
        self._address = image_address
        self._site_url = site_url
        self._texts: dict[bytes, str] = {}
        """The text of each change by its key, because many tags share a change."""

    def of_tag(self, tag: str, address: str, link: str) -> LateAsset:
        """The feed of one tag. `link`: the address of its history."""
        newest = self._histories.changes[tag][-_MAX_TAG_ENTRIES if self._histories.is_live(tag) else -1 :]
        keys = [(change.period.since, change.period.digest, change.shared.key) for change in newest]
        return LateAsset(
            path=feed_path(address),
            key=key_of(self._repository.name, tag, link, self._site_url, keys),
            make=lambda: self._render(tag, address, link, newest),
        )

    def _render(self, tag: str, address: str, link: str, newest: Sequence[TagChange]) -> bytes:
        name = f"{self._repository.familiar}:{tag}"
        entries = [
            Entry(
                id=id_of(f"{self._repository.name}:{tag} {change.period.since}"),
                title=cut(f"{name}: {change.shared.text}", _MAX_TITLE),
                updated=change.period.since,
                link=link,
                reasons=change.shared.summary.codes,
                content=self._content(change),
            )
            for change in reversed(newest)
        ]
        return render_feed(
            address=address,
            title=f"Changes of {name}",
            feed_id=id_of(f"{self._repository.name}:{tag}"),
            entries=entries,
            site_url=self._site_url,
        )

    def of_image(self, entries: Sequence[Entry]) -> Asset:
        """The feed of the image, with its newest entries."""
        content = render_feed(
            address=self._address,
            title=f"Changes of {self._repository.familiar}",
            feed_id=id_of(self._repository.name),
            entries=entries[:_MAX_IMAGE_ENTRIES],
            site_url=self._site_url,
        )
        return Asset(path=feed_path(self._address), content=content)

    def entries(self, links: dict[str, str]) -> list[Entry]:
        """The last changes, as many as a site's feed may need, newest first; tags with the same change share an entry.

        Args:
            links: the address of each tag's history.
        """
        found: dict[ChangeKey, list[tuple[str, TagChange]]] = defaultdict(list)
        for tag, changes in self._histories.changes.items():
            first = max(0, len(changes) - MAX_SITE_ENTRIES)
            for place, change in enumerate(changes[first:], first):
                was_there = place > 0 and changes[place - 1].period.digest is not None
                found[_key(change, was_there=was_there)].append((tag, change))
        newest = sorted(found.items(), key=lambda one: one[0][0], reverse=True)[:MAX_SITE_ENTRIES]
        return [self._entry(key, changes, links) for key, changes in newest]

    def _entry(self, key: ChangeKey, found: list[tuple[str, TagChange]], links: dict[str, str]) -> Entry:
        tags = newest_first(tag for tag, _ in found)
        change = found[0][1]
        more = f" and {len(tags) - 1} more" if len(tags) > 1 else ""
        return Entry(
            id=id_of(f"{self._repository.name} {' '.join(map(str, key))}"),
            title=cut(f"{self._repository.familiar}:{tags[0]}{more}: {change.shared.text}", _MAX_TITLE),
            updated=change.period.since,
            link=links[tags[0]],
            reasons=change.shared.summary.codes,
            content=f"{_tags(tags)}{self._content(change)}",
        )

    def _content(self, change: TagChange) -> str:
        """The old digest, the new digest, and the sentences of the change."""
        shared, now = change.shared, change.period.digest
        text = self._texts.get(shared.key)
        if text is None:
            text = self._texts[shared.key] = render_change(shared.change)
        before = shared.before
        was = before if before != now else None
        return " ".join(part for part in (was and f"Was {was}.", now and f"Now {now}.", text) if part) or "Not there."


def site_feed(entries: Iterable[Entry], *, site_url: str) -> Asset:
    """The feed of the whole site. `entries`: the entries of all images; entries with the same time keep their order."""
    newest = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:MAX_SITE_ENTRIES]
    content = render_feed(
        address="",
        title="Changes of all images",
        feed_id=id_of(site_url),
        entries=newest,
        site_url=site_url,
    )
    return Asset(path=feed_path(""), content=content)


def _key(change: TagChange, *, was_there: bool) -> ChangeKey:
    period = change.period
    return period.since, change.shared.before, period.digest, period.gone, was_there


def _tags(tags: Sequence[str]) -> str:
    if len(tags) == 1:
        return ""
    more = f" and {len(tags) - _MAX_TAGS} more" if len(tags) > _MAX_TAGS else ""
    return f"Tags: {', '.join(tags[:_MAX_TAGS])}{more}. "
