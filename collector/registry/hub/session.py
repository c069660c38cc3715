"""A session with Docker Hub's own API: logins, their tokens and the time that these last. Secrets are never shown."""

from __future__ import annotations

import json
import threading
from collections import defaultdict

import msgspec

from collector.errors import AccessDenied, UntrustedAnswer, UsageError
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository
from collector.registry.auth.credentials import Credential
from collector.registry.auth.tokens import Token
from collector.registry.client import RegistryClient
from collector.registry.error_answers import raise_for, raise_if_busy
from collector.registry.settings import HostSettings
from collector.registry.transport.hosts import HUB, is_loopback, origin_of
from collector.registry.transport.http import Answer, Request
from collector.registry.transport.redaction import Secret
from collector.registry.transport.redirects import follow
from collector.registry.transport.throttle import Throttle

ADDRESS = "https://hub.docker.com"
_TOKEN_SECONDS = 9 * 60
"""Seconds. Docker Hub's tokens are valid for ten minutes."""


class _Given(msgspec.Struct):
    access_token: str


class _Slot:
    """The token of one login: one thread fetches it while the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token: Token | None = None
        self.refused: AccessDenied | None = None


class HubSession:
    """Asks Docker Hub, with the connections and settings of a registry client. Many threads may share it."""

    def __init__(self, client: RegistryClient, *, address: str = ADDRESS, credential: Credential | None = None) -> None:
        """`credential`: used for all requests; None to use the one that the client finds for each repository.

        Raises:
            UsageError: credentials would be sent over plain http.
        """
        self._client = client
        self._credential = credential
        self.address = address
        self.origin = origin_of(address)
        if self.origin.scheme != "https" and not is_loopback(self.origin.host):
            raise UsageError(f"{self.origin}: not https", hint="use an https address, because passwords are sent to it")
        self._host = client.settings.hosts.get(self.origin.host, HostSettings(concurrency=4))
        self._throttle = Throttle(self._host.concurrency, client.settings.backoff, client.clock)
        self._lock = threading.Lock()
        self._slots: defaultdict[Credential, _Slot] = defaultdict(_Slot)
        """Namespaces may have different logins."""

    def names(self, repository: Repository) -> tuple[str, str]:
        """The namespace and the name in the API.

        Raises:
            UsageError: it is not on Docker Hub.
        """
        namespace, slash, name = repository.path.partition("/")
        if repository.registry != HUB or not slash or "/" in name:
            raise UsageError(f"{repository.name} is not on Docker Hub", hint="name a repository on Docker Hub")
        return namespace, name

    def credential_for(self, repository: Repository) -> Credential:
        """The credential for requests about a repository."""
        return self._credential or self._client.credentials.find(repository)

    def ask(
        self, repository: Repository, url: str, subject: str, *, method: str = "GET", content: object = None
    ) -> Answer:
        """Make a request, with `content` as JSON. Logs in again if the login has expired.

        Raises:
            AccessDenied: Docker Hub refuses the login.
            RegistryError: there is no answer.
        """
        body = None if content is None else json.dumps(content).encode()
        with self._client.http.secrets.kept_out_of_errors(subject):
            return self._throttle.run(lambda: self._attempt(repository, method, url, body, subject))

    def _attempt(self, repository: Repository, method: str, url: str, body: bytes | None, subject: str) -> Answer:
        credential = self.credential_for(repository)
        if not credential.password:
            return self._send(method, url, body, None, subject)
        token = self._token(credential)
        answer = self._send(method, url, body, token, subject)
        if answer.status != 401:
            return answer
        # The token has expired early; another thread may have fetched a new one already.
        return self._send(method, url, body, self._token(credential, instead_of=token), subject)

    def _send(self, method: str, url: str, body: bytes | None, token: Token | None, subject: str) -> Answer:
        headers = {"Authorization": f"Bearer {token.secret.reveal()}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        ceiling = self._client.settings.ceilings.page
        request = Request(method=method, url=url, headers=headers, body=body, ceiling=ceiling)
        answer = follow(self._client.http, request, self._host, home=self.origin)
        raise_if_busy(answer, subject, self._client.settings.backoff.longest, self._client.clock)
        return answer

    def _token(self, credential: Credential, *, instead_of: Token | None = None) -> Token:
        """A valid token, other than one that was refused. A refused password is not tried again."""
        with self._lock:
            slot = self._slots[credential]
        with slot.lock:
            if slot.refused:
                raise AccessDenied(str(slot.refused), hint=slot.refused.hint)
            token = slot.token
            if token is None or token is instead_of or token.good_until <= self._client.clock.monotonic():
                try:
                    slot.token = token = self._log_in(credential.username, credential.password)
                except AccessDenied as error:
                    slot.refused = error
                    raise
            return token

    def _log_in(self, username: str, password: Secret) -> Token:
        """POST /v2/auth/token, for passwords and for access tokens of people and organisations."""
        subject = f"the login to {self.origin}"
        body = json.dumps({"identifier": username, "secret": password.reveal()}).encode()
        request = Request(
            method="POST",
            url=f"{self.address}/v2/auth/token",
            headers={"Content-Type": "application/json"},
            body=body,
            ceiling=self._client.settings.ceilings.token,
            secrets=(password,),
        )
        answer = follow(self._client.http, request, self._host, home=self.origin)
        raise_if_busy(answer, subject, self._client.settings.backoff.longest, self._client.clock)
        try:
            raise_for(answer, subject)
            token = msgspec.json.decode(answer.body, type=_Given).access_token
        except NOT_DECODABLE:
            raise UntrustedAnswer(f"{subject}: did not return a token") from None
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise UntrustedAnswer(f"{subject}: returned a token with invalid characters")
        return Token(secret=Secret(token), good_until=self._client.clock.monotonic() + _TOKEN_SECONDS)
