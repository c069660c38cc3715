"""Clocks that do not wait, and clients for the stub."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from collector.model.references import Repository, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import Settings
from tests.support.clocks import CountingClock
from tests.support.stub import Stub, running_stub


class MakesClients(Protocol):
    def __call__(
        self, *, environment: Mapping[str, str] = ..., home: Path | None = None, **settings: Any
    ) -> RegistryClient: ...


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    """Another server: on another port, and so another origin."""
    with running_stub() as running:
        yield running


@pytest.fixture
def clock() -> CountingClock:
    return CountingClock()


@pytest.fixture
def make_client(clock: CountingClock) -> Iterator[MakesClients]:
    """Clients that are closed at the end, and never wait."""
    with ExitStack() as stack:

        def make(*, environment: Mapping[str, str] = {}, home: Path | None = None, **settings: Any) -> RegistryClient:
            made = RegistryClient(environment=environment, home=home, settings=Settings(**settings), clock=clock)
            return stack.enter_context(made)

        yield make


@pytest.fixture
def client(make_client: Callable[..., RegistryClient]) -> RegistryClient:
    return make_client()


@pytest.fixture
def app(stub: Stub) -> Repository:
    """The repository `team/app` of the stub."""
    return parse_repository(f"{stub.address}/team/app")
