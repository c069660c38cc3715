"""The `Authorization` for one registry: none, a password, or a token per repository.

If there is no login, the first request has no `Authorization`, and a 401 names what the registry requires. If there is
a login, `GET /v2/` first asks the registry what it requires, because many registries let everybody in and answer 404
for private repositories. After that, the token for a repository is fetched before its first request, with the scope
that the specification defines.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext

import msgspec

from collector.errors import AccessDenied
from collector.model.references import Repository
from collector.registry.auth.challenge import Challenge, choose_challenge
from collector.registry.auth.credentials import Credential, Credentials
from collector.registry.auth.tokens import Token, TokenSource, basic
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer
from collector.registry.transport.redaction import Secret


class _Slot:
    """The token of one repository: one thread fetches it while the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token: Token | None = None
        self.scopes: tuple[str, ...] = ()
        """Scopes that the registry asked for beside the usual one."""


class Authorizer:
    """Chooses the `Authorization` for requests to one registry. All threads share it."""

    def __init__(
        self, source: TokenSource, credentials: Credentials, clock: Clock, ask: Callable[[], Challenge | None]
    ) -> None:
        """`ask` returns the challenge of `GET /v2/`, whatever its status."""
        self._source = source
        self._ask = ask
        self._was_asked = False
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: defaultdict[str, _Slot] = defaultdict(_Slot)
        self._challenge: Challenge | None = None
        self._identities: dict[Credential, Secret] = {}
        """Identity tokens that are newer than those in the files."""
        self._refused: dict[Credential, AccessDenied] = {}
        self._accepted: set[Credential] = set()
        self._login = threading.Lock()
        self._volunteered: set[Credential] = set()
        """Logins that gave access although the registry never asked for a login."""

    def header(self, repository: Repository) -> Secret | None:
        """The value of `Authorization` for the next request; None for a request without it.

        Raises:
            AccessDenied: the token server refuses; a refused password is not tried again.
            TryAgain, Unreachable, UntrustedAnswer: as `TokenSource.fetch`.
        """
        credential = self._credentials.find(repository)
        challenge = self._challenge or self._first_challenge(credential)
        if challenge is None:
            return _unasked(credential) if credential in self._volunteered else None
        if challenge.scheme == "basic":
            return basic(credential.username, credential.password) if credential.password else None
        if credential.registry_token:
            return _unasked(credential)
        slot = self._slot(repository)
        with slot.lock:
            if slot.token is None or slot.token.good_until <= self._clock.monotonic():
                slot.token = self._fetch(challenge, slot, repository, credential)
            return _bearer(slot.token)

    def learn(self, answer: Answer, repository: Repository, sent: Secret | None) -> bool:
        """Learn from a refusal what to send; returns whether another attempt may succeed."""
        challenge = choose_challenge(answer.header("WWW-Authenticate"))
        refused = answer.status == 401 or (challenge is not None and challenge.error == "insufficient_scope")
        if answer.status not in {401, 403} or challenge is None or not refused:
            return False
        self._challenge = challenge
        if challenge.scheme == "basic":
            return self.header(repository) != sent
        slot = self._slot(repository)
        with slot.lock:
            # Another thread may have fetched a new token in the meantime.
            if slot.token is not None and _bearer(slot.token) == sent:
                slot.token = None
            if challenge.scope and challenge.scope != _scope(repository):
                slot.scopes = (challenge.scope,)
        return not self._credentials.find(repository).registry_token or sent is None

    def unasked(self, repository: Repository) -> Secret | None:
        """The value of `Authorization` for a registry that never asks; None if there is no login to send."""
        return None if self._challenge else _unasked(self._credentials.find(repository))

    def send_unasked(self, repository: Repository) -> None:
        """From now on send the login for this repository unasked."""
        self._volunteered.add(self._credentials.find(repository))

    def _first_challenge(self, credential: Credential) -> Challenge | None:
        if not credential or self._was_asked:
            return None
        with self._login:
            if not self._was_asked:
                self._challenge = self._ask()
                self._was_asked = True
            return self._challenge

    def _slot(self, repository: Repository) -> _Slot:
        with self._lock:
            return self._slots[repository.path]

    def _fetch(self, challenge: Challenge, slot: _Slot, repository: Repository, credential: Credential) -> Token:
        # One thread tries a password first: many wrong attempts at once would lock the account.
        untried = credential and credential not in self._accepted
        with self._login if untried else nullcontext():
            return self._fetch_now(challenge, slot, repository, credential)

    def _fetch_now(self, challenge: Challenge, slot: _Slot, repository: Repository, credential: Credential) -> Token:
        if error := self._refused.get(credential):
            raise AccessDenied(str(error), hint=error.hint)
        newer = self._identities.get(credential)
        asked = msgspec.structs.replace(credential, identity_token=newer) if newer else credential
        # The scope that the registry named comes first: some token servers read only one scope.
        scopes = (*slot.scopes, _scope(repository))
        try:
            token = self._source.fetch(challenge, scopes, asked)
        except AccessDenied as error:
            if credential:
                self._refused[credential] = error
            raise
        self._accepted.add(credential)
        if token.identity and credential.identity_token:
            self._identities[credential] = token.identity
        return token


def _unasked(credential: Credential) -> Secret | None:
    if credential.registry_token:
        return Secret(f"Bearer {credential.registry_token.reveal()}")
    return basic(credential.username, credential.password) if credential.password else None


def _scope(repository: Repository) -> str:
    return f"repository:{repository.path}:pull"


def _bearer(token: Token) -> Secret:
    return Secret(f"Bearer {token.secret.reveal()}")
