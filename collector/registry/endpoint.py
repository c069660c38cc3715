"""One registry: its address, its login, its rate of requests, its limit of pulls."""

from __future__ import annotations

import logging
import threading

import msgspec

from collector.errors import PullLimitReached
from collector.model.references import Repository
from collector.registry.auth.challenge import Challenge, choose_challenge
from collector.registry.auth.credentials import Credentials
from collector.registry.auth.login import Authorizer
from collector.registry.auth.tokens import TokenSource
from collector.registry.error_answers import raise_if_busy
from collector.registry.pulls import PullGate
from collector.registry.settings import Settings
from collector.registry.transport.clock import Clock
from collector.registry.transport.hosts import endpoint_of, origin_of
from collector.registry.transport.http import Answer, Http, Request
from collector.registry.transport.redaction import Secret
from collector.registry.transport.redirects import follow
from collector.registry.transport.throttle import Throttle
from collector.registry.warnings import parse_warnings

_LOG = logging.getLogger(__name__)
_MAX_WARNINGS = 50
_REFUSALS = frozenset({401, 403, 404})


class Endpoint:
    """Sends requests to one registry. All threads share it."""

    def __init__(self, registry: str, http: Http, credentials: Credentials, settings: Settings, clock: Clock) -> None:
        self.registry = registry
        self._http = http
        self._settings = settings
        self._host = settings.host(registry)
        self.clock = clock
        at = endpoint_of(registry)
        scheme = self._host.scheme_for(at)
        self.source = f"{scheme}://{registry}"
        """The address of this registry in facts."""
        self.url = f"{scheme}://{at}/v2/"
        self._origin = origin_of(self.url)
        self._throttle = Throttle(self._host.concurrency, settings.backoff, clock)
        source = TokenSource(http, self.url, settings, self._host, clock)
        self._auth = Authorizer(source, credentials, clock, self._challenge)
        self._pulls = PullGate(clock)
        self.page_ceiling = settings.ceilings.page
        self._lock = threading.Lock()
        self._warned: set[str] = set()

    def ask(
        self, method: str, repository: Repository, url: str, subject: str, *, ceiling: int, accept: str = ""
    ) -> Answer:
        """Make a request; returns the answer, whatever its status.

        Raises:
            PullLimitReached, Overloaded, Unreachable: the registry cannot answer.
            AccessDenied: the token server refuses.
            UntrustedAnswer: the address of the token server is not trusted.
        """
        headers = {"Accept": accept} if accept else {}

        def attempt() -> Answer:
            request = Request(method=method, url=url, headers=headers, ceiling=ceiling)
            answer = self._with_login(request, repository, self._authorized(request, repository))
            raise_if_busy(answer, subject, self._settings.backoff.longest, self.clock)
            self._show_warnings(answer)
            return answer

        with self._http.secrets.kept_out_of_errors(subject):
            return self._throttle.run(attempt)

    def ask_for_manifest(
        self, method: str, repository: Repository, reference: str, subject: str, accept: str
    ) -> Answer:
        """Like `ask`, unless the limit of pulls is reached."""
        self._pulls.check(method)
        url = f"{self.url}{repository.path}/manifests/{reference}"
        ceiling = self._settings.ceilings.manifest
        try:
            return self.ask(method, repository, url, subject, ceiling=ceiling, accept=accept)
        except PullLimitReached as error:
            self._pulls.close(method, error)
            raise

    def _authorized(self, request: Request, repository: Repository) -> Answer:
        """Send a request with the `Authorization` that the registry requires; a refusal may name it."""
        # At first without `Authorization`, then with the usual scope, then with the scope that the registry asks for.
        chances = 2
        while True:
            authorization = self._auth.header(repository)
            answer = self._send(request, authorization)
            # The target of a redirect must not choose our login.
            is_refusal = answer.status in {401, 403} and origin_of(answer.url) == self._origin
            if not is_refusal or not chances or not self._auth.learn(answer, repository, authorization):
                return answer
            chances -= 1

    def _with_login(self, request: Request, repository: Repository, answer: Answer) -> Answer:
        """Repeat the request with the login if a registry that never asks for a login refuses access."""
        is_refusal = answer.status in _REFUSALS and origin_of(answer.url) == self._origin
        if not is_refusal or (login := self._auth.unasked(repository)) is None:
            return answer
        answer = self._send(request, login)
        if answer.status not in _REFUSALS:
            self._auth.send_unasked(repository)
        return answer

    def _send(self, request: Request, authorization: Secret | None) -> Answer:
        if authorization:
            headers = {**request.headers, "Authorization": authorization.reveal()}
            request = msgspec.structs.replace(request, headers=headers)
        return follow(self._http, request, self._host, home=self._origin)

    def _challenge(self) -> Challenge | None:
        """The challenge of the registry, asked for without a login."""
        answer = self._send(Request(method="GET", url=self.url, ceiling=self.page_ceiling), None)
        raise_if_busy(answer, self.registry, self._settings.backoff.longest, self.clock)
        if origin_of(answer.url) != self._origin:
            return None
        return choose_challenge(answer.header("WWW-Authenticate"))

    def _show_warnings(self, answer: Answer) -> None:
        for text in parse_warnings(answer):
            with self._lock:
                new = text not in self._warned and len(self._warned) < _MAX_WARNINGS
                self._warned.add(text)
            if new:
                _LOG.warning("%s says: %s", self.registry, text)
