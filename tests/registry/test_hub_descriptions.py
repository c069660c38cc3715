"""Descriptions on Docker Hub, with answers as observed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collector.errors import AccessDenied, NotFoundInRegistry, Overloaded, RegistryError, UntrustedAnswer, UsageError
from collector.model.references import parse_repository
from collector.registry.auth.credentials import Credential
from collector.registry.hub.descriptions import HubDescription, HubDescriptions, credential_from
from collector.registry.transport.redaction import Secret
from tests.registry.conftest import MakesClients
from tests.support.clocks import CountingClock
from tests.support.stub import Seen, Stub, reply

WEB = parse_repository("acme/web")
READ = "/v2/namespaces/acme/repositories/web"
WRITE = "/v2/repositories/acme/web/"
LOGIN = "/v2/auth/token"
SECRET = "dckr_pat_geheim"

REPOSITORY: dict[str, Any] = {
    "user": "acme",
    "name": "web",
    "namespace": "acme",
    "repository_type": "image",
    "status": 1,
    "status_description": "active",
    "description": "The website.",
    "is_private": False,
    "star_count": 3,
    "pull_count": 7_000_000_000,
    "last_updated": "2026-08-29T09:30:26.034071986Z",
    "full_description": "# Web\n\nText.\n",
    "permissions": {"read": True, "write": False, "admin": False},
    "categories": [{"name": "Web servers", "slug": "web-servers"}],
}


@pytest.fixture
def hub(stub: Stub, make_client: MakesClients) -> HubDescriptions:
    stub.on(LOGIN, reply({"access_token": "a-token"}))
    return HubDescriptions(
        make_client(), address=stub.url, credential=Credential(username="me", password=Secret(SECRET))
    )


def test_the_descriptions_of_a_repository(stub: Stub, make_client: MakesClients) -> None:
    stub.on(READ, reply(REPOSITORY))
    anonymous = HubDescriptions(make_client(), address=stub.url)
    assert anonymous.read(WEB) == HubDescription(short="The website.", full="# Web\n\nText.\n")
    stub.on(READ, reply({**REPOSITORY, "description": None, "full_description": None}))
    assert anonymous.read(WEB) == HubDescription(short="", full="")
    assert stub.asked() == [f"GET {READ}"] * 2
    assert all("authorization" not in seen.headers for seen in stub.seen)


def test_only_given_descriptions_are_written(stub: Stub, hub: HubDescriptions) -> None:
    stub.on(WRITE, reply(REPOSITORY))
    hub.write(WEB, full="# Neu ü\n")
    hub.write(WEB, short="One.", full="Two.")
    login, *writes = stub.seen
    assert json.loads(login.body) == {"identifier": "me", "secret": SECRET}
    assert [json.loads(seen.body) for seen in writes] == [
        {"full_description": "# Neu ü\n"},
        {"description": "One.", "full_description": "Two."},
    ]
    assert {
        (seen.method, seen.path, seen.headers["authorization"], seen.headers["content-type"]) for seen in writes
    } == {("PATCH", WRITE, "Bearer a-token", "application/json")}


def test_a_login_that_expires_while_it_is_used(stub: Stub, hub: HubDescriptions) -> None:
    stub.on(LOGIN, reply({"access_token": "old"}), reply({"access_token": "new"}))
    stub.on(WRITE, lambda seen: reply(REPOSITORY, 200 if seen.headers["authorization"] == "Bearer new" else 401))
    hub.write(WEB, short="x")
    assert stub.asked("PATCH") == [f"PATCH {WRITE}"] * 2


@pytest.mark.parametrize(
    ("body", "status", "error", "message"),
    [
        ({"message": "Exceeded max number of characters"}, 400, RegistryError, r"refused \(Exceeded max number"),
        (
            {"full_description": ["Ensure this field has no more than 25000 characters."]},
            400,
            RegistryError,
            r"refused \(Ensure this field has no more than 25000",
        ),
        (b"<html>", 400, RegistryError, "refused$"),
        (
            {"detail": "You do not have permission to perform this action."},
            403,
            AccessDenied,
            "You do not have permission",
        ),
        ({"message": "unauthorized", "errinfo": {}}, 401, AccessDenied, "no permission to write it"),
        ({"message": "httperror 404: object not found", "errinfo": {}}, 404, NotFoundInRegistry, "object not found"),
        ({"detail": "Rate limit exceeded", "error": False}, 429, Overloaded, "Rate limit exceeded"),
        (b"", 502, Overloaded, "fails temporarily"),
    ],
)
def test_refusals(
    stub: Stub, hub: HubDescriptions, body: object, status: int, error: type[RegistryError], message: str
) -> None:
    stub.on(WRITE, reply(body, status))
    with pytest.raises(error, match=message):
        hub.write(WEB, full="x")


def test_a_temporary_error_is_tried_again(stub: Stub, hub: HubDescriptions, clock: CountingClock) -> None:
    stub.on(WRITE, reply({"detail": "Rate limit exceeded"}, 429, retry_after="7"), reply(REPOSITORY))
    hub.write(WEB, full="x")
    assert clock.slept == [7]


@pytest.mark.parametrize("body", [b"[]", b"<html>", b'{"description": 7}', b"[" * 10**5, b"\xff"])
def test_invalid_answers(stub: Stub, hub: HubDescriptions, body: bytes) -> None:
    stub.on(READ, reply(body))
    with pytest.raises(UntrustedAnswer, match=r"unknown form|not JSON"):
        hub.read(WEB)


@pytest.mark.parametrize("where", [LOGIN, READ, WRITE])
@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_secret_in_an_answer_is_not_shown(stub: Stub, hub: HubDescriptions, where: str, status: int) -> None:
    def echo(seen: Seen) -> Any:
        return reply({"message": f"bad: {seen.body.decode()} {seen.headers.get('authorization', '')} {SECRET}"}, status)

    stub.on(READ, reply(REPOSITORY))
    stub.on(where, echo)
    with pytest.raises(RegistryError) as failed:
        hub.write(WEB, full="x") if where == WRITE else hub.read(WEB)
    shown = f"{failed.value} {failed.value.hint} {hub!r} {vars(hub)!r}"
    assert "a-token" not in shown
    assert SECRET not in shown


def test_the_text_is_not_redirected(stub: Stub, elsewhere: Stub, hub: HubDescriptions) -> None:
    stub.on(WRITE, reply(b"", 308, location=f"{elsewhere.url}{WRITE}"))
    with pytest.raises(UntrustedAnswer, match="contains credentials"):
        hub.write(WEB, full="x")
    assert not elsewhere.seen


def test_writing_without_a_user(stub: Stub, make_client: MakesClients) -> None:
    with pytest.raises(AccessDenied, match="needs a password or an access token") as denied:
        HubDescriptions(make_client(), address=stub.url).check_may_write(WEB)
    assert "DOCKERHUB_TOKEN" in denied.value.hint
    auths = {"https://index.docker.io/v1/": {"username": "me", "password": SECRET}}
    client = make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})})
    HubDescriptions(client, address=stub.url).check_may_write(WEB)
    with pytest.raises(UsageError, match="is not on Docker Hub"):
        HubDescriptions(client, address=stub.url).check_may_write(parse_repository("ghcr.io/acme/web"))
    assert not stub.seen


def test_the_user_in_the_environment() -> None:
    assert credential_from({}) is None
    found = credential_from({"DOCKERHUB_USERNAME": "me", "DOCKERHUB_TOKEN": SECRET})
    assert found == Credential(username="me", password=Secret(SECRET))
    for half, missing in (("DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN"), ("DOCKERHUB_TOKEN", "DOCKERHUB_USERNAME")):
        with pytest.raises(UsageError, match=f"{missing} is not set") as wrong:
            credential_from({half: SECRET})
        assert SECRET not in str(wrong.value) + wrong.value.hint


def test_a_password_is_not_sent_without_encryption(make_client: MakesClients) -> None:
    with pytest.raises(UsageError, match="not https"):
        HubDescriptions(make_client(), address="http://hub.example.org")
