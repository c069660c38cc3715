"""Docker Hub's own API: when a tag was pushed, its status, and the sizes of its platforms.

Nothing else needs it: only the registry knows what a tag points at. Sources: docs.docker.com/reference/api/hub, and
what it does beside them: deep pages are refused to those who have not logged in (`pagination offset too large`), the
order cannot be relied on, and a limit is given in seconds or as a time.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from collector.errors import NotFoundInRegistry, UntrustedAnswer
from collector.model.references import Repository, Tag
from collector.registry.client import RegistryClient
from collector.registry.error_mapping import complaint_of, raise_for
from collector.registry.hub.session import ADDRESS, HubSession
from collector.registry.hub.tags import HubPage, HubTag, read_page, read_tag
from collector.registry.transport.hosts import origin_of
from collector.registry.transport.http import Answer

_PAGE_SIZE = 100
_MAX_PAGES = 10_000


class HubTags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a repository, newest first, as far as Docker Hub lets one read."""

    tags: tuple[HubTag, ...]
    count: int | None
    """How many it says that there are."""
    truncated: str = ""
    """Why there are more than these; empty if these are all."""


class HubClient:
    """What Docker Hub says of tags; for many threads."""

    def __init__(self, client: RegistryClient, *, address: str = ADDRESS) -> None:
        self._session = HubSession(client, address=address)
        self._origin = self._session.origin

    def tags(self, repository: Repository, *, most: int | None = None) -> HubTags:
        """What Docker Hub knows of a repository's tags; of `most` of them at least, where that is given.

        Raises:
            NotFoundInRegistry: there is no such repository on Docker Hub.
            AccessDenied: it is private.
            UsageError: it is not on Docker Hub.
        """
        subject = f"{repository.name} on {self._origin}"
        url = f"{self._tags_url(repository)}?page=1&page_size={_PAGE_SIZE}"
        found: dict[Tag, HubTag] = {}
        count: int | None = None
        for number in range(_MAX_PAGES):
            answer = self._session.ask(repository, url, subject)
            if number and (reason := _end_of_what_may_be_read(answer)):
                return HubTags(tags=tuple(found.values()), count=count, truncated=reason)
            raise_for(answer, subject)
            page = read_page(answer.body, subject)
            count = page.count if page.count is not None else count
            new = {tag.name: tag for tag in page.tags if tag.name not in found}
            found |= new
            if not page.next or (most is not None and len(found) >= most):
                cut = "" if not page.next else "no more were asked for"
                return HubTags(tags=tuple(found.values()), count=count, truncated=cut)
            url = self._next(page, url, subject, progress=bool(new))
        raise UntrustedAnswer(f"{subject}: the pages of the list have no end")

    def tag(self, repository: Repository, tag: Tag) -> HubTag | None:
        """What Docker Hub knows of one tag; None if it does not know the tag.

        Raises:
            AccessDenied: the repository is private.
            UsageError: it is not on Docker Hub.
        """
        subject = f"{repository.name}:{tag} on {self._origin}"
        answer = self._session.ask(repository, f"{self._tags_url(repository)}/{tag}", subject)
        try:
            raise_for(answer, subject)
        except NotFoundInRegistry:
            return None
        return read_tag(answer.body, subject)

    def _tags_url(self, repository: Repository) -> str:
        namespace, name = self._session.names(repository)
        return f"{self._session.address}/v2/namespaces/{namespace}/repositories/{name}/tags"

    def _next(self, page: HubPage, url: str, subject: str, *, progress: bool) -> str:
        """Always on our own host: the token goes with it."""
        if origin_of(page.next) != self._origin or urlsplit(page.next).path.rstrip("/") != urlsplit(url).path.rstrip(
            "/"
        ):
            raise UntrustedAnswer(f"{subject}: the next page is said to be elsewhere")
        if page.next == url or not progress:
            raise UntrustedAnswer(f"{subject}: the pages of the list have no end")
        return page.next


def _end_of_what_may_be_read(answer: Answer) -> str:
    """Why there is no next page although one was promised; empty if there is one."""
    if answer.status in {400, 403} and "pagination offset" in complaint_of(answer).message.lower():
        return "Docker Hub shows deeper pages only to those who log in"
    if answer.status == 404:
        return "the list became shorter while it was read"
    return ""
