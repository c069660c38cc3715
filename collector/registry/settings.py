"""Settings for requests to registries, with polite and safe defaults."""

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
    """The time for the whole body of one answer, so that a slow trickle ends."""


class Ceilings(msgspec.Struct, frozen=True, kw_only=True):
    """The largest bodies that are read, in bytes. Registries may refuse manifests above 4 MB (distribution-spec)."""

    manifest: int = 8 * 2**20
    blob: int = 64 * 2**20
    """Configs and attestations: an SBOM has a kilobyte for each file of the image. Layers are not read."""
    page: int = 32 * 2**20
    """A page of a list of tags or referrers, or an answer of Docker Hub's API."""
    token: int = 2**20
    error: int = 64 * 2**10


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """How often, and after how many seconds, a request is repeated after a temporary failure."""

    tries: int = 5
    first: float = 1.0
    factor: float = 2.0
    jitter: float = 0.5
    """The random share of every wait, so that many threads do not continue at once."""
    longest: float = 60.0
    """If a registry asks for a longer wait, the request fails, and the error says when to try again."""
    max_failures: int = 3
    """After this many failed requests in a row, each tried several times, the host gets no requests for a while."""
    cooldown: float = 300.0
    """Seconds without requests to a host that was given up."""

    def delay(self, failures: int, chance: float) -> float:
        """Seconds to wait after this many failures in a row. `chance`: at least 0, below 1."""
        whole = min(self.first * self.factor ** min(failures - 1, 30), self.longest)
        return whole * (1 - self.jitter * chance)


class HostSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings for one registry."""

    insecure: bool = False
    """Whether to use plain http. Loopback names use it unless they have a `ca_file`."""
    ca_file: Path | None = None
    """PEM file of the certificate authorities to trust, for a registry with a private one."""
    concurrency: int = 8
    """The number of simultaneous requests."""
    trusted_hosts: frozenset[str] = frozenset()
    """Other hosts (`minio.corp`, `10.0.0.5:9000`) to which it may redirect, although they are private or use http."""

    def scheme_for(self, host: str) -> str:
        """`http` or `https`."""
        return "http" if self.insecure or (is_loopback(host) and self.ca_file is None) else "https"

    def trusts(self, target: Origin) -> bool:
        """Whether the registry may redirect to a target without further checks."""
        return target.host in self.trusted_hosts or str(target) in self.trusted_hosts

    def ca_file_for(self, home: Origin, target: Origin) -> Path | None:
        """The private authority is trusted for the registry's own hosts, not for the rest of the internet."""
        return self.ca_file if target.host == home.host or self.trusts(target) else None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings for all hosts, and those for single hosts."""

    user_agent: str = f"repo-info/{__version__}"
    timeouts: Timeouts = Timeouts()
    ceilings: Ceilings = Ceilings()
    backoff: Backoff = Backoff()
    connections: int = 64
    """The number of connections to keep open per host; more threads than this would open new ones all the time."""
    hosts: Mapping[str, HostSettings] = {}
    """The registry as in names of images (`docker.io`, `registry.corp:5000`) → its settings."""

    def host(self, registry: str) -> HostSettings:
        """The settings for one registry."""
        return self.hosts.get(registry, HostSettings())
