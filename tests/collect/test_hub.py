"""The data of Docker Hub's own API, which no collection needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collector.archive.store import Archive
from collector.collect.hub import HubReader
from collector.collect.observations import Observations
from collector.model.references import Tag, parse_repository
from collector.model.times import Time
from collector.registry.client import RegistryClient
from collector.registry.hub.client import HubClient
from collector.registry.settings import Settings
from tests.collect.conftest import Desk
from tests.support.clocks import CountingClock
from tests.support.stub import Stub, reply

PYTHON = parse_repository("python")
TAGS = "/v2/namespaces/library/repositories/python/tags"
NOW = Time("2026-11-20T08:00:00Z")


def tag(name: str, pushed: str = "2026-11-19T01:02:03.123456789Z") -> dict[str, object]:
    linux = {"os": "linux", "architecture": "amd64", "digest": None, "size": 123, "status": "active"}
    return {"name": name, "tag_last_pushed": pushed, "tag_status": "active", "images": [linux]}


@pytest.fixture
def reader(stub: Stub) -> Iterator[HubReader]:
    with RegistryClient(environment={}, settings=Settings(), clock=CountingClock()) as client:
        yield HubReader(HubClient(client, address=stub.url))


def test_few_tags_are_asked_for_one_by_one(stub: Stub, reader: HubReader) -> None:
    stub.on(f"{TAGS}/3", reply(tag("3")))
    answer = reader.read(PYTHON, [Tag("3"), Tag("none")], NOW)
    ((fact,), (image,)) = answer.facts, answer.facts[0].images
    assert (fact.tag, fact.pushed, fact.status, image.size, str(image.platform)) == (
        "3",
        "2026-11-19T01:02:03Z",
        "active",
        123,
        "linux/amd64",
    )
    assert answer.notice == ""
    assert stub.asked() == [f"GET {TAGS}/3", f"GET {TAGS}/none"]


def test_many_tags_are_looked_for_in_the_list(stub: Stub, reader: HubReader) -> None:
    names = [Tag(f"t{number}") for number in range(12)]
    stub.on(TAGS, reply({"count": 13, "next": None, "results": [tag(name) for name in (*names, "other")]}))
    answer = reader.read(PYTHON, names, NOW)
    assert [fact.tag for fact in answer.facts] == names
    assert len(stub.seen) == 1


def test_a_failure_is_a_notice(stub: Stub, reader: HubReader) -> None:
    stub.on(f"{TAGS}/3", reply("", 403))
    answer = reader.read(PYTHON, [Tag("3")], NOW)
    assert answer.facts == []
    assert answer.notice.startswith("python: Docker Hub's API: ")


def test_docker_hub_is_asked_only_about_its_own_images(reader: HubReader, stub: Stub) -> None:
    assert [reader.knows(parse_repository(name)) for name in ("python", "a/b", "docker.io/a/b/c", "ghcr.io/a/b")] == [
        True,
        True,
        False,
        False,
    ]


def test_only_new_facts_are_kept(stub: Stub, reader: HubReader, desk: Desk) -> None:
    stub.on(f"{TAGS}/3", reply(tag("3")), reply(tag("3")), reply(tag("3", "2026-11-20T00:00:00Z")))
    for time in ("2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"):
        with desk.archive.writing():
            writer = desk.archive.writer(PYTHON)
            Observations(writer, "https://docker.io", lambda: NOW).add_hub(
                reader.read(PYTHON, [Tag("3")], Time(time)).facts
            )
            writer.flush()
    assert [getattr(fact, "time", "") for fact in desk.facts()] == ["2026-11-20T08:00:00Z", "2026-11-22T08:00:00Z"]
    assert Archive(desk.root).load(PYTHON).hub["3"].pushed == "2026-11-20T00:00:00Z"
    desk.check()
