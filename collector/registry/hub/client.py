"""Docker Hub's own API: when a tag was pushed, its status, and the sizes of its platforms.

What a tag points at comes from the registry alone. Source: docs.docker.com/reference/api/hub. Undocumented: deep pages
need a login (`pagination offset too large`), the order is not reliable, and a limit is given in seconds or as a time.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from collector.errors import NotFoundInRegistry, UntrustedAnswer
from collector.model.references import Repository, Tag
from collector.registry.client import RegistryClient
from collector.registry.error_answers import complaint_of, raise_for
from collector.registry.hub.session import ADDRESS, HubSession
from collector.registry.hub.tags import HubPage, HubTag, read_page, read_tag
from collector.registry.transport.hosts import origin_of
from collector.registry.transport.http import Answer

_PAGE_SIZE = 100
_MAX_PAGES = 10_000


class HubTags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a repository, newest first, as far as Docker Hub allows them to be read."""

    tags: tuple[HubTag, ...]
    count: int | None
    """The number of all tags, according to Docker Hub."""
    truncated: str = ""
    """Why tags are missing; empty if none is."""


class HubClient:
    """Reads data about tags from Docker Hub. Many threads may share it."""

    def __init__(self, client: RegistryClient, *, address: str = ADDRESS) -> None:
        self._session = HubSession(client, address=address)
        self._origin = self._session.origin

    def tags(self, repository: Repository, *, most: int | None = None) -> HubTags:
        """Docker Hub's data about the tags of a repository. If `most` is given, reading may stop after that many tags.

        Raises:
            NotFoundInRegistry: Docker Hub does not have the repository.
            AccessDenied: it is private.
            UsageError: it is not on Docker Hub.
        """
        subject = f"{repository.name} on {self._origin}"
        url = f"{self._tags_url(repository)}?page=1&page_size={_PAGE_SIZE}"
        found: dict[Tag, HubTag] = {}
        count: int | None = None
        for number in range(_MAX_PAGES):
            answer = self._session.ask(repository, url, subject)
            if number and (reason := _reason_of_end(answer)):
                return HubTags(tags=tuple(found.values()), count=count, truncated=reason)
            raise_for(answer, subject)
            page = read_page(answer.body, subject)
            count = page.count if page.count is not None else count
            new = {tag.name: tag for tag in page.tags if tag.name not in found}
            found |= new
            if not page.next or (most is not None and len(found) >= most):
                cut = "" if not page.next else "only these were requested"
                return HubTags(tags=tuple(found.values()), count=count, truncated=cut)
            url = self._next(page, url, subject, progress=bool(new))
        raise UntrustedAnswer(f"{subject}: the list of tags does not end")

    def tag(self, repository: Repository, tag: Tag) -> HubTag | None:
        """Docker Hub's data about one tag; None if it does not have the tag.

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
        """The address of the next page, always on the same host, because the token is sent with it."""
        if origin_of(page.next) != self._origin or urlsplit(page.next).path.rstrip("/") != urlsplit(url).path.rstrip(
            "/"
        ):
            raise UntrustedAnswer(f"{subject}: the next page is on another host")
        if page.next == url or not progress:
            raise UntrustedAnswer(f"{subject}: the list of tags does not end")
        return page.next


def _reason_of_end(answer: Answer) -> str:
    """Why an announced next page does not exist; empty if it exists."""
    if answer.status in {400, 403} and "pagination offset" in complaint_of(answer).message.lower():
        return "Docker Hub requires a login for the rest of the list"
    if answer.status == 404:
        return "the list became shorter while it was read"
    return ""
