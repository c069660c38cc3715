"""Proxies and certificate authorities from the environment, which is an argument.

requests would read them from the process itself, and also look for passwords in ~/.netrc.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from collector.errors import UsageError
from collector.registry.transport.hosts import Origin, is_loopback, split_port


class Proxies:
    """Chooses the proxy for an origin."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Read HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY (or lower case) and REQUESTS_CA_BUNDLE, SSL_CERT_FILE.

        Raises:
            UsageError: the address of a proxy is neither http nor https.
        """
        self._proxies = {
            scheme: _proxy(environment, f"{scheme.upper()}_PROXY", "ALL_PROXY") for scheme in ("http", "https")
        }
        self.addresses = [address for address in self._proxies.values() if address]
        """Including passwords."""
        _, direct = _read(environment, "NO_PROXY")
        self._direct = [entry.strip().lower() for entry in direct.split(",") if entry.strip()]
        named = environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE")
        self.ca_file = Path(named) if named else None

    def for_origin(self, origin: Origin) -> dict[str, str]:
        """The argument for requests; empty for a direct connection. Loopback names are always direct."""
        proxy = self._proxies[origin.scheme]
        if not proxy or is_loopback(origin.host) or any(_covers(entry, origin) for entry in self._direct):
            return {}
        return {origin.scheme: proxy}


def _read(environment: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first variable that is set, and its value."""
    for spelled in (spelled for name in names for spelled in (name.lower(), name)):
        value = environment.get(spelled, "").strip()
        if value:
            return spelled, value
    return "", ""


def _proxy(environment: Mapping[str, str], *names: str) -> str:
    name, value = _read(environment, *names)
    if not value:
        return ""
    url = value if "://" in value else f"http://{value}"
    if not _is_address(url):
        # The message does not repeat it, because it may contain a password.
        raise UsageError(f"{name}: not the http or https address of a proxy", hint=f"set {name}=http://host:port")
    return url


def _is_address(url: str) -> bool:
    try:
        parts, known = urlsplit(url), parse_url(url)
        host, port = (parts.hostname or "").encode("idna"), parts.port
    except (ValueError, LocationParseError):
        return False
    return parts.scheme in {"http", "https"} and bool(host) and bool(known.host) and port != 0 and url.isprintable()


def _covers(entry: str, origin: Origin) -> bool:
    """Whether an entry of NO_PROXY covers an origin: `*`, a domain, a host with a port, an address or a network."""
    host, port = split_port(entry)
    if port and port != str(origin.port):
        return False
    try:
        return ip_address(origin.host) in ip_network(host, strict=False)
    except ValueError:
        domain = host.removeprefix("*").removeprefix(".")
        return host == "*" or origin.host == domain or bool(domain and origin.host.endswith(f".{domain}"))
