"""The releases of a repository's tags. Tags that had the same states at the same times share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.diff.images import ImageDiffer
from collector.model.digests import Digest
from collector.model.images import Image, State
from collector.model.times import Time
from collector.pages.documents import key_of
from collector.pages.fingerprints import Fingerprints
from collector.releases import ImageUpdate, ImageUpdates, Release, TagState, releases_of
from collector.releases.platform_images import StateImages, images_of


class RepositoryReleases:
    """Groups the states of tags into releases, and keeps the updates that images bring."""

    def __init__(
        self,
        differ: ImageDiffer,
        fingerprints: Fingerprints,
        remembered: Mapping[bytes, ImageUpdate],
        *,
        known_until: Time,
    ) -> None:
        """`remembered`: the fingerprints of two images → their updates, from an earlier build."""
        self.updates: dict[bytes, ImageUpdate] = {}
        """The same for the next build."""
        self._images = ImageUpdates(differ)
        self._fingerprints = fingerprints
        self._remembered = remembered
        self._known_until = known_until
        self._between: dict[tuple[int, int], ImageUpdate] = {}
        """The identities of two images → their updates. The archive's holdings keep all images."""
        self._of_states: dict[Digest, StateImages] = {}
        self._folded: dict[tuple[tuple[Time, Digest | str | None], ...], tuple[Release, ...]] = {}

    def fold(self, states: Sequence[TagState]) -> tuple[Release, ...]:
        """The releases of one tag, oldest first."""
        key = tuple((one.period.since, one.period.digest or one.period.gone) for one in states)
        if key not in self._folded:
            self._folded[key] = releases_of(
                states, self._compare, known_until=self._known_until, images_of_state=self._images_of
            )
        return self._folded[key]

    def _compare(self, before: Image, after: Image) -> ImageUpdate:
        pair = id(before), id(after)
        found = self._between.get(pair)
        if found is None:
            key = key_of(self._fingerprints.of_image(before), self._fingerprints.of_image(after))
            found = self._remembered.get(key) or self._images.between(before, after)
            self._between[pair] = self.updates[key] = found
        return found

    def _images_of(self, state: State) -> StateImages:
        found = self._of_states.get(state.digest)
        if found is None:
            found = self._of_states[state.digest] = images_of(state)
        return found
