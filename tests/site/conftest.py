"""What the tests of the site share: the bundled sample's site, served, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.site.build import BuildOptions, build_site
from tests.browser import served


@pytest.fixture(scope="session")
def sample_site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("sample") / "site"
    build_site(root / "examples" / "archive", site, BuildOptions(jobs=1))
    return site


@pytest.fixture(scope="session")
def sample(sample_site: Path) -> Iterator[str]:
    """The address of the sample's site."""
    with served(sample_site) as address:
        yield address
