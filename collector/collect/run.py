"""The collection: every wanted tag is looked at, and what is new is written down.

Repositories are begun one after the other while the looks at earlier ones are still under way, so that all threads
have work whether an image has one tag or thousands. What a repository's looks came to is written in one piece when the
last of them is done: a run that is killed has either all of that or nothing, and the next run makes up for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from collector.archive.facts import ObservationFact
from collector.archive.store import Archive
from collector.archive.visits import Visit, add_visit, last_visits
from collector.archive.writer import RepositoryWriter
from collector.collect.fetch import Fetcher
from collector.collect.hub import HubReader
from collector.collect.known import Known
from collector.collect.looking import Look, Looker
from collector.collect.report import CollectReport, FailedTag, ImageReport
from collector.collect.tags import Wanted
from collector.errors import NotFoundInRegistry, PullLimitReached, RegistryError
from collector.model.references import Repository, Tag
from collector.model.times import Time
from collector.registry.client import RegistryClient

Progress = Callable[[int, int], None]
"""Told how many tags were looked at, of how many known so far."""


class CollectOptions(msgspec.Struct, frozen=True, kw_only=True):
    threads: int = 16
    is_dry: bool = False
    """Ask what is no pull, write nothing, and say what the rest would cost."""
    vanish_share: float = 0.3
    """When more than this share of an image's tags are gone at once, and more than one, nothing is recorded."""
    allow_vanishing: bool = False


def collect(
    client: RegistryClient,
    archive: Archive,
    wanted: Iterable[Wanted],
    *,
    now: Callable[[], Time],
    options: CollectOptions,
    hub: HubReader | None = None,
    progress: Progress = lambda done, total: None,
) -> CollectReport:
    """Look at every wanted tag, and add to the archive what is new.

    Raises:
        ArchiveError: the archive cannot be written, or another run is writing to it.
    """
    report = CollectReport()
    with archive.writing(), ThreadPoolExecutor(options.threads, thread_name_prefix="collect") as pool:
        run = _Run(client, archive, pool, report, now=now, options=options, hub=hub, progress=progress)
        try:
            run.run(_longest_ago_first(wanted, run.visits))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return report


def _longest_ago_first(wanted: Iterable[Wanted], visits: Mapping[tuple[str, str], Time]) -> list[Wanted]:
    last: dict[str, Time] = {}
    for (name, _), time in visits.items():
        last[name] = max(last.get(name, time), time)
    return sorted(wanted, key=lambda one: last.get(one.repository.name, ""))


class _Open(msgspec.Struct, kw_only=True):
    """A repository whose looks are under way."""

    repository: Repository
    writer: RepositoryWriter
    fetcher: Fetcher | None
    looks: list[Future[Look]]
    report: ImageReport


class _Run:
    def __init__(
        self,
        client: RegistryClient,
        archive: Archive,
        pool: ThreadPoolExecutor,
        report: CollectReport,
        *,
        now: Callable[[], Time],
        options: CollectOptions,
        hub: HubReader | None,
        progress: Progress,
    ) -> None:
        self._client = client
        self._archive = archive
        self._pool = pool
        self._report = report
        self._now = now
        self._options = options
        self._hub = hub
        self._progress = progress
        self._done = self._total = 0
        self.visits = last_visits(archive.root)

    def run(self, wanted: Iterable[Wanted]) -> None:
        waiting = deque(wanted)
        under_way: deque[_Open] = deque()
        while waiting or under_way:
            while waiting and sum(len(one.looks) for one in under_way) < 4 * self._options.threads:
                opened = self._begin(waiting.popleft())
                if opened:
                    under_way.append(opened)
            if under_way:
                self._end(under_way.popleft())

    def _begin(self, wanted: Wanted) -> _Open | None:
        """Have all tags of a repository looked at, those first that were not for longest."""
        repository = wanted.repository
        image = ImageReport(image=repository.familiar)
        self._report.images.append(image)
        try:
            listed = list(self._client.iter_tags(repository)) if wanted.patterns else []
        except RegistryError as error:
            image.failed.append(FailedTag(image=image.image, tag=None, reason=str(error)))
            return None
        writer = self._archive.writer(repository)
        self._report.notices += writer.notices
        tags = wanted.choose(listed)
        if wanted.patterns:
            # A tag that is no longer listed is one that may be gone.
            tags = list(dict.fromkeys([*tags, *wanted.choose(_live_tags(writer))]))
        tags.sort(key=lambda tag: self.visits.get((repository.name, tag), ""))
        dry = self._options.is_dry
        fetcher = None if dry else Fetcher(self._client, repository, Known(writer.holdings), self._now)
        looker = Looker(self._client, repository, writer.holdings, fetcher)
        self._total += len(tags)
        looks = [self._pool.submit(looker.look, tag) for tag in tags]
        return _Open(repository=repository, writer=writer, fetcher=fetcher, looks=looks, report=image)

    def _end(self, opened: _Open) -> None:
        """Write down what the looks at a repository came to."""
        looks = []
        for future in opened.looks:
            looks.append(future.result())
            self._done += 1
            self._progress(self._done, self._total)
        missing = [look.tag for look in looks if look.is_missing]
        gone = [tag for tag in missing if self._is_live(opened, tag)]
        if self._is_suspicious(gone, len(looks)):
            reason = f"{len(gone)} of {len(looks)} tags are gone at once; nothing was recorded (see --allow-vanishing)"
            opened.report.failed.append(FailedTag(image=opened.report.image, tag=None, reason=reason))
            return
        time = self._now()
        opened.report.pulls = opened.fetcher.pulls if opened.fetcher else 0
        for look in looks:
            self._note(opened, look, time)
        if self._options.is_dry:
            opened.report.gone += gone
            return
        for tag in gone:
            self._note_gone(opened, tag, time)
        if self._hub:
            self._report.notices += self._hub.read(opened.repository, opened.writer, time)
        opened.writer.flush()
        seen = tuple(look.tag for look in looks if look.error is None)
        if seen:
            add_visit(self._archive.root, Visit(repository=opened.repository.name, time=time, tags=seen))

    def _is_suspicious(self, gone: list[Tag], looked_at: int) -> bool:
        few = len(gone) <= 1 or len(gone) <= self._options.vanish_share * looked_at
        return not few and not self._options.allow_vanishing

    def _note(self, opened: _Open, look: Look, time: Time) -> None:
        image = opened.report
        if look.error is not None:
            self._note_error(image, look)
            return
        image.looked_at += 1
        if look.is_missing and not self._is_live(opened, look.tag):
            if not opened.writer.holdings.observations.get(look.tag):
                image.failed.append(FailedTag(image=image.image, tag=look.tag, reason="the registry has no such tag"))
            return
        if look.digest is None:
            return
        image.changed.append(look.tag)
        if self._options.is_dry:
            image.pulls += _estimate(opened, look)
            return
        for fact in look.fetched:
            opened.writer.add(time, fact)
        source = f"https://{opened.repository.registry}"
        opened.writer.observe(
            ObservationFact(
                tag=look.tag,
                time=time,
                source=source,
                digest=look.digest,
                announced=look.announced if look.announced != look.digest else None,
            )
        )

    def _note_error(self, image: ImageReport, look: Look) -> None:
        if isinstance(look.error, PullLimitReached):
            self._report.limit_reached = True
            self._report.come_back = look.error.until or self._report.come_back
            image.left.append(look.tag)
        else:
            image.failed.append(FailedTag(image=image.image, tag=look.tag, reason=str(look.error)))

    def _note_gone(self, opened: _Open, tag: Tag, time: Time) -> None:
        """A tag that was there is gone only if a second look says so too."""
        try:
            self._client.head_manifest(opened.repository, tag)
        except NotFoundInRegistry:
            source = f"https://{opened.repository.registry}"
            opened.writer.observe(ObservationFact(tag=tag, time=time, source=source, gone="missing"))
            opened.report.gone.append(tag)
        except RegistryError as error:
            opened.report.failed.append(FailedTag(image=opened.report.image, tag=tag, reason=str(error)))

    @staticmethod
    def _is_live(opened: _Open, tag: Tag) -> bool:
        seen = opened.writer.holdings.observations.get(tag, [])
        return bool(seen) and seen[-1].gone is None


def _estimate(opened: _Open, look: Look) -> int:
    """Pulls for a tag that changed: its index, and as many manifests as it had last; what is known costs nothing."""
    holdings = opened.writer.holdings
    if look.digest is None or look.digest in holdings.raws:
        return 0
    last = next((seen.digest for seen in reversed(holdings.observations.get(look.tag, [])) if seen.digest), None)
    state = holdings.state(last) if last else None
    return 1 + (len(state.all_images) if state and state.is_index else 0)


def _live_tags(writer: RepositoryWriter) -> list[Tag]:
    observations = writer.holdings.observations
    return [Tag(tag) for tag, seen in sorted(observations.items()) if seen and seen[-1].gone is None]
