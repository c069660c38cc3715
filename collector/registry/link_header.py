"""The next page of a list: `Link: </v2/app/tags/list?n=100&last=b>; rel="next"` (RFC 8288)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from collector.errors import UntrustedAnswer
from collector.registry.transport.hosts import origin_of

_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)')
_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?')


def next_page(url: str, header: str) -> str | None:
    """The address of the next page, or None on the last one. It is always on the origin of this one.

    A registry behind a proxy often knows neither its own scheme nor its port, so of an absolute address only path and
    query are taken.

    Raises:
        UntrustedAnswer: it leads to another host.
    """
    for target, parameters in _LINK.findall(header[:8192]):
        for name, quoted, plain in _PARAMETER.findall(parameters):
            if name.lower() == "rel" and "next" in (quoted or plain).lower().split():
                return _at_home(url, target)
    return None


def _at_home(url: str, target: str) -> str:
    home = origin_of(url)
    try:
        parts = urlsplit(urljoin(url, target))
        host = parts.hostname
    except ValueError:
        raise UntrustedAnswer(f"{home}: the link to the next page is no address") from None
    if host != home.host or not parts.path.startswith("/"):
        raise UntrustedAnswer(f"{home}: the link to the next page leads to another host")
    here = urlsplit(url)
    return parts._replace(scheme=here.scheme, netloc=here.netloc, fragment="").geturl()
