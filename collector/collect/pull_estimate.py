"""An estimate of the pulls of a run, before anything is fetched."""

from __future__ import annotations

from collections.abc import Mapping

from collector.archive.holdings import Holdings
from collector.collect.completeness import Completeness
from collector.model.images import INDEX_TYPES
from collector.model.references import Tag
from collector.registry.client import ManifestHead

_ENTRY = 330
"""Bytes of an index for one manifest, roughly: 250 without annotations, 700 with many."""


def estimate_pulls(holdings: Holdings, completeness: Completeness, changed: Mapping[Tag, ManifestHead]) -> int:
    """The pulls for the tags that changed: one for each digest and for each manifest that an index probably has."""
    wanted = {head.digest or tag: (tag, head) for tag, head in changed.items()}
    return sum(
        1 + (_manifests(holdings, tag, head) if head.media_type in INDEX_TYPES else 0)
        for tag, head in wanted.values()
        if head.digest is None or not completeness.has(head.digest)
    )


def _manifests(holdings: Holdings, tag: Tag, head: ManifestHead) -> int:
    """The number of manifests that the tag had last; for a new tag, an estimate from the size of its index."""
    last = next((seen.digest for seen in reversed(holdings.observations.get(tag, ())) if seen.digest), None)
    state = holdings.state(last) if last else None
    if state and state.is_index:
        return len(state.all_images) + len(state.artifacts)
    return max(1, (head.size or 0) // _ENTRY)
