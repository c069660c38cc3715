"""A line is a fact if, and only if, a decoder with all patterns takes it for one; and its fault is told as there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

from collector.archive.facts import Fact, decode_fact
from collector.archive.facts.forms import with_patterns
from collector.archive.facts.shared_values import SharedValues
from collector.model.json_text import NOT_DECODABLE
from tests.support.archives import digest

DIGEST, OTHER = digest("x"), digest("y")
TIME, TEXT = "2018-01-29T12:00:00Z", "0" * 64
PLATFORM = {"architecture": "amd64", "os": "linux", "os.version": "10.0"}
FACTS: list[dict[str, Any]] = [
    {"fact": "absent", "digest": DIGEST, "time": TIME},
    {
        "fact": "config",
        "digest": DIGEST,
        "platform": PLATFORM,
        "cmd": ["sh"],
        "history": [[None, "0" * 16], [TIME, TEXT]],
    },
    {
        "fact": "hub",
        "tag": "1",
        "time": TIME,
        "pushed": TIME,
        "digest": DIGEST,
        "images": [{"platform": PLATFORM, "digest": DIGEST, "pushed": TIME, "size": 1}],
    },
    {"fact": "index", "digest": DIGEST, "media_type": "x", "manifests": [{"digest": OTHER, "platform": PLATFORM}]},
    {"fact": "inventory", "config": DIGEST, "packages": TEXT, "by": "page", "time": TIME, "statement": OTHER},
    {"fact": "layer", "digest": DIGEST, "media_type": "x", "last_modified": TIME, "size": 3},
    {"fact": "manifest", "digest": DIGEST, "media_type": "x", "config": OTHER, "layers": [DIGEST, OTHER]},
    {
        "fact": "observation",
        "tag": "1",
        "time": TIME,
        "source": "git:x",
        "digest": DIGEST,
        "announced": OTHER,
        "page": TEXT,
        "sections": {"0": TEXT},
        "dates": {"0": TIME, "1": None},
        "dates_as": TIME,
    },
    {"fact": "packages", "id": TEXT, "on": TEXT, "remove": [["deb", "1", ["a"]]]},
    {"fact": "raw", "digest": DIGEST, "media_type": "x", "text": "{}"},
    {"fact": "statement", "digest": DIGEST, "predicate_type": "x", "size": 1},
    {"fact": "step", "id": "0" * 16, "text": "RUN x"},
    {"fact": "text", "id": TEXT, "text": "x"},
]
DECODER: msgspec.json.Decoder[object] = msgspec.json.Decoder(with_patterns(Fact))


def fault(decode: Any, line: bytes) -> str | None:
    try:
        decode(line)
    except NOT_DECODABLE as error:
        return str(error)
    return None


def with_each_text_broken(value: Any) -> Iterator[Any]:
    """The value with one of its texts broken, for each of them."""
    if isinstance(value, str):
        yield value + "\n"
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from (value | {name: broken} for broken in with_each_text_broken(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], broken, *value[place + 1 :]] for broken in with_each_text_broken(part))


def test_every_kind_of_fact_is_here() -> None:
    assert {fact["fact"] for fact in FACTS} == {kind.__struct_config__.tag for kind in get_args(Fact)}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_a_broken_text_is_told_as_by_a_decoder_with_patterns(fact: dict[str, Any]) -> None:
    shared = SharedValues()
    lines = [msgspec.json.encode(broken) + b"\n" for broken in (fact, *with_each_text_broken(fact))]
    faults = [fault(DECODER.decode, line) for line in lines]
    assert faults[0] is None
    assert any("matching regex" in (one or "") for one in faults)
    assert [fault(decode_fact, line) for line in lines] == faults
    assert [fault(lambda line: decode_fact(line, shared), line) for line in lines] == faults


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_a_line_with_other_bytes_is_told_so_too(fact: dict[str, Any]) -> None:
    shared, draws = SharedValues(), random.Random(1)
    line = msgspec.json.encode(fact) + b"\n"
    for _ in range(300):
        place = draws.randrange(len(line))
        changed = line[:place] + draws.choice((b"", b"0", b"g", b'"', b",", b"[", b"\xff", b"\\n")) + line[place + 1 :]
        expected, found = fault(DECODER.decode, changed), fault(lambda line: decode_fact(line, shared), changed)
        assert found == expected or (found or "").startswith("not a date of the calendar")


def test_what_was_refused_once_is_refused_again() -> None:
    shared = SharedValues()
    line = msgspec.json.encode(FACTS[0] | {"time": "2018-02-30T00:00:00Z"}) + b"\n"
    assert {fault(lambda line: decode_fact(line, shared), line) for _ in range(2)} == {
        "not a date of the calendar: 2018-02-30T00:00:00Z"
    }


def test_a_digest_is_no_time_though_it_was_seen() -> None:
    shared = SharedValues()
    for fact in (FACTS[0], FACTS[0] | {"time": DIGEST}):
        line = msgspec.json.encode(fact) + b"\n"
        assert fault(lambda line: decode_fact(line, shared), line) == fault(DECODER.decode, line)
