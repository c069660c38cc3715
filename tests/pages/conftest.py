from __future__ import annotations

from pathlib import Path

import pytest

from collector.pages.documents import Asset, Document
from tests.pages.archives import iter_items


@pytest.fixture(scope="session")
def sample(root: Path) -> Path:
    """The bundled sample archive: real, and small."""
    return root / "examples" / "archive"


@pytest.fixture(scope="session")
def items(sample: Path) -> list[Document | Asset]:
    """All that the pages room makes of the sample."""
    return list(iter_items(sample))


@pytest.fixture(scope="session")
def pages(items: list[Document | Asset]) -> dict[str, Document]:
    """By address."""
    return {item.address: item for item in items if isinstance(item, Document)}


@pytest.fixture(scope="session")
def assets(items: list[Document | Asset]) -> dict[str, bytes]:
    """By path."""
    return {item.path: item.content for item in items if isinstance(item, Asset)}
