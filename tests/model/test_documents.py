"""Documents that would take far more memory than they have bytes."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from collector.errors import InvalidValue
from collector.model.documents import MAX_ENTRIES, OCI_MANIFEST, parse_index, parse_json
from collector.model.images import OCI_INDEX

_DESCRIPTOR = {
    "mediaType": OCI_MANIFEST,
    "digest": f"sha256:{'a' * 64}",
    "size": 1,
    "platform": {"os": "linux", "architecture": "arm", "variant": "v7", "os.version": "1", "os.features": ["a", "b"]},
    "annotations": {f"annotation-{number}": "a, b" for number in range(20)},
}


@pytest.mark.parametrize("value", [b"[]", b"{}", b"[[[[]]]]", b'"a"', rb"\"[]\""])
def test_too_many_values_are_not_decoded(value: bytes) -> None:
    quote = b'"' if value.startswith(b"\\") else b""
    values = b",".join([value] * (8 * 2**20 // (len(value) + 1)))
    raw = b'{"manifests":%b[%b]%b}' % (quote, values, quote)
    tracemalloc.start()
    with pytest.raises(InvalidValue, match="more than 1000000 values"):
        parse_json(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_the_largest_index_is_decoded() -> None:
    raw = json.dumps({"manifests": [_DESCRIPTOR] * MAX_ENTRIES}).encode()
    assert len(parse_index(raw, OCI_INDEX).manifests) == MAX_ENTRIES
