"""Single requests, bounded in time and size, without redirects, cookies or default credentials.

Uses the adapter of requests, not its Session: a Session reads the whole body of a redirect whatever its size, keeps
cookies, and looks for passwords in ~/.netrc.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

import msgspec
import requests
from requests.structures import CaseInsensitiveDict

from collector.errors import UntrustedAnswer, UsageError
from collector.registry.settings import Settings
from collector.registry.transport.connections import BoundedAdapter
from collector.registry.transport.hosts import Nearness, Origin, nearness_of, origin_of, resolved_nearness
from collector.registry.transport.network_errors import CAUGHT, failure
from collector.registry.transport.proxies import Proxies
from collector.registry.transport.redaction import Secret, redact_logs, shown_url
from collector.registry.transport.secrets_in_use import SecretsInUse

_PIECE = 2**16
_GZIP = frozenset({"gzip", "x-gzip"})
"""Equivalent names (RFC 9110, 8.4.1.3)."""
_NOTHING_SENT = SecretsInUse()


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request to send."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    """May contain `Authorization`; never shown."""
    body: bytes | None = None
    ceiling: int
    """The largest body of a successful answer, in bytes; a larger one is refused."""
    ca_file: Path | None = None
    limit: Nearness = Nearness.LINK_LOCAL
    """Nearer addresses are not connected to."""
    takes_gzip: bool = False
    """Whether a gzip body is accepted. No request asks for one, and it is not decoded here."""
    secrets: tuple[Secret, ...] = ()
    """The secrets in the body; the one in `Authorization` is added automatically."""

    def __repr__(self) -> str:
        return f"Request({self.method} {shown_url(self.url)})"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a request."""

    status: int
    headers: CaseInsensitiveDict[str]
    """`Location` may contain a signed address; never shown."""
    body: bytes
    """Empty for HEAD; only the beginning for an error."""
    url: str
    """The address that answered."""
    secrets: SecretsInUse = _NOTHING_SENT
    """The secrets that it may repeat: `secrets.shown` removes them from a text."""

    def __repr__(self) -> str:
        return f"Answer({self.status} from {shown_url(self.url)}, {len(self.body)} bytes)"

    def header(self, name: str) -> str:
        """The printable ASCII of a header's value; empty if the header is missing."""
        value = self.headers.get(name) or ""
        return value if value.isascii() and value.isprintable() else ""


class Http:
    """Sends requests over connections that all threads share."""

    def __init__(self, settings: Settings, proxies: Proxies) -> None:
        """Prepare connections; none is opened yet.

        Raises:
            UsageError: a file of authorities is invalid.
        """
        redact_logs()
        self.secrets = SecretsInUse()
        for address in proxies.addresses:
            self.secrets.add_from_url(address)
        for path in {proxies.ca_file, *(host.ca_file for host in settings.hosts.values())}:
            if path is not None:
                _check_authorities(path)
        self._settings = settings
        self._proxies = proxies
        self.seconds = settings.timeouts.whole
        self._adapters = {
            limit: BoundedAdapter(seconds=self.seconds, limit=limit, connections=settings.connections)
            for limit in Nearness
        }
        self._homes: dict[Origin, Nearness] = {}

    def send(self, request: Request) -> Answer:
        """Send a request, and read its answer.

        Raises:
            TryAgain: no complete answer arrived, and the next attempt may succeed.
            Unreachable: no answer arrived, and none will.
            UntrustedAnswer: the answer is larger than the ceiling, or in an encoding that was not requested.
        """
        origin = origin_of(request.url)
        self.secrets.add_authorization(request.headers.get("Authorization", ""))
        for secret in request.secrets:
            self.secrets.add(secret)
        try:
            return self._exchange(request, origin)
        except CAUGHT as error:
            problem = failure(error, origin, self._settings.timeouts)
        raise problem

    def close(self) -> None:
        """Close all connections."""
        for adapter in self._adapters.values():
            adapter.close()

    def nearness_of_home(self, home: Origin) -> Nearness:
        """The nearness of a registry, looked up once. Behind a proxy it counts as public."""
        if home not in self._homes:
            is_direct = not self._proxies.for_origin(home)
            self._homes[home] = resolved_nearness(home.host) if is_direct else nearness_of(home.host)
        return self._homes[home]

    def _exchange(self, request: Request, origin: Origin) -> Answer:
        timeouts = self._settings.timeouts
        # Encoded bodies would not match their digests, and a small body can expand to a large one.
        own = {"User-Agent": self._settings.user_agent, "Accept-Encoding": "identity"}
        prepared = requests.Request(request.method, request.url, {**own, **request.headers}, data=request.body)
        answer = self._adapters[request.limit].send(
            prepared.prepare(),
            stream=True,
            timeout=(timeouts.connect, timeouts.read),
            verify=str(request.ca_file or self._proxies.ca_file or "") or True,
            proxies=self._proxies.for_origin(origin),
        )
        try:
            body = self._read(answer, request, origin)
        finally:
            # Returns the connection if the whole body was read, and closes it otherwise.
            answer.close()
        return Answer(
            status=answer.status_code, headers=answer.headers, body=body, url=request.url, secrets=self.secrets
        )

    def _read(self, answer: requests.Response, request: Request, origin: Origin) -> bytes:
        good = answer.status_code < 300
        ceiling = request.ceiling if good else self._settings.ceilings.error
        announced = answer.headers.get("Content-Length", "")
        if good and request.method != "HEAD":
            if announced.isdecimal() and int(announced[:20]) > ceiling:
                raise UntrustedAnswer(f"{origin}: answers with {announced[:20]} bytes; the limit is {ceiling}")
            encoding = answer.headers.get("Content-Encoding", "").strip().lower()
            if encoding not in {"identity", ""} and not (encoding in _GZIP and request.takes_gzip):
                raise UntrustedAnswer(f"{origin}: answers in an encoding that was not requested")
        body = bytearray()
        # read1 returns the bytes that have arrived; read would wait for a whole piece.
        while piece := answer.raw.read1(_PIECE, decode_content=False):
            body += piece
            if len(body) > ceiling:
                if good:
                    raise UntrustedAnswer(f"{origin}: answers with more than {ceiling} bytes")
                return bytes(body[:ceiling])
        return bytes(body)


def _check_authorities(path: Path) -> None:
    """Check a file of authorities at once, not only at the first request."""
    try:
        if path.is_dir():
            ssl.create_default_context(capath=str(path))
        else:
            ssl.create_default_context(cafile=str(path))
    except OSError:
        raise UsageError(
            f"{path}: not a PEM file of certificate authorities", hint="check ca_file and SSL_CERT_FILE"
        ) from None
