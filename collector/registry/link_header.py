"""The next page of a list: `Link: </v2/app/tags/list?n=100&last=b>; rel="next"` (RFC 8288)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from collector.errors import UntrustedAnswer
from collector.registry.transport.hosts import origin_of

_LINK = re.compile(
    r'[\s,]*<([^<>]*)>((?:\s*;\s*(?:[\w!#$%&\'+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)?)*)\s*(?=,|\Z)'
)
_MAX_HEADER = 8192
_HINT = "report it to the operator of the registry: without the link, the list would be incomplete"
_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?')


def next_page(url: str, header: str) -> str | None:
    """The address of the next page, on the same origin as this page; None on the last page.

    A registry behind a proxy often has a wrong scheme or port for itself, so only the path and the query of an absolute
    address are used.

    Raises:
        UntrustedAnswer: the link leads to another host, or the header cannot be read; the rest of the list would be
        lost.
    """
    position, header = 0, re.sub(r"[ \t]+", " ", header)
    while match := _LINK.match(header, position, _MAX_HEADER):
        target, parameters = match.groups()
        if "next" in _relations(parameters):
            return _at_home(url, target)
        position = match.end()
    if header[position:].strip(" \t,"):
        raise UntrustedAnswer(f"{origin_of(url)}: the Link header of a list cannot be read", hint=_HINT)
    return None


def _relations(parameters: str) -> list[str]:
    """The values of the first `rel`; further ones are ignored (RFC 8288, section 3.3)."""
    for parameter in _PARAMETER.finditer(parameters):
        if parameter[1].lower() == "rel":
            return (parameter[2] or parameter[3] or "").lower().split()
    return []


def _at_home(url: str, target: str) -> str:
    home = origin_of(url)
    try:
        parts = urlsplit(urljoin(url, target))
        host = parts.hostname
    except ValueError:
        raise UntrustedAnswer(f"{home}: the link to the next page is not an address") from None
    if host != home.host or not parts.path.startswith("/"):
        raise UntrustedAnswer(f"{home}: the link to the next page leads to another host")
    here = urlsplit(url)
    return parts._replace(scheme=here.scheme, netloc=here.netloc, fragment="").geturl()
