"""Hosts: the address of a registry, and the addresses to which a registry on the internet must not redirect."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from collector.errors import UntrustedAnswer

HUB = "docker.io"
_HUB_ENDPOINT = "registry-1.docker.io"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """What credentials belong to: scheme, host and port, all three."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def origin_of(url: str) -> Origin:
    """The origin of an http or https address.

    Raises:
        UntrustedAnswer: it is not such an address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UntrustedAnswer("was sent to something that is no address") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise UntrustedAnswer("was sent to something that is no address of the web")
    return Origin(parts.scheme, parts.hostname.rstrip("."), port or _DEFAULT_PORTS[parts.scheme])


def endpoint_of(registry: str) -> str:
    """Host and port at which a registry answers; only Docker Hub's differs from its name."""
    return _HUB_ENDPOINT if registry == HUB else registry


def split_port(text: str) -> tuple[str, str]:
    """Host and port of `host:5000`, `[::1]:5000`, `[::1]` or `::1`; no port is an empty text."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = text.partition(":") if text.count(":") == 1 else (text, "", "")
    return host, port


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is this machine by its very name. No name is looked up."""
    name = split_port(host)[0]
    address = _address(name)
    return name == "localhost" or name.endswith(".localhost") or (address is not None and address.is_loopback)


def is_private(host: str) -> bool:
    """Whether a host name is, by the way it is written, not on the open internet. No name is looked up."""
    if is_loopback(host):
        return True
    address = _address(host)
    return address is not None and not address.is_global


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        try:
            # 127.1, 2130706433 and 0x7f000001 are addresses too, for those who open the connection.
            return IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
