"""How many changes of the real archive change a package, as the guide says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.diff.images import ImageDiffer
from collector.importer.archive_import import import_source
from collector.model.images import Image


def images_of(holdings: Holdings, tag: str) -> list[Image]:
    """The images of a tag on linux/amd64, oldest first."""
    states = (holdings.state(period.digest) for period in holdings.periods(tag) if period.digest)
    return [image for state in states if state for image in state.images if str(image.platform) == "linux/amd64"]


def counts_of(archive: Archive) -> Counter[tuple[str, bool]]:
    """Of every pair of successive images whose packages are known: the first reason, and whether packages differ."""
    counts: Counter[tuple[str, bool]] = Counter()
    for repository in archive.repositories():
        holdings = archive.load(repository)
        differ = ImageDiffer(holdings.image_packages)
        pairs = {
            (before.manifest, after.manifest): (before, after)
            for tag in holdings.tags
            for before, after in pairwise(images_of(holdings, tag))
            if before.manifest != after.manifest
        }
        for before, after in pairs.values():
            difference = differ.compare(before, after)
            if difference.packages is not None:
                counts[difference.reasons[0].code, bool(difference.packages.changes)] += 1
    return counts


@pytest.mark.slow
def test_the_guide_has_the_shares_of_the_real_archive(local_repo: Path, root: Path, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", create=True)
    import_source(local_repo, archive)
    counts = counts_of(archive)
    same = sum(count for (_, is_changed), count in counts.items() if not is_changed)
    moved = {is_changed: counts["base-moved", is_changed] for is_changed in (True, False)}
    guide = " ".join((root / "site_src/packages.md").read_text(encoding="utf-8").split())
    assert f"{same} of {counts.total():,} changes on linux/amd64 changed no package" in guide
    assert f"{moved[False]} of {sum(moved.values())} moves of a base image" in guide
