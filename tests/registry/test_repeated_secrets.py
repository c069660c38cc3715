"""A server that repeats secrets in every form and place: they are never shown."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from collector.errors import RegistryError, RepoInfoError
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.hub.descriptions import HubDescriptions
from collector.registry.settings import Backoff, HostSettings
from collector.registry.transport.redaction import Secret
from collector.registry.transport.secrets_in_use import SecretsInUse
from tests.registry.conftest import MakesClients
from tests.support.stub import Reply, Seen, Stub, reply

ONE = Tag("1.0")
MANIFEST = "/v2/team/app/manifests/1.0"
PASSWORD = "Päss wörd+/&7"
PLAIN = "hunter2x"
FORMS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="").lower(),
    quote_plus,
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.b64encode(f"me:{text}".encode()).decode().rstrip("="),
    lambda text: base64.urlsafe_b64encode(f"me:{text}".encode()).decode(),
    lambda text: f"x{text}x",
]


def logged_in(stub: Stub, password: str) -> dict[str, str]:
    entry = {"username": "me", "password": password}
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": {stub.address: entry, "docker.io": entry}})}


def places(said: str) -> list[Reply]:
    return [
        reply({"errors": [{"code": "DENIED", "message": f"you are {said}"}]}, 403),
        reply({"detail": f"you are {said}"}, 404),
        reply({"message": f"you are {said}"}, 429, retry_after="7200"),
        reply(f"you are {said}", 400, content_type="text/plain"),
        reply(f"you are {said}", 500, content_type="text/plain"),
    ]


def everything(failed: pytest.ExceptionInfo[RepoInfoError], caplog: pytest.LogCaptureFixture) -> str:
    shown = "".join(traceback.format_exception(failed.value))
    return f"{failed.value}{failed.value.hint}{shown}{caplog.text}".lower()


@pytest.mark.parametrize("place", range(len(places(""))))
@pytest.mark.parametrize("form", range(len(FORMS)))
@pytest.mark.parametrize("password", [PASSWORD, PLAIN])
def test_a_secret_that_an_error_repeats_is_not_shown(
    stub: Stub,
    app: Repository,
    make_client: MakesClients,
    caplog: pytest.LogCaptureFixture,
    place: int,
    form: int,
    password: str,
) -> None:
    said = FORMS[form](password)
    client = make_client(environment=logged_in(stub, password), backoff=Backoff(tries=1))
    stub.on("/v2/", reply({}, 401, www_authenticate='Basic realm="x"'))
    stub.on(MANIFEST, places(said)[place])
    with pytest.raises(RepoInfoError, match="you are") as failed:
        client.get_manifest(app, ONE)
    assert said.lower() not in everything(failed, caplog)
    assert f"{app.name}:1.0" in str(failed.value)


@pytest.mark.parametrize(
    "answer",
    [
        reply({"errors": [{"code": PLAIN, "message": "no"}]}, 403),
        reply(b"", 302, location=f"https://{PLAIN}.invalid/"),
        reply(b"", 302, location=f"http://127.0.0.1:1/{PLAIN}"),
        reply("<html>", 200, content_type=f"application/{PLAIN}"),
        reply({"mediaType": f"application/vnd.{PLAIN}+json"}, 200, content_type="application/vnd.other+json"),
        reply({}, 418, warning=f'299 - "you are {PLAIN}"'),
    ],
)
def test_a_secret_that_other_parts_of_an_answer_repeat_is_not_shown(
    stub: Stub, app: Repository, make_client: MakesClients, caplog: pytest.LogCaptureFixture, answer: Reply
) -> None:
    client = make_client(environment=logged_in(stub, PLAIN), backoff=Backoff(tries=1))
    stub.on("/v2/", reply({}, 401, www_authenticate='Basic realm="x"'))
    stub.on(MANIFEST, answer)
    with pytest.raises(RepoInfoError) as failed:
        client.get_manifest(app, ONE)
    assert PLAIN not in everything(failed, caplog)


def test_a_repeated_token_is_not_shown(
    stub: Stub, app: Repository, make_client: MakesClients, caplog: pytest.LogCaptureFixture
) -> None:
    def check(seen: Seen) -> Reply:
        sent = seen.headers.get("authorization", "")
        challenge = f'Bearer realm="{stub.url}/token"'
        return reply({"detail": f"you are {sent}"}, 404) if sent else reply({}, 401, www_authenticate=challenge)

    stub.on("/token", reply({"token": "short-token"}))
    stub.on(MANIFEST, check)
    with pytest.raises(RepoInfoError, match="you are Bearer …") as failed:
        make_client().get_manifest(app, ONE)
    assert "short-token" not in everything(failed, caplog)


def test_an_identity_token_and_its_server(
    stub: Stub, app: Repository, make_client: MakesClients, caplog: pytest.LogCaptureFixture
) -> None:
    auths = {stub.address: {"identitytoken": PLAIN}}
    client = make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})})
    stub.on("/v2/", reply({}, 401, www_authenticate=f'Bearer realm="{stub.url}/token"'))
    stub.on("/token", lambda seen: reply({"detail": f"you are {seen.body.decode()}"}, 403))
    with pytest.raises(RepoInfoError, match="you are") as failed:
        client.get_manifest(app, ONE)
    assert PLAIN not in everything(failed, caplog)


def test_docker_hub(stub: Stub, make_client: MakesClients, caplog: pytest.LogCaptureFixture) -> None:
    descriptions = HubDescriptions(make_client(environment=logged_in(stub, PASSWORD)), address=stub.url)
    stub.on("/v2/auth/token", reply({"detail": f"you are {PASSWORD}"}, 401))
    with pytest.raises(RepoInfoError, match="you are …") as failed:
        descriptions.read(parse_repository("acme/web"))
    assert PASSWORD.lower() not in everything(failed, caplog)
    stub.on("/v2/auth/token", reply({"access_token": "short-token"}))
    stub.on("/v2/repositories/acme/web/", reply({"full_description": [f"you are {PASSWORD} short-token"]}, 400))
    again = HubDescriptions(make_client(environment=logged_in(stub, PASSWORD)), address=stub.url)
    with pytest.raises(RepoInfoError, match="you are … …") as refused:
        again.write(parse_repository("acme/web"), full="text")
    assert "short-token" not in everything(refused, caplog)


def test_a_proxy(make_client: MakesClients, stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    environment = {"HTTP_PROXY": f"http://me:{quote(PASSWORD, safe='')}@{stub.address}"}
    insecure = {"registry.example": HostSettings(insecure=True)}
    client = make_client(environment=environment, hosts=insecure, backoff=Backoff(tries=1))
    stub.on("http://registry.example" + MANIFEST, reply({"detail": f"you are {PASSWORD}"}, 407))
    with pytest.raises(RepoInfoError, match="you are …") as failed:
        client.get_manifest(parse_repository("registry.example/team/app"), ONE)
    assert PASSWORD.lower() not in everything(failed, caplog)


def test_text_that_is_not_secret_stays() -> None:
    secrets = SecretsInUse()
    secrets.add(Secret("it"), username="me")
    secrets.add(Secret(""))
    assert secrets.remove_from("wait, it is unlimited") == "wait, … is unlimited"
    secrets.add(Secret("app"))
    with pytest.raises(RepoInfoError, match=r"^team/app:1: no … here$"), secrets.kept_out_of_errors("team/app:1"):
        raise RegistryError("team/app:1: no app here")


def test_old_tokens_are_forgotten_and_passwords_are_not() -> None:
    secrets = SecretsInUse()
    for number in range(3000):
        secrets.add(Secret(f"token-{number}-"))
        secrets.add(Secret("password"), username="me")
    assert secrets.remove_from("password token-2999-") == "… …"
    assert secrets.remove_from("token-0-") == "token-0-"
