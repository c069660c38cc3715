"""Tokens: their token servers, and how long they are valid (distribution, spec/auth/token.md and oauth.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import msgspec

from collector.errors import AccessDenied, InvalidValue, UntrustedAnswer
from collector.model.json_text import NOT_DECODABLE
from collector.model.times import parse_time, time_of
from collector.registry.auth.challenge import Challenge
from collector.registry.auth.credentials import Credential
from collector.registry.error_answers import raise_for, raise_if_busy
from collector.registry.settings import HostSettings, Settings
from collector.registry.transport.clock import Clock
from collector.registry.transport.hosts import is_loopback, origin_of
from collector.registry.transport.http import Answer, Http, Request
from collector.registry.transport.redaction import Secret
from collector.registry.transport.redirects import check_target, follow

_HEADER_SAFE = re.compile(r"[!-~]+\Z")
_MIN_SECONDS, _MAX_SECONDS, _EARLY = 60.0, 24 * 3600.0, 5.0
"""Seconds. A token counts as valid for at least a minute and at most a day, and is renewed a little early."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token that may be sent."""

    secret: Secret
    good_until: float
    """On the monotonic clock."""
    identity: Secret = Secret("")
    """A new identity token, if the server gave one."""


class _Given(msgspec.Struct):
    token: str | None = None
    access_token: str | None = None
    expires_in: int | float | None = None
    issued_at: str | None = None
    refresh_token: str | None = None


class TokenSource:
    """Fetches tokens for one registry."""

    def __init__(self, http: Http, home: str, settings: Settings, host: HostSettings, clock: Clock) -> None:
        """`home`: the address of the registry."""
        self._http = http
        self._url = home
        self._home = origin_of(home)
        self._settings = settings
        self._host = host
        self._clock = clock

    def fetch(self, challenge: Challenge, scopes: Sequence[str], credential: Credential) -> Token:
        """A token for the scopes. The most important scope comes first, because some servers read only that.

        Raises:
            AccessDenied: the server refuses the credentials.
            UntrustedAnswer: the address in the challenge must not issue tokens, or its answer contains no valid token.
            TryAgain, Unreachable: as `Http.send`.
        """
        realm = self._realm(challenge)
        if credential.identity_token:
            answer = self._exchange_identity(realm, challenge, scopes, credential)
            # A server without the OAuth2 form does not have this address.
            if answer.status not in {404, 405}:
                return self._token(answer)
        return self._token(self._ask(realm, challenge, scopes, credential))

    def _realm(self, challenge: Challenge) -> str:
        try:
            url = urljoin(self._url, challenge.realm)
            target = origin_of(url)
        except (ValueError, UntrustedAnswer):
            message = f"{self._home}: asks for credentials to be sent to something other than an http or https address"
            raise UntrustedAnswer(message) from None
        check_target(self._home, target, self._host)
        plain = target.scheme == "http" and target.host != self._home.host and not is_loopback(target.host)
        if plain and not self._host.trusts(target):
            raise UntrustedAnswer(f"{self._home}: asks for credentials to be sent to {target} over plain http")
        return url

    def _ask(self, realm: str, challenge: Challenge, scopes: Sequence[str], credential: Credential) -> Answer:
        parts = urlsplit(realm)
        query = parse_qsl(parts.query, keep_blank_values=True)
        query += [("service", challenge.service)] if challenge.service else []
        query += [("scope", scope) for scope in scopes]
        headers = {}
        if secret := credential.password or credential.identity_token:
            query += [("account", credential.username)] if credential.username else []
            headers["Authorization"] = basic(credential.username or "<token>", secret).reveal()
        url, ceiling = parts._replace(query=urlencode(query)).geturl(), self._settings.ceilings.token
        return follow(
            self._http, Request(method="GET", url=url, headers=headers, ceiling=ceiling), self._host, home=self._home
        )

    def _exchange_identity(
        self, realm: str, challenge: Challenge, scopes: Sequence[str], credential: Credential
    ) -> Answer:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credential.identity_token.reveal(),
            "service": challenge.service,
            "client_id": "repo-info",
            "scope": " ".join(scopes),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        ceiling = self._settings.ceilings.token
        request = Request(
            method="POST", url=realm, headers=headers, body=body, ceiling=ceiling, secrets=(credential.identity_token,)
        )
        return follow(self._http, request, self._host, home=self._home)

    def _token(self, answer: Answer) -> Token:
        where = f"the token server {origin_of(answer.url)}"
        raise_if_busy(answer, where, self._settings.backoff.longest, self._clock)
        raise_for(answer, where)
        try:
            given = msgspec.json.decode(answer.body, type=_Given)
        except NOT_DECODABLE:
            raise UntrustedAnswer(f"{where} did not return a token") from None
        text = given.token or given.access_token or ""
        if not text:
            raise AccessDenied(f"{where} returned no token")
        if not _HEADER_SAFE.match(text):
            raise UntrustedAnswer(f"{where} returned a token with invalid characters")
        good_until = self._clock.monotonic() + self._seconds_left(given)
        return Token(secret=Secret(text), good_until=good_until, identity=Secret(given.refresh_token or ""))

    def _seconds_left(self, given: _Given) -> float:
        lifetime = min(max(given.expires_in or 0, _MIN_SECONDS), _MAX_SECONDS)
        return lifetime - self._age(given.issued_at, lifetime) - _EARLY

    def _age(self, issued_at: str | None, lifetime: float) -> float:
        """Seconds since the token was issued; 0 if the server's clock must be wrong."""
        try:
            issued = parse_time(issued_at or "")
        except InvalidValue:
            return 0.0
        now = self._clock.now()
        age = (now - now.fromisoformat(issued)).total_seconds() if issued <= time_of(now) else 0.0
        return age if age < lifetime - _EARLY else 0.0


def basic(username: str, secret: Secret) -> Secret:
    """The value of the header `Authorization` (RFC 7617)."""
    return Secret("Basic " + base64.b64encode(f"{username}:{secret.reveal()}".encode()).decode())
