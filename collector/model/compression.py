"""Compressed files (gzip, RFC 1952): the same bytes for the same content, and decompression with a limit."""

from __future__ import annotations

import zlib

from collector.errors import InvalidValue

_MAGIC = b"\x1f\x8b"
_HEADER = _MAGIC + b"\x08\0\0\0\0\0\x02\xff"
"""Deflate, no name, no time, the best compression, an unknown system: nothing that differs between machines."""
_LEVEL = 9
_GZIP = zlib.MAX_WBITS | 16


def compress(content: bytes) -> bytes:
    """Compress content. All machines with the same version of zlib give the same bytes."""
    compressor = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    deflated = compressor.compress(content) + compressor.flush()
    sums = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return _HEADER + deflated + sums


def decompress(content: bytes, ceiling: int) -> bytes:
    """Decompress content. What does not begin as a compressed file is returned unchanged: some hosts decompress it.

    Args:
        ceiling: the most bytes that are returned, at least 1; zlib takes 0 as no limit.

    Raises:
        InvalidValue: it is damaged, or larger than the ceiling.
        ValueError: the ceiling is below 1.
    """
    if ceiling < 1:
        raise ValueError(f"a ceiling of {ceiling} bytes is no limit")
    if not content.startswith(_MAGIC):
        return content
    decompressor = zlib.decompressobj(wbits=_GZIP)
    try:
        found = decompressor.decompress(content, ceiling)
        more = decompressor.decompress(decompressor.unconsumed_tail, 1)
    except zlib.error as error:
        raise InvalidValue(f"not decompressed: {error}") from None
    if more:
        raise InvalidValue(f"more than {ceiling} bytes when decompressed")
    if not decompressor.eof or decompressor.unused_data:
        raise InvalidValue("not decompressed: the file does not end where its content ends")
    return found
