from __future__ import annotations

from pathlib import Path

import pytest

from collector.pages.documents import AnyAsset, Document, Item
from tests.pages import collected
from tests.pages.archives import iter_items


@pytest.fixture(scope="session")
def sample(root: Path) -> Path:
    """The bundled sample archive: real, and small."""
    return root / "examples" / "archive"


@pytest.fixture(scope="session")
def items(sample: Path) -> list[Item]:
    """All items that `pages` makes from the sample."""
    return list(iter_items(sample))


@pytest.fixture(scope="session")
def pages(items: list[Item]) -> dict[str, Document]:
    """By address."""
    return {item.address: item for item in items if isinstance(item, Document)}


@pytest.fixture(scope="session")
def assets(items: list[Item]) -> dict[str, bytes]:
    """By path."""
    return {item.path: item.content for item in items if isinstance(item, AnyAsset)}


@pytest.fixture(scope="session")
def collected_items(tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    """All items that `pages` makes from an archive of a registry."""
    return list(iter_items(collected.write(tmp_path_factory.mktemp("collected") / "archive")))


@pytest.fixture(scope="session")
def collected_pages(collected_items: list[Item]) -> dict[str, Document]:
    """By address."""
    return {item.address: item for item in collected_items if isinstance(item, Document)}
