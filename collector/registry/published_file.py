"""A file of a published site."""

from __future__ import annotations

from collections.abc import Mapping

from collector.errors import UntrustedAnswer, UsageError
from collector.registry.error_answers import raise_for, raise_if_busy
from collector.registry.settings import HostSettings, Settings
from collector.registry.transport.clock import Clock
from collector.registry.transport.hosts import origin_of
from collector.registry.transport.http import Http, Request
from collector.registry.transport.proxies import Proxies
from collector.registry.transport.redirects import follow
from collector.registry.transport.throttle import Throttle

_MISSING = frozenset({404, 410})


def fetch_published_file(
    url: str,
    *,
    environment: Mapping[str, str],
    ceiling: int,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> bytes | None:
    """The content of a file at an address; None if the host says that there is no such file.

    Args:
        url: of http or https.
        environment: provides proxies and authorities.
        ceiling: the most bytes that are read.

    Raises:
        UsageError: the address is invalid.
        RegistryError: there is no answer, or another one.
    """
    try:
        home = origin_of(url)
    except UntrustedAnswer:
        raise UsageError(f"{url[:300]!r} is not an address of http or https", hint="without a password in it") from None
    clock = Clock()
    http = Http(settings, Proxies(environment))

    def attempt() -> bytes | None:
        answer = follow(http, Request(method="GET", url=url, ceiling=ceiling), HostSettings(), home=home)
        if answer.status in _MISSING:
            return None
        raise_if_busy(answer, url, settings.backoff.longest, clock)
        raise_for(answer, url)
        return answer.body

    try:
        return Throttle(1, settings.backoff, clock).run(attempt)
    finally:
        http.close()
