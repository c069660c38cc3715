"""Addresses of the published site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from collector.errors import UsageError
from collector.model.references import Repository
from collector.pages.addresses import Addresses

_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~!$&+,;=:@%/-]*)?\Z")


class Site:
    """Addresses of the site's pages, by the rules of `collector.pages.addresses`."""

    def __init__(self, url: str, repositories: Iterable[Repository] = ()) -> None:
        """`repositories`: all repositories of the site, because the address of a tag's page depends on them.

        Raises:
            UsageError: the URL is invalid.
        """
        self.url = f"{check_url(url).rstrip('/')}/"
        self.addresses = Addresses(repositories)

    def at(self, address: str) -> str:
        """The page at an address below the site's root."""
        return self.url + quote(address, safe="/~+")

    def image(self, repository: Repository) -> str:
        """The page of an image."""
        return self.at(self.addresses.image(repository))

    def tag(self, repository: Repository, tag: str) -> str:
        """The page of a tag."""
        return self.at(self.addresses.tag(repository, tag))

    def history(self, repository: Repository, tag: str) -> str:
        """The page of a tag's history."""
        return self.at(self.addresses.history(repository, tag))

    def feed(self, repository: Repository) -> str:
        """The feed of an image's changes."""
        return f"{self.image(repository)}feed.xml"


def check_url(url: str) -> str:
    """Check the web address of a page or a site; returns it.

    Raises:
        UsageError: it is invalid.
    """
    if not _URL.match(url):
        raise UsageError(f"not a web address: {url[:200]!r}", hint="write it as https://example.org/images/")
    return url
