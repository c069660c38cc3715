"""Hosts: the address of a registry, and the addresses to which a registry on the internet must not redirect."""

from __future__ import annotations

import socket
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from collector.errors import UntrustedAnswer

HUB = "docker.io"
_HUB_ENDPOINT = "registry-1.docker.io"
_NAT64 = ip_network("64:ff9b::/96")
"""IPv4 addresses in the form of IPv6 (RFC 6052)."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port. Credentials belong to all three together."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def origin_of(url: str) -> Origin:
    """The origin of an http or https address.

    Raises:
        UntrustedAnswer: the text is not such an address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UntrustedAnswer("not an address") from None
    if not url.isprintable():
        raise UntrustedAnswer("not an address")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise UntrustedAnswer("not an http or https address")
    return Origin(parts.scheme, parts.hostname.rstrip("."), port or _DEFAULT_PORTS[parts.scheme])


def endpoint_of(registry: str) -> str:
    """The host and port of a registry. They differ from its name only for Docker Hub."""
    return _HUB_ENDPOINT if registry == HUB else registry


def split_port(text: str) -> tuple[str, str]:
    """The host and the port of `host:5000`, `[::1]:5000`, `[::1]` or `::1`; without a port, an empty text."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = text.partition(":") if text.count(":") == 1 else (text, "", "")
    return host, port


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is this machine by its name alone, without a look-up."""
    name = split_port(host)[0]
    address = _address(name)
    return name == "localhost" or name.endswith(".localhost") or (address is not None and address.is_loopback)


class Nearness(IntEnum):
    """How near an address is to this machine. A registry may redirect only to addresses that are no nearer than
    itself.
    """

    PUBLIC = 0
    PRIVATE = 1
    LOOPBACK = 2
    LINK_LOCAL = 3
    """Redirects to it are always refused: clouds serve the credentials of this machine there."""


def nearness_of(host: str) -> Nearness:
    """The nearness of a host as written; a name counts as public, because it is not looked up."""
    if is_loopback(host):
        return Nearness.LOOPBACK
    address = _address(host)
    if address is None:
        return Nearness.PUBLIC
    if address.is_link_local:
        return Nearness.LINK_LOCAL
    if address.is_unspecified:
        return Nearness.LOOPBACK
    return Nearness.PUBLIC if address.is_global and not address.is_multicast else Nearness.PRIVATE


def resolved_nearness(host: str) -> Nearness:
    """The nearness of a host after a look-up of its name: that of its nearest address, up to loopback."""
    written = nearness_of(host)
    if written is not Nearness.PUBLIC or _address(host) is not None:
        return min(written, Nearness.LOOPBACK)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Nearness.PUBLIC
    return min(Nearness.LOOPBACK, max(nearness_of(str(entry[4][0])) for entry in found))


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        try:
            # The functions that open connections also accept 127.1, 2130706433 and 0x7f000001.
            return IPv4Address(socket.inet_aton(host))
        except (OSError, ValueError):  # a NUL in it
            return None
    if isinstance(address, IPv6Address):
        embedded = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
        return address.ipv4_mapped or address.sixtofour or embedded or address
    return address
