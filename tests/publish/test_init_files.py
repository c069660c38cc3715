"""The files that `init` writes pass the linters of their formats, whatever is asked for."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from collector.configuration import CI, Publish
from collector.publish.new_archive import NewArchive, files_of

ALL = [
    NewArchive(name="Our images", ci=ci, publish=publish, shards=shards, schedule="23 5 * * *")
    for ci, publish, shards in product(get_args(CI), get_args(Publish), (1, 3))
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder for each choice."""
    folders = []
    for number, new in enumerate(ALL):
        folder = tmp_path_factory.mktemp(f"new-{number}")
        for path, text in files_of(new).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        folders.append(folder)
    return folders


def paths(written: list[Path], name: str) -> list[Path]:
    found = [path for folder in written if (path := folder / name).exists()]
    assert found
    return found
