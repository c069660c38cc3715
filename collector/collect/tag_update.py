"""Updates one tag: fetches what it points at and records it, or records that it is gone."""

from __future__ import annotations

import logging

from collector.collect.completeness import Completeness
from collector.collect.object_fetcher import ObjectFetcher
from collector.collect.observations import Observations
from collector.collect.report import ImageReport
from collector.collect.run_context import ImageContext
from collector.collect.worker_pool import Routine
from collector.errors import NotFoundInRegistry, PullLimitReached, RegistryError, WrongDigest
from collector.model.digests import Digest
from collector.model.references import Tag
from collector.registry.client import ManifestHead, RawManifest

_LOG = logging.getLogger(__name__)


class TagUpdater:
    """Updates the tags of one image, each in its own routine, and reports failures."""

    def __init__(
        self, image: ImageContext, observations: Observations, completeness: Completeness, report: ImageReport
    ) -> None:
        self.seen: list[Tag] = []
        """Tags whose state is known now."""
        self._run = image.run
        self._writer = image.writer
        self._observations = observations
        self._completeness = completeness
        self._report = report
        self._objects = ObjectFetcher(image)
        self._flushed = 0
        """The number of pulls whose results are on disk."""

    @property
    def pulls(self) -> int:
        """Manifests that were asked for by GET."""
        return self._objects.pulls

    def is_unchanged(self, tag: Tag, digest: Digest | None) -> bool:
        """Whether a tag points at the same digest as before, and the archive has all of it."""
        last = self._observations.last(tag)
        return (
            last is not None
            and last.digest is not None
            and digest in {last.digest, last.announced or last.digest}
            and self._completeness.has(last.digest)
        )

    def pull(self, tag: Tag) -> Routine[RawManifest]:
        """Asks by GET what a tag points at, which is a pull."""
        return self._objects.pull(tag)

    def update(self, tag: Tag, look: ManifestHead | RawManifest) -> Routine[None]:
        """Fetches what a tag points at, and records it. `look` is the answer to HEAD, or what was pulled already."""
        announced = look.digest if isinstance(look, ManifestHead) else None
        try:
            if isinstance(look, RawManifest):
                yield from self._record_pulled(tag, look, None)
            elif announced is None or not (yield from self._fetch_announced(tag, announced)):
                got = yield from self.pull(tag)
                yield from self._record_pulled(tag, got, announced)
        except RegistryError as error:
            self.note_error(tag, error)
        self._run.finish_one()

    def retry_absent(self, tag: Tag) -> Routine[None]:
        """Asks again for manifests that an index of an unchanged tag names, and that the registry did not have."""
        last = self._observations.last(tag)
        try:
            if last and last.digest:
                yield from self._objects.fetch(last.digest)
        except RegistryError as error:
            self.note_error(tag, error)

    def record_gone(self, tag: Tag) -> None:
        """Records that a tag is gone."""
        self._observations.add_gone(tag)
        self._report.gone.append(tag)
        _LOG.info("image=%s tag=%s event=gone", self._report.image, tag)
        self.note_seen(tag)

    def lacks_absent(self, tag: Tag) -> bool:
        """Whether what a tag points at names manifests that the registry did not have."""
        last = self._observations.last(tag)
        return last is not None and last.digest is not None and self._completeness.lacks_absent(last.digest)

    def note_seen(self, tag: Tag) -> None:
        """Counts a tag as looked at."""
        self.seen.append(tag)
        self._report.looked_at += 1

    def note_error(self, tag: Tag, error: RegistryError) -> None:
        """Reports a tag that could not be read, or that is left for the next run."""
        if isinstance(error, PullLimitReached):
            report = self._run.report
            report.limit_reached = True
            report.come_back = max(filter(None, (report.come_back, error.until)), default=None)
            self._report.left.append(tag)
            _LOG.warning("image=%s tag=%s event=left until=%s", self._report.image, tag, error.until)
        else:
            self._report.fail(tag, str(error))

    def _fetch_announced(self, tag: Tag, announced: Digest) -> Routine[bool]:
        """Fetches by the digest that HEAD gave; False if the registry has no manifest of that digest.

        Some registries announce a digest and then do not find a manifest with that digest.
        """
        last = self._observations.last(tag)
        is_known_alias = last is not None and announced == last.announced and last.digest is not None
        digest = last.digest if last and last.digest and is_known_alias else announced
        try:
            yield from self._objects.fetch(digest)
        except (NotFoundInRegistry, WrongDigest):
            if self._objects.was_received(digest):
                raise
            return False
        self._record(tag, digest, announced)
        return True

    def _record_pulled(self, tag: Tag, got: RawManifest, announced: Digest | None) -> Routine[None]:
        """Fetches what a manifest that was pulled by its tag refers to, and records the tag."""
        said = got.announced or announced
        last = self._observations.last(tag)
        if not (last and last.digest == got.digest and self._completeness.has(got.digest)):
            if said in {None, got.digest}:
                yield from self._objects.keep(got)
            else:
                # No digest confirms these bytes yet: they count only if the registry finds them by their own digest.
                yield from self._objects.fetch(got.digest)
        self._record(tag, got.digest, said or got.digest)

    def _record(self, tag: Tag, digest: Digest, announced: Digest) -> None:
        """Records what a tag points at, after all of it is in the archive. Everything that was pulled for it is then on
        disk.
        """
        last = self._observations.last(tag)
        if last is None or last.digest != digest:
            self._observations.add(tag, digest=digest, announced=announced)
            self._report.changed.append(tag)
            _LOG.info("image=%s tag=%s event=changed digest=%s", self._report.image, tag, digest)
        self.note_seen(tag)
        if self._objects.pulls > self._flushed:
            self._writer.flush()
            self._flushed = self._objects.pulls
