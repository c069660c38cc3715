"""The sites of the bundled sample and of a hostile archive, each built once in a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.site.build import BuildOptions, build_site
from tests.browser import served
from tests.e2e.hostile import write_hostile_archive
from tests.support.shared_once import made_once


@pytest.fixture(scope="session")
def hostile_site(shared_tmp: Path) -> Path:
    """The site of an archive in which everything that can be text is an attack."""

    def build(folder: Path) -> None:
        build_site(write_hostile_archive(folder / "archive"), folder / "site", BuildOptions(jobs=1))

    return made_once(shared_tmp, "hostile", build) / "site"


@pytest.fixture(scope="session")
def sample(sample_site: Path) -> Iterator[str]:
    """The address of the sample's site while it is served."""
    with served(sample_site) as address:
        yield address


@pytest.fixture(scope="session")
def hostile(hostile_site: Path) -> Iterator[str]:
    """The address of the hostile archive's site while it is served."""
    with served(hostile_site) as address:
        yield address
