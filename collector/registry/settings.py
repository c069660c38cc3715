"""How registries are spoken to: all of it data, with defaults that are polite and safe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from collector import __version__
from collector.registry.transport.hosts import Origin, is_loopback


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """In seconds."""

    connect: float = 10.0
    read: float = 30.0
    """Between two pieces of an answer."""
    whole: float = 120.0
    """For the body of one answer, so that a trickle ends."""


class Ceilings(msgspec.Struct, frozen=True, kw_only=True):
    """The largest bodies that are read, in bytes. Registries may refuse manifests above 4 MB (distribution-spec)."""

    manifest: int = 8 * 2**20
    blob: int = 32 * 2**20
    """Configs and attestations; layers are not read whole."""
    page: int = 32 * 2**20
    """Of a list of tags or referrers, or of Docker Hub's API."""
    token: int = 2**20
    error: int = 64 * 2**10


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """How often, and after how many seconds, a request is made again that failed for the moment."""

    tries: int = 5
    first: float = 1.0
    factor: float = 2.0
    jitter: float = 0.5
    """The share of every wait that is left to chance, so that many threads do not come back at once."""
    longest: float = 60.0
    """A registry that asks for a longer wait than this is not waited for: the error says when to come back."""
    surrender: int = 3
    """After so many requests in a row for which all tries failed, the host is left alone for a while."""
    left_alone: float = 300.0

    def delay(self, failures: int, chance: float) -> float:
        """Seconds to wait after that many failures in a row; `chance` is from 0 up to 1."""
        whole = min(self.first * self.factor ** min(failures - 1, 30), self.longest)
        return whole * (1 - self.jitter * chance)


class HostSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What may be set for one registry."""

    insecure: bool = False
    """Speak plain http. Loopback names do so unless they have a `ca_file`."""
    ca_file: Path | None = None
    """PEM file of the authorities to trust, for a registry with a private one."""
    concurrency: int = 8
    """Requests at one time."""
    trusted_hosts: frozenset[str] = frozenset()
    """Other hosts (`minio.corp`, `10.0.0.5:9000`) that it may send us to, although they are private or speak http."""

    def scheme_for(self, host: str) -> str:
        """`http` or `https`."""
        return "http" if self.insecure or (is_loopback(host) and self.ca_file is None) else "https"

    def trusts(self, target: Origin) -> bool:
        """Whether we may be sent to a place whatever it is."""
        return target.host in self.trusted_hosts or str(target) in self.trusted_hosts

    def ca_file_for(self, home: Origin, target: Origin) -> Path | None:
        """The private authority holds for the registry's own hosts, and not for the rest of the internet."""
        return self.ca_file if target.host == home.host or self.trusts(target) else None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all hosts, and what is not."""

    user_agent: str = f"repo-info/{__version__}"
    timeouts: Timeouts = Timeouts()
    ceilings: Ceilings = Ceilings()
    backoff: Backoff = Backoff()
    connections: int = 64
    """Kept open per host at most; more threads than this would open new ones all the time."""
    hosts: Mapping[str, HostSettings] = {}
    """By the registry's name as in an image's name: `docker.io`, `registry.corp:5000`."""

    def host(self, registry: str) -> HostSettings:
        """The settings for one registry."""
        return self.hosts.get(registry, HostSettings())
