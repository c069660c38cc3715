"""What the looks at an image's tags came to: what is gone is confirmed, what is new fetched, and both written down.

It begins when every tag was looked at, so that it is clear how many are gone before the first is believed to be. Each
tag is written down as soon as all of it is there: a run that is killed, or stopped by a limit, keeps what it has, and
the next one makes up for the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from collector.archive.visits import Visit, add_visit
from collector.collect.completeness import Known
from collector.collect.fetcher import Fetcher
from collector.collect.hub import HubAnswer
from collector.collect.observations import Recording
from collector.collect.pull_estimate import estimate_pulls
from collector.collect.report import ImageReport
from collector.collect.run_context import Running
from collector.errors import NotFoundInRegistry, PullLimitReached, RegistryError, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.references import Repository, Tag
from collector.registry.client import ManifestHead, RawManifest

Head = ManifestHead | RegistryError

_LOG = logging.getLogger(__name__)


class Settling:
    """One image. It is over when the crew has no more questions of it."""

    def __init__(
        self,
        running: Running,
        repository: Repository,
        recording: Recording,
        report: ImageReport,
        *,
        listed: list[Tag] | None,
    ) -> None:
        """`listed`: the registry's tags, where it was asked to list them."""
        self._running = running
        self._repository = repository
        self._writer = writer = recording.writer
        self._recording = recording
        self._report = report
        self._listed = listed
        self._known = Known(writer.holdings)
        self._fetcher = Fetcher(
            running.client, running.crew, repository, writer, running.now, layer_dates=running.options.layer_dates
        )
        self._flushed = 0
        """Pulls whose fruit is on the disk."""
        self._seen: list[Tag] = []
        """Of which it is known what they point at now."""
        self._open = 1

    def start(self, heads: Mapping[Tag, Head]) -> None:
        """All tags were looked at."""
        gone: list[Tag] = []
        changed: dict[Tag, ManifestHead] = {}
        for tag, head in heads.items():
            if isinstance(head, ManifestHead):
                if self._is_as_it_was(tag, head.digest):
                    self._saw(tag)
                else:
                    changed[tag] = head
            elif not isinstance(head, NotFoundInRegistry):
                self._note_error(tag, head)
            elif self._recording.is_live(tag):
                gone.append(tag)
            elif self._recording.last(tag):
                self._saw(tag)
            else:
                self._fail(tag, "the registry has no such tag")
        answered = sum(self._recording.is_live(tag) for tag in (*self._seen, *changed, *gone))
        if self._is_suspicious(len(gone), answered):
            reason = f"{len(gone)} of {answered} tags are gone at once: nothing was recorded (see --allow-vanishing)"
            self._fail(None, reason)
        elif self._running.options.is_dry:
            self._foretell(changed, gone)
        else:
            self._settle(changed, gone)

    def _is_as_it_was(self, tag: Tag, digest: Digest | None) -> bool:
        """Whether a tag points at what it did, and the archive has all of that."""
        last = self._recording.last(tag)
        return (
            last is not None
            and last.digest is not None
            and digest in {last.digest, last.announced or last.digest}
            and self._known.has(last.digest)
        )

    def _is_suspicious(self, gone: int, of: int) -> bool:
        options = self._running.options
        return gone > 1 and gone > options.vanish_share * of and not options.allow_vanishing

    def _foretell(self, changed: Mapping[Tag, ManifestHead], gone: list[Tag]) -> None:
        for tag in (*changed, *gone):
            self._saw(tag)
        self._report.changed += changed
        self._report.gone += gone
        self._report.pulls = estimate_pulls(self._writer.holdings, self._known, changed)

    def _settle(self, changed: Mapping[Tag, ManifestHead], gone: list[Tag]) -> None:
        self._running.expect(len(changed) + len(gone))
        self._open += len(changed) + len(gone)
        for tag, head in changed.items():
            if head.digest is None:
                self._ask_for_tag(tag, None)
            else:
                self._fetch(tag, head.digest)
        if gone and self._listed is None:
            # The list is no pull, and a second word beside the first.
            question = partial(self._running.client.iter_tags, self._repository)
            self._running.crew.ask(lambda: list(question()), partial(self._confirm, gone), rank=self._running.first())
        elif gone:
            self._confirm(gone, self._listed or [])
        self._end_if_done()

    # What points at something else.

    def _fetch(self, tag: Tag, digest: Digest) -> None:
        last = self._recording.last(tag)
        is_repair = last is not None and digest == last.announced and last.digest is not None
        wanted = last.digest if last and last.digest and is_repair else digest
        done = partial(self._fetched, tag, wanted, digest)
        self._fetcher.fetch(wanted, done, rank=self._running.first())

    def _fetched(self, tag: Tag, digest: Digest, announced: Digest, error: RegistryError | None) -> None:
        if error is None:
            self._point(tag, digest, announced)
        elif isinstance(error, NotFoundInRegistry | UntrustedAnswer) and not self._fetcher.came(digest):
            # Some registries announce digests by which they do not know the manifest themselves.
            self._ask_for_tag(tag, digest)
        else:
            self._settle_error(tag, error)

    def _ask_for_tag(self, tag: Tag, announced: Digest | None) -> None:
        question = partial(self._running.client.get_manifest, self._repository, tag)
        self._running.crew.ask(question, partial(self._came_for_tag, tag, announced), rank=self._running.first())

    def _came_for_tag(self, tag: Tag, announced: Digest | None, got: RawManifest | RegistryError) -> None:
        self._fetcher.count_pull(got)
        if isinstance(got, RegistryError):
            self._settle_error(tag, got)
            return
        last = self._recording.last(tag)
        if last and last.digest == got.digest and self._known.has(got.digest):
            self._saw(tag)
            self._end_one()
            return
        said = got.announced or announced

        def done(error: RegistryError | None) -> None:
            if error is None:
                self._point(tag, got.digest, said or got.digest)
            else:
                self._settle_error(tag, error)

        if said in {None, got.digest}:
            self._fetcher.take(got, done, rank=self._running.first())
        else:
            # What came was checked against nothing: it counts if the registry has it by its true digest.
            self._fetcher.fetch(got.digest, done, rank=self._running.first())

    def _point(self, tag: Tag, digest: Digest, announced: Digest) -> None:
        """Write down what a tag points at: all of it is there."""
        last = self._recording.last(tag)
        if last is None or last.digest != digest:
            self._recording.observe(tag, digest=digest, announced=announced)
            self._report.changed.append(tag)
            _LOG.info("image=%s tag=%s event=changed digest=%s", self._report.image, tag, digest)
        self._saw(tag)
        if self._fetcher.pulls > self._flushed:
            self._writer.flush()
            self._flushed = self._fetcher.pulls
        self._end_one()

    # What is gone.

    def _confirm(self, gone: list[Tag], listed: list[Tag] | RegistryError) -> None:
        """A tag that was there is gone if the list says so too; else it takes the registry's own word for it."""
        if isinstance(listed, NotFoundInRegistry) and listed.code:
            listed = []
        still = None if isinstance(listed, RegistryError) else frozenset(listed)
        for tag in gone:
            if still is not None and tag not in still:
                self._note_gone(tag)
            else:
                question = partial(self._running.client.get_manifest, self._repository, tag)
                self._running.crew.ask(question, partial(self._confirmed, tag), rank=self._running.first())

    def _confirmed(self, tag: Tag, got: RawManifest | RegistryError) -> None:
        if isinstance(got, NotFoundInRegistry) and got.code:
            self._fetcher.count_pull(got)
            self._note_gone(tag)
        else:
            self._came_for_tag(tag, None, got)

    def _note_gone(self, tag: Tag) -> None:
        self._recording.observe_gone(tag)
        self._report.gone.append(tag)
        _LOG.info("image=%s tag=%s event=gone", self._report.image, tag)
        self._saw(tag)
        self._end_one()

    # The end.

    def _saw(self, tag: Tag) -> None:
        self._seen.append(tag)
        self._report.looked_at += 1

    def _settle_error(self, tag: Tag, error: RegistryError) -> None:
        self._note_error(tag, error)
        self._end_one()

    def _note_error(self, tag: Tag, error: RegistryError) -> None:
        if isinstance(error, PullLimitReached):
            report = self._running.report
            report.limit_reached = True
            report.come_back = max(filter(None, (report.come_back, error.until)), default=None)
            self._report.left.append(tag)
            _LOG.warning("image=%s tag=%s event=left until=%s", self._report.image, tag, error.until)
        else:
            self._fail(tag, str(error))

    def _fail(self, tag: Tag | None, reason: str) -> None:
        self._report.fail(tag, reason)

    def _end_one(self) -> None:
        self._running.finish()
        self._end_if_done()

    def _end_if_done(self) -> None:
        self._open -= 1
        if self._open == 0:
            self._end()

    def _end(self) -> None:
        """All tags are settled: ask Docker Hub about those that changed."""
        self._writer.flush()
        hub = self._running.hub
        tags = [Tag(tag) for tag in self._report.changed]
        if hub and tags and hub.knows(self._repository):
            question = partial(hub.read, self._repository, tags, self._running.now())
            self._running.crew.ask(question, self._heard_hub, rank=self._running.first())
        else:
            self._close()

    def _heard_hub(self, answer: HubAnswer | RegistryError) -> None:
        if isinstance(answer, HubAnswer):
            self._recording.note_hub(answer.facts)
            self._recording.notices += [answer.notice] if answer.notice else []
        self._close()

    def _close(self) -> None:
        self._writer.flush()
        self._report.pulls = self._fetcher.pulls
        self._running.report.notices += self._recording.notices
        if self._seen:
            everything = set(self._recording.live_tags()) <= set(self._seen)
            tags = None if everything else tuple(self._seen)
            visit = Visit(repository=self._repository.name, time=self._running.now(), tags=tags)
            add_visit(self._running.archive.root, visit)
        _LOG.info(
            "image=%s event=done looked_at=%d changed=%d gone=%d failed=%d left=%d pulls=%d",
            *(self._report.image, self._report.looked_at, len(self._report.changed), len(self._report.gone)),
            *(len(self._report.failed), len(self._report.left), self._report.pulls),
        )
