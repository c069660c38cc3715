"""Compressed files: any gzip reads them, and no content of theirs is larger than its reader expects."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import InvalidValue
from collector.model.compression import compress, decompress

TEXT = b'{"objects":[1,2,3]}' * 100


@given(st.binary(max_size=5_000))
def test_content_is_read_as_it_was_written(content: bytes) -> None:
    assert decompress(compress(content), len(content) or 1) == content
    assert gzip.decompress(compress(content)) == content


def test_nothing_in_it_differs_between_machines() -> None:
    assert compress(TEXT)[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF])
    assert len(compress(TEXT)) < 60


@pytest.mark.parametrize("content", [b"", b"{}", b"\x1f", TEXT])
def test_what_a_host_has_decompressed_is_unchanged(content: bytes) -> None:
    assert decompress(content, 1) == content


def test_a_large_content_is_refused_before_it_is_in_memory() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(InvalidValue, match="more than 1000000 bytes when decompressed"):
        decompress(bomb, 1_000_000)
    with pytest.raises(InvalidValue, match=f"more than {len(TEXT) - 1} bytes"):
        decompress(compress(TEXT), len(TEXT) - 1)


@pytest.mark.parametrize("ceiling", [0, -1])
@pytest.mark.parametrize("content", [compress(TEXT), TEXT])
def test_a_ceiling_that_is_no_limit_is_refused(content: bytes, ceiling: int) -> None:
    with pytest.raises(ValueError, match=f"a ceiling of {ceiling} bytes is no limit"):
        decompress(content, ceiling)


@pytest.mark.parametrize(
    "damaged",
    [
        compress(TEXT)[:-1],
        compress(TEXT)[:30],
        compress(TEXT) + b"more",
        compress(TEXT) + compress(TEXT),
        compress(TEXT)[:-5] + b"\0" + compress(TEXT)[-4:],
        b"\x1f\x8b",
        b"\x1f\x8b" + TEXT,
    ],
    ids=["cut at its end", "cut", "with more", "two", "with another sum", "empty", "not deflated"],
)
def test_a_damaged_file_is_an_error(damaged: bytes) -> None:
    with pytest.raises(InvalidValue, match="not decompressed: "):
        decompress(damaged, 1_000_000)
