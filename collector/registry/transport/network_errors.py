"""Network errors, in messages without secrets.

The text of an exception of requests or urllib3 is never shown, because it contains whole addresses.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from collector.errors import RegistryError, Unreachable, UntrustedAnswer
from collector.registry.settings import Timeouts
from collector.registry.transport.connections import AddressRefused, DeadlinePassed
from collector.registry.transport.hosts import Origin
from collector.registry.transport.redaction import shown_text

CAUGHT = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)
"""The exceptions that sending a request and reading its answer may raise."""


class TryAgain(Exception):
    """A request failed temporarily. `Throttle` repeats it, and finally raises `error`."""

    def __init__(self, error: RegistryError, *, wait: float | None = None, whole_host: bool = False) -> None:
        super().__init__()
        self.error = error
        self.wait = wait
        """Seconds that the server asks to wait; None if it does not give them."""
        self.whole_host = whole_host
        """Whether it concerns every request to the host; then all threads wait."""


def failure(error: Exception, origin: Origin, timeouts: Timeouts) -> RegistryError | TryAgain:
    """The error to raise instead of one in `CAUGHT`."""
    chain = list(_iter_chain(error))
    if certificate := next((cause for cause in chain if isinstance(cause, ssl.SSLCertVerificationError)), None):
        why = shown_text(certificate.verify_message)
        hint = "for a registry with its own authority, set its ca_file"
        return Unreachable(f"{origin}: its certificate is not trusted: {why}", hint=hint)
    if _has(chain, ssl.SSLError, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return Unreachable(f"{origin}: does not use TLS as expected", hint="if it uses plain http, set insecure")
    if _has(chain, requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError, UnicodeError):
        return UntrustedAnswer(f"{origin}: not an address")
    if _has(chain, AddressRefused):
        hint = "if that is intended, add the host to the registry's trusted_hosts"
        return UntrustedAnswer(f"{origin}: resolves to a private address", hint=hint)
    words = next((words for kinds, words in _WORDS if _has(chain, *kinds)), "the connection broke off")
    seconds = timeouts.connect if "connection" in words else timeouts.whole if "whole" in words else timeouts.read
    return TryAgain(Unreachable(f"{origin}: {words.format(seconds)}", hint="check the network, and proxy settings"))


_WORDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((requests.exceptions.ProxyError, urllib3.exceptions.ProxyError), "the proxy cannot be reached, or refuses"),
    ((urllib3.exceptions.NameResolutionError, socket.gaierror), "its name cannot be resolved"),
    ((ConnectionRefusedError,), "refuses the connection"),
    ((requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "no connection within {:g} s"),
    ((DeadlinePassed,), "no whole answer within {:g} s"),
    ((TimeoutError, requests.exceptions.Timeout, urllib3.exceptions.TimeoutError), "no answer within {:g} s"),
    ((urllib3.exceptions.NewConnectionError,), "cannot be connected to"),
)
"""Exceptions, and the words for them. The first entry that matches is the most precise."""


def _has(chain: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in chain)


def _iter_chain(error: BaseException, depth: int = 0) -> Iterator[BaseException]:
    """The exception and all exceptions that it wraps, in any of the ways in which requests and urllib3 do so."""
    yield error
    if depth < 8:
        inner = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
        for cause in inner:
            if isinstance(cause, BaseException):
                yield from _iter_chain(cause, depth + 1)
