"""Connections only to permitted addresses, each request within a limited time, even if the host sends slowly.

urllib3's own timeouts count from one byte to the next, so a byte of a header or of a chunk's length every few seconds
keeps a request alive for ever. A name that looks public may also resolve to an address of this network.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from functools import partial
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import ProxyManager

from collector.registry.transport.hosts import Nearness, nearness_of

_MAX_ADDRESSES = 4
"""The number of addresses of one name that are tried, because each may take the whole time of a connection."""


class DeadlinePassed(TimeoutError):
    """The answer was incomplete when the time for the request ended."""


class AddressRefused(OSError):
    """A name resolves to an address to which a registry must not redirect."""


class BoundedAdapter(HTTPAdapter):
    """Sends requests with `seconds` for each whole answer, and to no address nearer than `limit`."""

    def __init__(self, *, seconds: float, limit: Nearness, connections: int) -> None:
        self._classes = _pool_classes(seconds, limit)
        super().__init__(pool_connections=32, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use `_Bounded` connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._classes

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        """Use `_Bounded` connections to proxies, too."""
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._classes
        return manager


class _Bounded(HTTPConnection):
    seconds: float
    limit: Nearness

    def connect(self) -> None:
        """Connect within the time of one request, including the tunnel of a proxy."""
        self._start()
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request; its time begins now."""
        self._start()
        if self.sock:
            # The previous answer may have left hardly any time.
            self.sock.settimeout(self.timeout)
        super().request(*args, **kwargs)

    def _start(self) -> None:
        deadline = time.monotonic() + self.seconds
        self.response_class = partial(_Response, deadline)  # type: ignore[assignment]  # called as a class is

    def _new_conn(self) -> socket.socket:
        problem: OSError | None = None
        for family, kind, protocol, address in self._addresses():
            connected = socket.socket(family, kind, protocol)
            try:
                connected.settimeout(self.timeout)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connected.connect(address)
            except OSError as error:
                connected.close()
                problem = error
            else:
                return connected
        if isinstance(problem, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection within {self.timeout} s") from problem
        raise NewConnectionError(self, f"no connection: {problem}") from problem

    def _addresses(self) -> Iterator[tuple[int, int, int, Any]]:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError:
            raise LocationParseError(self.host) from None
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        for family, kind, protocol, _, address in found[:_MAX_ADDRESSES]:
            # The user named the proxy, and the proxy resolves names itself.
            if not self.proxy and nearness_of(str(address[0])) > self.limit:
                raise AddressRefused
            yield family, kind, protocol, address


def _pool_classes(seconds: float, limit: Nearness) -> dict[str, type[HTTPConnectionPool]]:
    limits = {"seconds": seconds, "limit": limit}
    plain = type("BoundedHTTPConnection", (_Bounded,), limits)
    secure = type("BoundedHTTPSConnection", (_Bounded, HTTPSConnection), limits)
    return {
        "http": type("BoundedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("BoundedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class _Response(HTTPResponse):
    """An answer whose every byte must arrive in time: of its head, the lengths of its chunks, and its body."""

    def __init__(self, deadline: float, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Source(sock, deadline), *args, **kwargs)  # type: ignore[arg-type]  # all it uses


class _Source:
    """The part of a socket's interface that an answer needs."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._deadline))


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock = sock
        self._deadline = deadline
        self._raw = sock.makefile("rb", buffering=0)
        self._pause = sock.gettimeout()
        """The number of seconds that may pass between two pieces."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        self._sock.settimeout(left if self._pause is None else min(left, self._pause))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() >= self._deadline:
                raise DeadlinePassed from None
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()
