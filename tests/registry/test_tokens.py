"""Tokens: odd behaviour of token servers, without waiting for expiry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collector.errors import AccessDenied, RegistryError, UntrustedAnswer
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import HostSettings
from tests.registry.conftest import MakesClients
from tests.support.clocks import CountingClock
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Seen, Stub, reply

ONE = Tag("1.0")
MANIFEST = "/v2/team/app/manifests/1.0"
GOOD = reply(raw_image().manifest.raw, content_type=OCI_MANIFEST, docker_content_digest=raw_image().digest)


def guard(stub: Stub, *tokens: str, challenge: str = "", path: str = MANIFEST) -> None:
    """The manifest for requests with one of the tokens; a challenge for all others."""
    challenge = challenge or f'Bearer realm="{stub.url}/token",service="here",scope="repository:team/app:pull"'

    def check(seen: Seen) -> Reply:
        sent = seen.headers.get("authorization", "").removeprefix("Bearer ")
        error = ',error="invalid_token"' if sent else ""
        return GOOD if sent in tokens else reply({}, 401, www_authenticate=challenge + error)

    stub.on(path, check)


def logged_in(stub: Stub, **entry: str) -> dict[str, str]:
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": {stub.address: entry}})}


def query(seen: Seen) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(seen.target).query)


def token_requests(stub: Stub) -> list[Seen]:
    return [seen for seen in stub.seen if seen.path == "/token"]


@pytest.mark.parametrize("answer", [{"token": "t"}, {"access_token": "t"}, {"token": "t", "access_token": "u"}])
def test_either_name_of_the_token(stub: Stub, app: Repository, client: RegistryClient, answer: object) -> None:
    guard(stub, "t")
    stub.on("/token", reply(answer))
    assert client.head_manifest(app, ONE).digest == raw_image().digest
    assert stub.asked() == [
        f"HEAD {MANIFEST}", "GET /token?service=here&scope=repository%3Ateam%2Fapp%3Apull", f"HEAD {MANIFEST}"
    ]  # fmt: skip


def test_with_a_token_a_tag_costs_one_request(stub: Stub, app: Repository, client: RegistryClient) -> None:
    guard(stub, "t")
    guard(stub, "t", path="/v2/team/other/manifests/1.0")
    stub.on("/token", reply({"token": "t", "expires_in": 300}))
    client.head_manifest(app, ONE)
    stub.seen.clear()
    for _ in range(5):
        client.head_manifest(app, ONE)
    assert stub.asked() == [f"HEAD {MANIFEST}"] * 5
    # And another repository one more, for its token: nothing is asked without.
    client.head_manifest(parse_repository(f"{stub.address}/team/other"), ONE)
    assert len(stub.seen) == 7


@pytest.mark.parametrize(
    ("given", "lasts"),
    [
        ({}, 55),
        ({"expires_in": 300}, 295),
        ({"expires_in": None}, 55),
        ({"expires_in": 0}, 55),
        ({"expires_in": -5}, 55),
        ({"expires_in": 90.5}, 85.5),
        ({"expires_in": 10**12}, 86395),
        ({"expires_in": 300, "issued_at": "2026-11-20T07:59:00.123456789Z"}, 235),
        ({"expires_in": 300, "issued_at": "2026-11-20T09:00:00Z"}, 295),  # in the future: their clock is ahead of ours
        ({"expires_in": 300, "issued_at": "2026-11-20T07:00:00Z"}, 295),  # expired on arrival: theirs is behind
        ({"expires_in": 300, "issued_at": "yesterday"}, 295),
        ({"expires_in": 300, "issued_at": None}, 295),
    ],
)
def test_the_lifetime_of_a_token(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock, given: dict[str, Any], lasts: float
) -> None:
    guard(stub, "t")
    stub.on("/token", reply({"token": "t", **given}))
    client.head_manifest(app, ONE)
    clock.passed = lasts - 0.01
    client.head_manifest(app, ONE)
    assert len(token_requests(stub)) == 1
    clock.passed = lasts
    client.head_manifest(app, ONE)
    assert len(token_requests(stub)) == 2
    assert len(stub.asked("HEAD")) == 4  # the first without a token, and none that was refused


def test_a_token_that_the_registry_no_longer_takes(stub: Stub, app: Repository, client: RegistryClient) -> None:
    guard(stub, "new")
    stub.on("/token", reply({"token": "old"}), reply({"token": "new"}))
    assert client.head_manifest(app, ONE).digest
    assert len(token_requests(stub)) == 2


def test_a_second_refused_token_is_an_error(stub: Stub, app: Repository, client: RegistryClient) -> None:
    guard(stub)
    stub.on("/token", reply({"token": "never good"}))
    stub.on("/token", reply({"token": "t"}))
    with pytest.raises(AccessDenied):
        client.head_manifest(app, ONE)
    assert len(token_requests(stub)) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_the_scope_that_the_registry_asks_for_comes_first(
    stub: Stub, app: Repository, client: RegistryClient, status: int
) -> None:
    wants = "repository:team/app:pull,metadata_read"

    def check(seen: Seen) -> Reply:
        if seen.headers.get("authorization") == "Bearer more":
            return GOOD
        error = 'error="insufficient_scope",' if "authorization" in seen.headers else ""
        header = f'Bearer {error}realm="{stub.url}/token",service="here",scope="{wants if error else ""}"'
        return reply({}, status if error else 401, www_authenticate=header)

    stub.on(MANIFEST, check)
    stub.on("/token", lambda seen: reply({"token": "more" if query(seen)["scope"][0] == wants else "less"}))
    assert client.head_manifest(app, ONE).digest
    first, second = token_requests(stub)
    assert query(first)["scope"] == ["repository:team/app:pull"]
    assert query(second)["scope"] == [wants, "repository:team/app:pull"]


def test_a_realm_with_a_query_and_without_a_service(stub: Stub, app: Repository, client: RegistryClient) -> None:
    guard(stub, "t", challenge='Bearer realm="/token?tenant=a%26b&empty="')
    stub.on("/token", reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest
    (seen,) = token_requests(stub)
    assert query(seen) == {"tenant": ["a&b"], "scope": ["repository:team/app:pull"]}
    assert "empty=&" in seen.target


def test_bearer_is_chosen_among_several_challenges(stub: Stub, app: Repository, client: RegistryClient) -> None:
    header = f'Negotiate, Basic realm="r", Bearer realm="{stub.url}/token"'
    guard(stub, "t", challenge=header)
    stub.on("/token", reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest


def test_challenges_in_headers_of_their_own(stub: Stub, app: Repository, client: RegistryClient) -> None:
    headers = (("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", f'Bearer realm="{stub.url}/token"'))

    def check(seen: Seen) -> Reply:
        return GOOD if seen.headers.get("authorization") == "Bearer t" else Reply(status=401, headers=headers)

    stub.on(MANIFEST, check)
    stub.on("/token", reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest


@pytest.mark.parametrize("header", ["", "Negotiate", 'Digest realm="r"', "Bearer", '"', "Basic x" * 500])
def test_an_unsupported_challenge(stub: Stub, app: Repository, client: RegistryClient, header: str) -> None:
    stub.on(MANIFEST, reply({}, 401, www_authenticate=header))
    with pytest.raises(AccessDenied):
        client.head_manifest(app, ONE)
    assert len(stub.seen) == 1


def test_an_identity_token_is_exchanged(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    client = make_client(environment=logged_in(stub, identitytoken="identity"))
    guard(stub, "t")
    stub.on("/token", reply({"access_token": "t", "expires_in": 300}))
    assert client.head_manifest(app, ONE).digest
    (seen,) = token_requests(stub)
    assert seen.method == "POST"
    assert "authorization" not in seen.headers
    assert parse_qs(seen.body.decode()) == {
        "grant_type": ["refresh_token"], "refresh_token": ["identity"], "service": ["here"],
        "client_id": ["repo-info"], "scope": ["repository:team/app:pull"],
    }  # fmt: skip


def test_the_identity_token_may_be_renewed(
    stub: Stub, app: Repository, make_client: MakesClients, clock: CountingClock
) -> None:
    client = make_client(environment=logged_in(stub, identitytoken="first"))
    guard(stub, "t")
    stub.on("/token", reply({"access_token": "t", "refresh_token": "second"}))
    client.head_manifest(app, ONE)
    clock.passed = 60
    client.head_manifest(app, ONE)
    assert [parse_qs(seen.body.decode())["refresh_token"] for seen in token_requests(stub)] == [["first"], ["second"]]


@pytest.mark.parametrize("status", [404, 405])
def test_a_token_server_without_the_oauth2_form(
    stub: Stub, app: Repository, make_client: MakesClients, status: int
) -> None:
    client = make_client(environment=logged_in(stub, identitytoken="identity"))
    guard(stub, "t")
    stub.on("/token", lambda seen: reply({}, status) if seen.method == "POST" else reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest
    assert [seen.method for seen in token_requests(stub)] == ["POST", "GET"]
    assert token_requests(stub)[1].headers["authorization"].startswith("Basic ")


def test_requests_to_the_token_server_are_not_redirected(
    stub: Stub, elsewhere: Stub, app: Repository, make_client: MakesClients
) -> None:
    client = make_client(environment=logged_in(stub, identitytoken="identity"))
    guard(stub, "t")
    stub.on("/token", reply(b"", 307, location=f"{elsewhere.url}/token"))
    with pytest.raises(UntrustedAnswer, match="redirects a request that contains credentials"):
        client.head_manifest(app, ONE)
    assert not elsewhere.seen


def test_a_registry_token_is_sent_as_it_is(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    client = make_client(environment=logged_in(stub, registrytoken="ready made"))
    guard(stub, "ready made")
    assert client.head_manifest(app, ONE).digest
    assert not token_requests(stub)
    stub.on(MANIFEST, reply({}, 401, www_authenticate=f'Bearer realm="{stub.url}/token"'))
    with pytest.raises(AccessDenied):
        client.head_manifest(app, ONE)


@pytest.mark.parametrize(
    ("answer", "error", "why"),
    [
        (reply({}), AccessDenied, "returned no token"),
        (reply({"token": ""}), AccessDenied, "returned no token"),
        (reply({"token": "a b"}), UntrustedAnswer, "a token with invalid characters"),
        (reply({"token": "a\r\nX-Injected: 1"}), UntrustedAnswer, "a token with invalid characters"),
        (reply({"token": 7}), UntrustedAnswer, "did not return a token"),
        (reply("<html>"), UntrustedAnswer, "did not return a token"),
        (reply(b"[" * 100_000), UntrustedAnswer, "did not return a token"),
        (reply(b" " * 2**21), UntrustedAnswer, "the limit is 1048576"),
        (reply({"details": "no such account"}, 401), AccessDenied, r"access denied \(no such account\)"),
        (reply({}, 418), RegistryError, "status 418"),
    ],
)
def test_token_servers_without_a_token(
    stub: Stub, app: Repository, client: RegistryClient, answer: Reply, error: type[RegistryError], why: str
) -> None:
    guard(stub, "t")
    stub.on("/token", answer)
    with pytest.raises(error, match=why):
        client.head_manifest(app, ONE)


def test_a_token_server_that_fails_for_the_moment(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock
) -> None:
    guard(stub, "t")
    stub.on("/token", reply("", 503), reply("", 429, retry_after="7"), reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest
    assert clock.slept == [1.0, 7.0]


@pytest.mark.parametrize(
    ("realm", "why"),
    [
        ("ftp://token.example/", "other than an http or https address"),
        ("http://token.example/", "over plain http"),
    ],
)
def test_a_realm_that_must_not_get_a_password(
    stub: Stub, app: Repository, make_client: MakesClients, realm: str, why: str
) -> None:
    client = make_client(environment=logged_in(stub, username="me", password="it"))
    guard(stub, "t", challenge=f'Bearer realm="{realm}"')
    with pytest.raises(UntrustedAnswer, match=why):
        client.head_manifest(app, ONE)


def test_a_realm_that_is_trusted_by_name(
    stub: Stub, elsewhere: Stub, app: Repository, make_client: MakesClients
) -> None:
    trusting = HostSettings(trusted_hosts=frozenset({elsewhere.address}))
    client = make_client(hosts={stub.address: trusting})
    guard(stub, "t", challenge=f'Bearer realm="{elsewhere.url}/token"')
    elsewhere.on("/token", reply({"token": "t"}))
    assert client.head_manifest(app, ONE).digest
