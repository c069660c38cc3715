"""The entries of feeds: which releases they have, and the text of each.

An entry has the id of the release's opening state, and keeps it. Its time moves when a further state or platform comes.
That a tag is still absent is no entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.tag_order import newest_first
from collector.model.times import Time
from collector.pages.documents import Asset, LateAsset, key_of
from collector.pages.feeds.atom import Entry, feed_path, id_of, render_feed
from collector.pages.feeds.change_sentences import render_opening
from collector.pages.histories import Histories, TagChange
from collector.pages.plain_text import cut
from collector.pages.release_rows import ReleaseRows, is_news
from collector.releases import Release

MAX_SITE_ENTRIES = 30
_MAX_IMAGE_ENTRIES = 20
_MAX_TAG_ENTRIES = 5
"""The number of entries for a live tag; a gone tag has only its last change. The history has all."""

_MAX_TAGS = 20
"""The number of tags that an entry names."""
_MAX_TITLE = 200

ReleaseKey = tuple[Time, Digest | None, Digest | None, Gone | None, bool]
"""Equal for tags that share an entry: time, old state, new state, and whether the tag existed before."""


class Feeds:
    """The feeds of one repository."""

    def __init__(self, histories: Histories, rows: ReleaseRows, image_address: str, *, site_url: str = "") -> None:
        self._histories = histories
        self._rows = rows
        self._repository = histories.holdings.repository
        self._address = image_address
        self._site_url = site_url
        self._texts: dict[bytes, str] = {}
        """The text of each change by its key, because many tags share a change."""

    def of_tag(self, tag: str, address: str, link: str) -> LateAsset:
        """The feed of one tag. `link`: the address of its history."""
        releases = [release for release in self._histories.releases(tag) if is_news(release)]
        newest = releases[-_MAX_TAG_ENTRIES if self._histories.is_live(tag) else -1 :]
        anchors = self._rows.anchors(tag)
        keys = [
            (
                self._opening(tag, release).shared.key,
                self._digests(tag, release),
                self._title(tag, release),
                anchors[release.states[0]],
                _codes(release),
                release.updated,
                self._rows.shown_bases(tag, release),
            )
            for release in newest
        ]
        return LateAsset(
            path=feed_path(address),
            key=key_of(self._repository.name, tag, link, self._site_url, keys),
            make=lambda: self._render(tag, address, link, newest),
        )

    def _render(self, tag: str, address: str, link: str, newest: Sequence[Release]) -> bytes:
        name = f"{self._repository.familiar}:{tag}"
        anchors = self._rows.anchors(tag)
        entries = [
            Entry(
                id=id_of(f"{self._repository.name}:{tag} {release.since}"),
                title=cut(f"{name}: {self._title(tag, release)}", _MAX_TITLE),
                updated=release.updated,
                link=f"{link}#{anchors[release.states[0]]}",
                reasons=_codes(release),
                content=self._content(tag, release),
                related=self._related(tag, release),
            )
            for release in _newest_first(newest)
        ]
        return render_feed(
            address=address,
            title=f"Releases of {name}",
            feed_id=id_of(f"{self._repository.name}:{tag}"),
            entries=entries,
            site_url=self._site_url,
        )

    def of_image(self, entries: Sequence[Entry]) -> Asset:
        """The feed of the image, with its newest entries."""
        content = render_feed(
            address=self._address,
            title=f"Releases of {self._repository.familiar}",
            feed_id=id_of(self._repository.name),
            entries=entries[:_MAX_IMAGE_ENTRIES],
            site_url=self._site_url,
        )
        return Asset(path=feed_path(self._address), content=content)

    def entries(self, links: dict[str, str]) -> list[Entry]:
        """The last releases, as many as a site's feed may need, newest first; tags with the same one share an entry.

        Args:
            links: the address of each tag's history.
        """
        found: dict[ReleaseKey, list[tuple[str, Release]]] = defaultdict(list)
        for tag in self._histories.changes:
            for release in filter(is_news, self._histories.releases(tag)[-MAX_SITE_ENTRIES:]):
                found[self._key(tag, release)].append((tag, release))
        newest = sorted(found.items(), key=lambda one: _updated(one[1]), reverse=True)[:MAX_SITE_ENTRIES]
        return [self._entry(key, releases, links) for key, releases in newest]

    def _entry(self, key: ReleaseKey, found: list[tuple[str, Release]], links: dict[str, str]) -> Entry:
        tags = newest_first(tag for tag, _ in found)
        tag, release = next(one for one in found if one[0] == tags[0])
        more = f" and {len(tags) - 1} more" if len(tags) > 1 else ""
        return Entry(
            id=id_of(f"{self._repository.name} {' '.join(map(str, key))}"),
            title=cut(f"{self._repository.familiar}:{tag}{more}: {self._title(tag, release)}", _MAX_TITLE),
            updated=_updated(found),
            link=f"{links[tag]}#{self._rows.anchors(tag)[release.states[0]]}",
            reasons=_codes(release),
            content=f"{_tags(tags)}{self._content(tag, release)}",
            related=self._related(tag, release),
        )

    def _title(self, tag: str, release: Release) -> str:
        text, progress = self._rows.text(release), self._rows.progress(tag, release)
        return f"{text} · {progress}" if progress else text

    def _content(self, tag: str, release: Release) -> str:
        """The digest before, the digest now, the change of the first state in words, and the bases that moved."""
        opening, (was, now) = self._opening(tag, release).shared, self._digests(tag, release)
        text = self._texts.get(opening.key)
        if text is None:
            text = self._texts[opening.key] = render_opening(opening.change)
        bases = ", ".join(f"{base.name} of {base.time}" for base in self._rows.shown_bases(tag, release))
        parts = (was and was != now and f"Was {was}.", now and f"Now {now}.", text, bases and f"Built on {bases}.")
        return " ".join(part for part in parts if part) or "The tag does not exist."

    def _related(self, tag: str, release: Release) -> tuple[str, ...]:
        """The releases of the bases that moved."""
        return tuple(dict.fromkeys(base.address for base in self._rows.shown_bases(tag, release)))

    def _digests(self, tag: str, release: Release) -> tuple[Digest | None, Digest | None]:
        """What the tag pointed at before the release, and with its newest state."""
        newest = self._histories.changes[tag][release.states[-1]].period.digest
        return self._opening(tag, release).shared.before, newest

    def _opening(self, tag: str, release: Release) -> TagChange:
        return self._histories.changes[tag][release.states[0]]

    def _key(self, tag: str, release: Release) -> ReleaseKey:
        place = release.states[0]
        was_there = place > 0 and self._histories.changes[tag][place - 1].period.digest is not None
        opening = self._opening(tag, release)
        period = opening.period
        return period.since, opening.shared.before, period.digest, period.gone, was_there


def site_feed(entries: Iterable[Entry], *, site_url: str) -> Asset:
    """The feed of the whole site. `entries`: the entries of all images; entries with the same time keep their order."""
    newest = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:MAX_SITE_ENTRIES]
    content = render_feed(
        address="",
        title="Releases of all images",
        feed_id=id_of(site_url),
        entries=newest,
        site_url=site_url,
    )
    return Asset(path=feed_path(""), content=content)


def _newest_first(releases: Iterable[Release]) -> list[Release]:
    return sorted(releases, key=lambda release: (release.updated, release.since), reverse=True)


def _updated(found: Iterable[tuple[str, Release]]) -> Time:
    return max(release.updated for _, release in found)


def _codes(release: Release) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.code for reason in release.reasons))


def _tags(tags: Sequence[str]) -> str:
    if len(tags) == 1:
        return ""
    more = f" and {len(tags) - _MAX_TAGS} more" if len(tags) > _MAX_TAGS else ""
    return f"Tags: {', '.join(tags[:_MAX_TAGS])}{more}. "
