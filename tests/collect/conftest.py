"""Fixtures for collections, with a real registry and a stub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from collector.archive.facts import Fact, decode_fact
from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.collect.hub import HubReader
from collector.collect.report import CollectReport
from collector.collect.run import collect
from collector.collect.run_context import CollectOptions
from collector.collect.selection import from_arguments
from collector.model.images import State
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.registry.client import RegistryClient
from collector.registry.hub.client import HubClient
from collector.registry.settings import Settings
from tests.collect.image_store import Shelf
from tests.support.clocks import CountingClock
from tests.support.registry import RunningRegistry, running_registry
from tests.support.stub import Stub


class Desk:
    """Collects into one archive, at chosen times; every run has a new client."""

    def __init__(self, root: Path) -> None:
        self.archive = Archive(root, create=True)
        self.root = root
        self.now = Time("2026-11-20T08:00:00Z")
        self.hub: str | None = None
        """The address of the stub of Docker Hub's API."""

    def at(self, moment: str) -> None:
        """The time, from now on."""
        self.now = Time(f"2026-11-{moment}Z")

    def collect(self, *arguments: str, **options: Any) -> CollectReport:
        with RegistryClient(environment={}, settings=Settings(), clock=CountingClock()) as client:
            return self.collect_with(client, *arguments, **options)

    def collect_with(self, client: RegistryClient, *arguments: str, **options: Any) -> CollectReport:
        chosen = CollectOptions(**{"threads": 4, **options})
        reader = HubReader(HubClient(client, address=self.hub)) if self.hub else None
        return collect(
            client, self.archive, from_arguments(arguments), now=lambda: self.now, options=chosen, hub=reader
        )

    def holdings(self, name: str) -> Holdings:
        return self.archive.load(parse_repository(name))

    def state(self, name: str) -> State:
        """The state of `image:tag` in the archive."""
        image, _, tag = name.rpartition(":")
        holdings = self.holdings(image)
        digest = holdings.observations[tag][-1].digest
        assert digest
        state = holdings.state(digest)
        assert state
        return state

    def facts(self) -> list[Fact]:
        """All lines of the journals in their order, without a line that was cut off."""
        journals = sorted(path for path in self.root.rglob("*.jsonl") if path.parent.name != "visits")
        lines = [line for path in journals for line in path.read_bytes().splitlines(keepends=True)]
        return [decode_fact(line) for line in lines if line.endswith(b"\n")]

    def timeless(self) -> list[str]:
        """All facts without their times, sorted."""
        facts = [msgspec.to_builtins(fact) for fact in self.facts()]
        return sorted(repr(sorted((name, value) for name, value in fact.items() if name != "time")) for fact in facts)

    def seen(self, name: str) -> list[tuple[str, str]]:
        """Times and digests of a tag's observations; for a gone tag, the value of `gone`."""
        image, _, tag = name.rpartition(":")
        seen = self.holdings(image).observations.get(tag, [])
        return [(fact.time, fact.digest or fact.gone or "") for fact in seen]

    def check(self) -> None:
        """Assert that the archive has no faults."""
        assert list(verify(self.archive)) == []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "archive")


@pytest.fixture
def shelf(stub: Stub) -> Shelf:
    return Shelf(stub)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRegistry]:
    with running_registry(tmp_path_factory.mktemp("registry")) as running:
        yield running


@pytest.fixture
def app(request: pytest.FixtureRequest, registry: RunningRegistry) -> str:
    """The path of a repository for this test alone."""
    return f"team/{request.node.name.partition('[')[0].replace('_', '-').lower()}"
