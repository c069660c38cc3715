"""Follows redirects: credentials stay with their host, and some targets are refused.

A registry may redirect any request (distribution-spec, "Pulling blobs"); clients must not send `Authorization` to
another host. A sub-domain or another port counts as another host.
"""

from __future__ import annotations

import time
from urllib.parse import urljoin

import msgspec

from collector.errors import Unreachable, UntrustedAnswer
from collector.registry.settings import HostSettings
from collector.registry.transport.hosts import Nearness, Origin, nearness_of, origin_of
from collector.registry.transport.http import Answer, Http, Request

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 10


def follow(http: Http, request: Request, host: HostSettings, *, home: Origin) -> Answer:
    """Send a request to the registry at `home`, and follow its redirects.

    Raises:
        UntrustedAnswer: a redirect leads from https to http, from the internet to a private address, in circles, or to
        an invalid address; or the request must not be sent to another host.
        TryAgain, Unreachable: as `Http.send`.
    """
    started = time.monotonic()
    for _ in range(_MAX_REDIRECTS + 1):
        here = origin_of(request.url)
        limit = Nearness.LINK_LOCAL if here.host == home.host or host.trusts(here) else http.nearness_of_home(home)
        answer = http.send(msgspec.structs.replace(request, ca_file=host.ca_file_for(home, here), limit=limit))
        if answer.status not in _REDIRECTS:
            return answer
        if request.method not in {"GET", "HEAD"}:
            raise UntrustedAnswer(f"{here}: redirects a request that contains credentials")
        if time.monotonic() - started > http.seconds:
            raise Unreachable(f"{home}: no answer within {http.seconds:g} s, only redirects", hint="try again later")
        request = _redirected(request, answer, here)
        check_target(home, origin_of(request.url), host)
    raise UntrustedAnswer(f"{home}: more than {_MAX_REDIRECTS} redirects")


def check_target(home: Origin, target: Origin, host: HostSettings) -> None:
    """Refuse a redirect to a private address, or from https to http.

    Raises:
        UntrustedAnswer: the target is refused.
    """
    if host.trusts(target):
        return
    hint = "if that is intended, add the host to the registry's trusted_hosts"
    if home.scheme == "https" and target.scheme == "http":
        raise UntrustedAnswer(f"{home}: redirects from https to http, to {target}", hint=hint)
    allowed = min(nearness_of(home.host), Nearness.LOOPBACK)
    if target.host != home.host and nearness_of(target.host) > allowed:
        raise UntrustedAnswer(f"{home}: redirects to a private address, {target}", hint=hint)


def _redirected(request: Request, answer: Answer, here: Origin) -> Request:
    location = answer.headers.get("Location")
    if not location:
        raise UntrustedAnswer(f"{here}: redirects without a target")
    try:
        url = urljoin(request.url, location)
        target = origin_of(url)
    except (ValueError, UntrustedAnswer):
        raise UntrustedAnswer(f"{here}: redirects to something other than an http or https address") from None
    if target == here:
        return msgspec.structs.replace(request, url=url)
    headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    return msgspec.structs.replace(request, url=url, headers=headers)
