"""Docker Hub's own API: when a tag was pushed, its status, and the sizes of its platforms.

Nothing else needs it: the registry alone tells what a tag points at. Sources: docs.docker.com/reference/api/hub, and
what it does beside them: deep pages are refused to those who have not logged in (`pagination offset too large`), the
order cannot be relied on, and a limit is told in seconds or as a moment.
"""

from __future__ import annotations

import json
import threading
from urllib.parse import urlsplit

import msgspec

from collector.errors import AccessDenied, NotFoundInRegistry, UntrustedAnswer, UsageError
from collector.model.references import Repository, Tag
from collector.registry.answers import complaint_of, raise_for, raise_if_busy
from collector.registry.client import RegistryClient
from collector.registry.hosts import HUB, origin_of
from collector.registry.http import Answer, Request
from collector.registry.hub_tags import HubPage, HubTag, read_page, read_tag
from collector.registry.lane import Lane
from collector.registry.redaction import Secret
from collector.registry.redirects import follow
from collector.registry.settings import HostSettings

ADDRESS = "https://hub.docker.com"
_PAGE_SIZE = 100
_MOST_PAGES = 10_000
_TOKEN_SECONDS = 9 * 60
"""Docker Hub's tokens are good for ten minutes."""


class HubTags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a repository, newest first, as far as Docker Hub lets one read."""

    tags: tuple[HubTag, ...]
    count: int | None
    """How many it says that there are."""
    truncated: str = ""
    """Why there are more than these; empty where these are all."""


class _Token(msgspec.Struct):
    access_token: str


class HubClient:
    """Asks Docker Hub, with the connections, credentials and settings of a registry client; for many threads."""

    def __init__(self, client: RegistryClient, *, address: str = ADDRESS) -> None:
        self._client = client
        self._address = address
        self._origin = origin_of(address)
        self._host = client.settings.hosts.get(self._origin.host, HostSettings(concurrency=4))
        self._lane = Lane(self._host.concurrency, client.settings.backoff, client.clock)
        self._lock = threading.Lock()
        self._token: Secret | None = None
        self._token_until = 0.0
        self._refused: AccessDenied | None = None

    def tags(self, repository: Repository, *, most: int | None = None) -> HubTags:
        """What Docker Hub knows of a repository's tags; of `most` of them at least, where that is given.

        Raises:
            NotFoundInRegistry: there is no such repository on Docker Hub.
            AccessDenied: it is private.
            UsageError: it is none of Docker Hub's.
        """
        subject = f"{repository.name} on {self._origin}"
        url = f"{self._tags_url(repository)}?page=1&page_size={_PAGE_SIZE}"
        found: dict[Tag, HubTag] = {}
        count: int | None = None
        for number in range(_MOST_PAGES):
            answer = self._ask(url, repository, subject)
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
        """What Docker Hub knows of one tag; None where it knows none.

        Raises:
            AccessDenied: the repository is private.
            UsageError: it is none of Docker Hub's.
        """
        subject = f"{repository.name}:{tag} on {self._origin}"
        answer = self._ask(f"{self._tags_url(repository)}/{tag}", repository, subject)
        try:
            raise_for(answer, subject)
        except NotFoundInRegistry:
            return None
        return read_tag(answer.body, subject)

    def _tags_url(self, repository: Repository) -> str:
        namespace, slash, name = repository.path.partition("/")
        if repository.registry != HUB or not slash or "/" in name:
            raise UsageError(f"{repository.name} is not on Docker Hub", hint="its API knows no other registry")
        return f"{self._address}/v2/namespaces/{namespace}/repositories/{name}/tags"

    def _next(self, page: HubPage, url: str, subject: str, *, progress: bool) -> str:
        """Always on our own host: the token goes with it."""
        if origin_of(page.next) != self._origin or urlsplit(page.next).path.rstrip("/") != urlsplit(url).path.rstrip(
            "/"
        ):
            raise UntrustedAnswer(f"{subject}: the next page is said to be elsewhere")
        if page.next == url or not progress:
            raise UntrustedAnswer(f"{subject}: the pages of the list have no end")
        return page.next

    def _ask(self, url: str, repository: Repository, subject: str) -> Answer:
        return self._lane.run(lambda: self._attempt(url, repository, subject))

    def _attempt(self, url: str, repository: Repository, subject: str) -> Answer:
        token = self._authorization(repository)
        answer = self._get(url, token, subject)
        if answer.status != 401 or token is None:
            return answer
        with self._lock:
            # It has expired before its time; another thread may have fetched a new one already.
            if self._token == token:
                self._token = None
        return self._get(url, self._authorization(repository), subject)

    def _get(self, url: str, token: Secret | None, subject: str) -> Answer:
        headers = {"Authorization": f"Bearer {token.reveal()}"} if token else {}
        request = Request(method="GET", url=url, headers=headers, ceiling=self._client.settings.ceilings.page)
        answer = follow(self._client.http, request, self._host, home=self._origin)
        raise_if_busy(answer, subject, self._client.settings.backoff.longest, self._client.clock)
        return answer

    def _authorization(self, repository: Repository) -> Secret | None:
        """None for those who have no password; one that was refused is not tried again."""
        credential = self._client.credentials.find(repository)
        if not credential.password:
            return None
        with self._lock:
            if self._refused:
                raise AccessDenied(str(self._refused), hint=self._refused.hint)
            if self._token is None or self._token_until <= self._client.clock.monotonic():
                self._token = self._log_in(credential.username, credential.password)
                self._token_until = self._client.clock.monotonic() + _TOKEN_SECONDS
            return self._token

    def _log_in(self, username: str, password: Secret) -> Secret:
        """POST /v2/auth/token: for passwords, and for access tokens of people and of organisations."""
        subject = f"the login to {self._origin}"
        body = json.dumps({"identifier": username, "secret": password.reveal()}).encode()
        request = Request(
            method="POST",
            url=f"{self._address}/v2/auth/token",
            headers={"Content-Type": "application/json"},
            body=body,
            ceiling=self._client.settings.ceilings.token,
        )
        answer = follow(self._client.http, request, self._host, home=self._origin)
        raise_if_busy(answer, subject, self._client.settings.backoff.longest, self._client.clock)
        try:
            raise_for(answer, subject)
            token = msgspec.json.decode(answer.body, type=_Token).access_token
        except AccessDenied as error:
            self._refused = error
            raise
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UntrustedAnswer(f"{subject}: gives something that is no token") from None
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise UntrustedAnswer(f"{subject}: gives a token that cannot be sent")
        return Secret(token)


def _end_of_what_may_be_read(answer: Answer) -> str:
    """Why there is no next page although one was promised; empty where there is one."""
    if answer.status in {400, 403} and "pagination offset" in complaint_of(answer).message.lower():
        return "Docker Hub shows deeper pages only to those who log in"
    if answer.status == 404:
        return "the list became shorter while it was read"
    return ""
