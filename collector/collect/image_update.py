"""Updates one image: asks what its tags point at, then records which have changed and which are gone.

The number of tags that are gone must be known before any is believed to be gone, so all tags are looked at first. Each
tag is recorded as soon as all of it is in the archive: a run that is killed or reaches a limit keeps the finished tags,
and the next run does the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

import msgspec

from collector.archive.facts import InventoryFact
from collector.archive.visits import Visit, add_visit
from collector.collect.completeness import Completeness
from collector.collect.observations import Observations
from collector.collect.package_backfill import AttachedSbom, unread_sboms
from collector.collect.pull_estimate import estimate_pulls
from collector.collect.report import ImageReport
from collector.collect.run_context import ImageContext, RunContext
from collector.collect.selection import Wanted
from collector.collect.statement_reader import StatementReader
from collector.collect.tag_update import TagUpdater
from collector.collect.worker_pool import Rank, Routine, ask, wait, wait_for_all
from collector.errors import NotFoundInRegistry, RegistryError
from collector.model.references import Repository, Tag
from collector.registry.client import ManifestHead, RawManifest

_Found = ManifestHead | RawManifest
"""The answer to HEAD; the answer to GET if HEAD finds nothing."""
_Look = _Found | RegistryError

_UNKNOWN = ManifestHead(digest=None, media_type="", size=None)
"""Only GET returns the digest."""

_SBOMS_AT_ONCE = 64
"""Read again, before what they say is on the disk."""

_LOG = logging.getLogger(__name__)


def update_image(run: RunContext, wanted: Wanted) -> Routine[None]:
    """Updates one image of a run; reports what fails."""
    report = ImageReport(image=wanted.repository.familiar)
    run.report.images.append(report)
    listed: list[Tag] | None = None
    reason = "the registry lists none of the wanted tags"
    if wanted.has_patterns:
        try:
            listed = yield from _list_tags(run, wanted.repository)
        except NotFoundInRegistry as error:
            if not error.code:
                report.fail(None, str(error))
                return
            # The repository does not exist, so all tags that it had are gone.
            listed, reason = [], str(error)
        except RegistryError as error:
            report.fail(None, str(error))
            return
    update = _ImageUpdate(run, wanted.repository, report)
    tags = update.choose(wanted, listed)
    if not tags:
        report.fail(None, reason)
        return
    looks = yield from update.look_at(tags)
    yield from update.record(looks, listed)


def _list_tags(run: RunContext, repository: Repository) -> Routine[list[Tag]]:
    return ask(lambda: list(run.client.iter_tags(repository)))


class _Sorted(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of an image that need more than a look."""

    changed: dict[Tag, _Found] = {}
    incomplete: list[Tag] = []
    """Unchanged, but an index names manifests that the registry did not have."""
    gone: list[Tag] = []


class _ImageUpdate:
    def __init__(self, run: RunContext, repository: Repository, report: ImageReport) -> None:
        writer = run.archive.writer(repository)
        run.report.notices += writer.notices
        self._run = run
        self._repository = repository
        self._writer = writer
        self._report = report
        self._observations = Observations(
            writer,
            run.client.endpoint(repository.registry).source,
            run.now,
            is_rehearsal=run.options.rehearsal is not None,
        )
        self._completeness = Completeness(writer.holdings)
        image = ImageContext(run=run, repository=repository, writer=writer)
        self._statements = StatementReader(image)
        self._tags = TagUpdater(image, self._observations, self._completeness, report)

    def choose(self, wanted: Wanted, listed: Sequence[Tag] | None) -> list[Tag]:
        """The tags to look at, beginning with those not looked at for longest."""
        tags = wanted.choose(listed or ())
        if listed is not None:
            # Tags that are no longer listed may be gone.
            tags = list(dict.fromkeys([*tags, *wanted.choose(self._observations.live_tags())]))
        name, visits = self._repository.name, self._run.visits
        return sorted(tags, key=lambda tag: visits.of_tag(name, tag) if self._observations.last(tag) else "")

    def look_at(self, tags: Sequence[Tag]) -> Routine[dict[Tag, _Look]]:
        """Asks by one HEAD for each tag, which no registry counts as a pull."""
        client, repository = self._run.client, self._repository
        return self._look_at_all(
            tags, lambda tag: ask(client.head_manifest, repository, tag), rank=self._run.rank_later
        )

    def record(self, looks: Mapping[Tag, _Look], listed: Sequence[Tag] | None) -> Routine[None]:
        """Records the results of the looks, unless too many tags are gone at once."""
        missing = [tag for tag, look in looks.items() if isinstance(look, NotFoundInRegistry)]
        still = frozenset(listed) if listed is not None else None
        if missing and still is None:
            still = yield from self._still_listed()
        again = yield from self._look_again(missing, still)
        found = self._sort({**looks, **again}, still)
        answered = sum(map(self._observations.is_live, (*self._tags.seen, *found.changed, *found.gone)))
        if self._is_suspicious(found, answered):
            count = f"{len(found.gone)} of {answered} tags are gone at once"
            self._report.fail(None, f"{count}: nothing was recorded (see --allow-vanishing)")
        elif self._run.options.is_dry:
            self._estimate(found)
        else:
            yield from self._update(found)
            yield from self._read_sboms()
            yield from self._close()

    def _look_at_all(
        self, tags: Sequence[Tag], look: Callable[[Tag], Routine[_Found]], *, rank: Callable[[], Rank]
    ) -> Routine[dict[Tag, _Look]]:
        self._run.expect(len(tags))
        jobs = {tag: self._run.pool.start(self._look_at_one(look(tag)), rank=rank()) for tag in tags}
        looks = {}
        for tag, job in jobs.items():
            looks[tag] = yield from wait(job)
        return looks

    def _look_at_one(self, look: Routine[_Found]) -> Routine[_Look]:
        try:
            return (yield from look)
        except RegistryError as error:
            return error
        finally:
            self._run.finish_one()

    def _still_listed(self) -> Routine[frozenset[Tag] | None]:
        """The tags that the registry lists, which takes no pull; None if it does not list them."""
        job = self._run.pool.start(_list_tags(self._run, self._repository), rank=self._run.rank_first())
        try:
            return frozenset((yield from wait(job)))
        except RegistryError as error:
            is_no_repository = isinstance(error, NotFoundInRegistry) and error.code
            return frozenset() if is_no_repository else None

    def _look_again(self, missing: Sequence[Tag], listed: frozenset[Tag] | None) -> Routine[dict[Tag, _Look]]:
        """Asks by GET, which is a pull, for tags that HEAD does not find, unless the list does not have them either.

        Some registries answer HEAD with 404 for existing manifests. A dry run only counts these pulls.
        """
        doubtful = [tag for tag in missing if (self._observations.is_live(tag) if listed is None else tag in listed)]
        if self._run.options.is_dry:
            return dict.fromkeys(doubtful, _UNKNOWN)
        return (yield from self._look_at_all(doubtful, self._tags.pull, rank=self._run.rank_first))

    def _sort(self, looks: Mapping[Tag, _Look], listed: frozenset[Tag] | None) -> _Sorted:
        found = _Sorted()
        for tag, look in looks.items():
            if isinstance(look, NotFoundInRegistry):
                self._sort_missing(found, tag, look, listed)
            elif isinstance(look, RegistryError):
                self._tags.note_error(tag, look)
            elif not self._tags.is_unchanged(tag, look.digest):
                found.changed[tag] = look
            else:
                self._tags.note_seen(tag)
                if self._tags.lacks_absent(tag):
                    found.incomplete.append(tag)
        return found

    def _sort_missing(self, found: _Sorted, tag: Tag, error: NotFoundInRegistry, listed: frozenset[Tag] | None) -> None:
        """A tag counts as gone only when two answers agree: HEAD, and the list of tags or the registry's own code."""
        is_listed = listed is not None and tag in listed
        if self._observations.is_live(tag):
            if (listed is not None and not is_listed) or error.code:
                found.gone.append(tag)
            else:
                self._tags.note_error(tag, error)
        elif self._observations.last(tag):
            self._tags.note_seen(tag)
        elif is_listed:
            self._observations.notices.append(f"{self._report.image}:{tag}: is listed, but has no manifest")
        else:
            self._report.fail(tag, "the registry has no such tag")

    def _is_suspicious(self, found: _Sorted, answered: int) -> bool:
        """Whether so many tags are gone that the registry is probably at fault: all, or more than one and too many."""
        options, gone = self._run.options, len(found.gone)
        is_all = gone == len(self._observations.live_tags()) and not found.changed
        return (gone > 1 or is_all) and gone > options.vanish_share * answered and not options.allow_vanishing

    def _estimate(self, found: _Sorted) -> None:
        for tag in (*found.changed, *found.gone):
            self._tags.note_seen(tag)
        self._report.changed += found.changed
        self._report.gone += found.gone
        heads = {tag: look for tag, look in found.changed.items() if isinstance(look, ManifestHead)}
        self._report.pulls = estimate_pulls(self._writer.holdings, self._completeness, heads)
        self._report.sboms = len(self._unread_sboms())

    def _update(self, found: _Sorted) -> Routine[None]:
        """Records the tags that are gone; runs one routine for each tag that changed or lacks something."""
        run, tags = self._run, self._tags
        for tag in found.gone:
            tags.record_gone(tag)
        run.expect(len(found.changed))
        routines = [
            *(tags.update(tag, look) for tag, look in found.changed.items()),
            *(tags.retry_absent(tag) for tag in found.incomplete),
        ]
        yield from wait_for_all([run.pool.start(routine, rank=run.rank_first()) for routine in routines])

    def _unread_sboms(self) -> list[AttachedSbom]:
        """The SBOMs to read again, if that is wanted, and the archive has a place for packages."""
        if self._run.options.packages and self._writer.has_place_for(InventoryFact):
            return unread_sboms(self._writer.holdings)
        return []

    def _read_sboms(self) -> Routine[None]:
        """Reads SBOMs whose packages the archive does not have. These are blobs, so it makes no pulls."""
        run = self._run
        sboms = self._unread_sboms()
        run.expect(len(sboms))
        yield from wait_for_all([run.pool.start(self._read_sbom(one), rank=run.rank_later()) for one in sboms])

    def _read_sbom(self, sbom: AttachedSbom) -> Routine[None]:
        try:
            yield from self._statements.read(sbom.layer, sbom.attested)
        except RegistryError as error:
            self._report.fail(None, str(error))
        else:
            self._report.sboms += 1
            if self._report.sboms % _SBOMS_AT_ONCE == 0:
                self._writer.flush()
        self._run.finish_one()

    def _close(self) -> Routine[None]:
        """Adds what Docker Hub says of the tags that changed, and the visit."""
        self._writer.flush()
        yield from self._ask_hub()
        self._writer.flush()
        self._report.pulls = self._tags.pulls
        self._run.report.notices += self._observations.notices + self._writer.left_out
        self._add_visit()
        _LOG.info(
            "image=%s event=done looked_at=%d changed=%d gone=%d failed=%d left=%d pulls=%d",
            *(self._report.image, self._report.looked_at, len(self._report.changed), len(self._report.gone)),
            *(len(self._report.failed), len(self._report.left), self._report.pulls),
        )

    def _ask_hub(self) -> Routine[None]:
        run = self._run
        changed = [Tag(tag) for tag in self._report.changed]
        if not run.hub or not changed or not run.hub.knows(self._repository):
            return
        job = run.pool.start(ask(run.hub.read, self._repository, changed, run.now()), rank=run.rank_first())
        answer = yield from wait(job)
        self._observations.add_hub(answer.facts)
        self._observations.notices += [answer.notice] if answer.notice else []

    def _add_visit(self) -> None:
        seen = self._tags.seen
        if not seen:
            return
        has_all = set(self._observations.live_tags()) <= set(seen)
        tags = None if has_all else tuple(seen)
        visit = Visit(
            repository=self._repository.name,
            time=self._run.now(),
            tags=tags,
            rehearsed=self._run.options.rehearsal is not None,
        )
        add_visit(self._run.archive.root, visit)
