"""Looking at an image: its tags are listed, where that is wanted, and a HEAD says of each what it points at now."""

from __future__ import annotations

from functools import partial

from collector.collect.observations import Recording
from collector.collect.report import ImageReport
from collector.collect.run_context import Running
from collector.collect.selection import Wanted
from collector.collect.tag_update import Head, Settling
from collector.errors import NotFoundInRegistry, RegistryError
from collector.model.references import Tag


class Looking:
    """One image. Goes over into `Settling` when all its tags were looked at."""

    def __init__(self, running: Running, wanted: Wanted) -> None:
        self._running = running
        self._wanted = wanted
        self._repository = wanted.repository
        self._report = ImageReport(image=wanted.repository.familiar)
        running.report.images.append(self._report)
        self._heads: dict[Tag, Head] = {}

    def start(self) -> None:
        """Put the first questions."""
        if self._wanted.has_patterns:
            self._running.crew.ask(self._list, self._heard_list, rank=self._running.later())
        else:
            self._look(None)

    def _list(self) -> list[Tag]:
        return list(self._running.client.iter_tags(self._repository))

    def _heard_list(self, listed: list[Tag] | RegistryError) -> None:
        if isinstance(listed, NotFoundInRegistry) and listed.code:
            # All its tags are gone, if there ever were any.
            self._look([], why=listed)
        elif isinstance(listed, RegistryError):
            self._fail(str(listed))
        else:
            self._look(listed)

    def _look(self, listed: list[Tag] | None, why: RegistryError | None = None) -> None:
        """A HEAD for each tag, those first that were not looked at for longest."""
        running, name = self._running, self._repository.name
        writer = running.archive.writer(self._repository)
        running.report.notices += writer.notices
        recording = Recording(writer, f"https://{self._repository.registry}", running.now)
        tags = self._wanted.choose(listed or ())
        if listed is not None:
            # One that is no longer listed may be gone.
            tags = list(dict.fromkeys([*tags, *self._wanted.choose(recording.live_tags())]))
        if not tags:
            self._fail(str(why) if why else "the registry lists no tag that is wanted")
            return
        tags.sort(key=lambda tag: running.visits.of_tag(name, tag) if recording.last(tag) else "")
        running.expect(len(tags))
        settling = Settling(running, self._repository, recording, self._report, listed=listed)
        for tag in tags:
            question = partial(running.client.head_manifest, self._repository, tag)
            running.crew.ask(question, partial(self._heard, settling, tag, len(tags)), rank=running.later())

    def _heard(self, settling: Settling, tag: Tag, of: int, head: Head) -> None:
        self._heads[tag] = head
        self._running.finish()
        if len(self._heads) == of:
            settling.start(self._heads)

    def _fail(self, reason: str) -> None:
        self._report.fail(None, reason)
