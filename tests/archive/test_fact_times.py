"""Every time in every kind of fact is a date of the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

from collector.archive.facts import Fact, decode_fact
from collector.archive.facts.forms import with_patterns
from collector.archive.visits import FOLDER, last_visits
from collector.model import times
from tests.support.archives import ArchiveBuilder, digest

DIGEST = digest("x")
PLATFORM = {"architecture": "amd64", "os": "linux"}
WITH_A_TIME: list[dict[str, Any]] = [
    {"fact": "layer", "digest": DIGEST, "media_type": "x", "last_modified": "TIME"},
    {"fact": "config", "digest": DIGEST, "platform": PLATFORM, "history": [["TIME", "0" * 16]]},
    {"fact": "absent", "digest": DIGEST, "time": "TIME"},
    {"fact": "hub", "tag": "1", "time": "TIME"},
    {"fact": "hub", "tag": "1", "time": "2018-01-29T12:00:00Z", "pushed": "TIME"},
    {"fact": "hub", "tag": "1", "time": "2018-01-29T12:00:00Z", "images": [{"platform": PLATFORM, "pushed": "TIME"}]},
    {"fact": "inventory", "config": DIGEST, "packages": "0" * 64, "by": "page", "time": "TIME"},
    {"fact": "observation", "tag": "1", "time": "TIME", "source": "x"},
    {"fact": "observation", "tag": "1", "time": "2018-01-29T12:00:00Z", "source": "x", "dates": {"0": "TIME"}},
    {"fact": "observation", "tag": "1", "time": "2018-01-29T12:00:00Z", "source": "x", "dates_as": "TIME"},
]


def times_in(type_: msgspec.inspect.Type) -> Iterator[msgspec.inspect.Type]:
    """Every member of a type that is a time, at any depth."""
    if isinstance(type_, msgspec.inspect.StrType):
        if type_.pattern == times.PATTERN.removesuffix("$") + r"\Z":
            yield type_
        return
    for name in type_.__struct_fields__:
        for part in _parts(getattr(type_, name)):
            yield from times_in(part)


def _parts(value: object) -> Iterator[msgspec.inspect.Type]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, msgspec.inspect.Field):
            yield one.type
        elif isinstance(one, msgspec.inspect.Type):
            yield one


def test_every_time_of_a_fact_has_an_example() -> None:
    kinds = [msgspec.inspect.type_info(with_patterns(kind)) for kind in get_args(Fact)]
    assert len([time for kind in kinds for time in times_in(kind)]) == len(WITH_A_TIME)


@pytest.mark.parametrize("fact", WITH_A_TIME, ids=lambda fact: fact["fact"])
@pytest.mark.parametrize("time", ["9999-99-99T99:99:99Z", "2018-01-32T00:00:00Z", "2018-02-30T00:00:00Z"])
def test_a_time_outside_the_calendar_is_not_a_fact(fact: dict[str, Any], time: str) -> None:
    template = msgspec.json.encode(fact)
    decode_fact(template.replace(b"TIME", b"2018-01-29T12:00:00Z"))
    with pytest.raises(msgspec.ValidationError, match="not a date of the calendar"):
        decode_fact(template.replace(b"TIME", time.encode()))


def test_a_visit_without_a_time_is_ignored(tmp_path: Any) -> None:
    root = ArchiveBuilder(tmp_path / "a").archive.root
    (root / FOLDER).mkdir()
    lines = [
        b'{"repository":"docker.io/library/tool","time":"%s"}\n' % time
        for time in (b"2018-01-29T12:00:00Z", b"9999-99-99T99:99:99Z", b"later")
    ]
    (root / FOLDER / "2018-01.jsonl").write_bytes(b"".join(lines))
    assert last_visits(root).of_repository("docker.io/library/tool") == "2018-01-29T12:00:00Z"
