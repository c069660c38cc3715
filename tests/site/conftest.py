"""The bundled sample's site, served, and sites that are built without MkDocs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.site.build import BuildOptions, build_site
from tests.browser import served
from tests.support.folders import copy_site
from tests.support.shards import build_frame


@pytest.fixture(scope="session")
def sample(sample_site: Path) -> Iterator[str]:
    """The address of the sample's site."""
    with served(sample_site) as address:
        yield address


@pytest.fixture(scope="module")
def options() -> BuildOptions:
    """The options with which `frame` and `whole` are built; a module may override them."""
    return BuildOptions(jobs=1)


@pytest.fixture(scope="module")
def frame(options: BuildOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of an empty archive, from copies of which others are built without MkDocs."""
    return build_frame(tmp_path_factory.mktemp("frame"), options)


@pytest.fixture(scope="module")
def whole(archive: Path, frame: Path, options: BuildOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the module's `archive`, built at one go."""
    site = copy_site(frame, tmp_path_factory.mktemp("whole") / "site")
    build_site(archive, site, options)
    return site
