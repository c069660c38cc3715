"""Data files are published compressed, and are otherwise what they were."""

from __future__ import annotations

from collector.model.compression import decompress
from collector.pages.data_files import iter_data_files
from collector.pages.documents import Asset

DATA = Asset(path="api/v1/data.json", content=b"{}", rank=2019)
SCRIPT = Asset(path="api/v1/data.js", content=b"", rank=2018)


def test_a_data_file_is_compressed_and_keeps_its_rank() -> None:
    compressed, script = iter_data_files([DATA, SCRIPT], plain=False)
    assert (compressed.path, decompress(compressed.content, 10), compressed.rank) == (
        "api/v1/data.json.gz",
        b"{}",
        2019,
    )
    assert script == SCRIPT


def test_an_uncompressed_copy_follows_if_it_is_asked_for() -> None:
    assert list(iter_data_files([DATA], plain=True))[1:] == [DATA]
