"""Real registries that do not let everybody in, or not without TLS, or that fetch from another one."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collector.errors import AccessDenied, Unreachable, UsageError
from collector.model.digests import Digest
from collector.model.references import Tag
from collector.registry.client import RegistryClient
from collector.registry.settings import HostSettings
from tests.registry.conftest import MakesClients
from tests.support.certificates import Authority, TokenSigner
from tests.support.registry import RunningRegistry, attestation_of, push_image, push_index, raw_image, running_registry
from tests.support.stub import Reply, Seen, Stub, reply, running_stub

ONE = Tag("1.0")
USER, PASSWORD = "reader", "pa:ss wörd"
# That password, by bcrypt at its lowest cost (the only form that docker-registry takes), and by Apache's MD5.
BCRYPT = "$2b$04$dNatCDXLeDC51Wy.ak1fiOV8i5LUz4Fesaw4XmwH5BvLvxvBKsg6G"
APR1 = "$apr1$abcdefgh$heejsnde5T6g6eroYlT2k/"


def logged_in(address: str, **entry: str) -> dict[str, str]:
    """An environment with a login for the registry."""
    entry = entry or {"auth": base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": {address: entry}})}


@pytest.fixture(scope="module")
def with_password(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRegistry]:
    folder = tmp_path_factory.mktemp("password")
    (folder / "htpasswd").write_text(f"{USER}:{BCRYPT}\nold:{APR1}\n", encoding="utf-8")
    settings = {"auth": {"htpasswd": {"realm": 'a, "quoted" one', "path": str(folder / "htpasswd")}}}
    with running_registry(folder, settings=settings, credentials=(USER, PASSWORD)) as running:
        push_image(running, "team/app", raw_image(), tag=ONE)
        yield running


def test_a_password_from_dockers_configuration(with_password: RunningRegistry, make_client: MakesClients) -> None:
    client = make_client(environment=logged_in(with_password.address))
    app = with_password.repository("team/app")
    assert list(client.iter_tags(app)) == [ONE]
    assert client.head_manifest(app, ONE).digest == raw_image().digest


def test_without_a_password_the_error_says_what_to_do(with_password: RunningRegistry, client: RegistryClient) -> None:
    with pytest.raises(AccessDenied, match="access denied") as denied:
        client.head_manifest(with_password.repository("team/app"), ONE)
    assert "docker login" in denied.value.hint


@pytest.mark.parametrize("entry", [{"username": USER, "password": "wrong"}, {"username": "old", "password": PASSWORD}])
def test_a_password_that_is_refused(
    with_password: RunningRegistry, make_client: MakesClients, entry: dict[str, str]
) -> None:
    client = make_client(environment=logged_in(with_password.address, **entry))
    with pytest.raises(AccessDenied) as denied:
        client.get_manifest(with_password.repository("team/app"), ONE)
    assert entry["password"] not in str(denied.value) + denied.value.hint


class TokenServer:
    """Gives tokens to users with the password, and to nobody for `secret/…`; tokens can be made invalid."""

    def __init__(self, stub: Stub, signer: TokenSigner) -> None:
        self.stub = stub
        self.signer = signer
        self.spoil: list[dict[str, Any]] = []
        """Changes to the claims of the next tokens, one after the other."""
        stub.on("/token", self.give)

    def give(self, seen: Seen) -> Reply:
        query = parse_qs(urlsplit(seen.target).query)
        scopes = [scope.split(":") for scope in query.get("scope", [])]
        user = ""
        if basic := seen.headers.get("authorization"):
            user, _, password = base64.b64decode(basic.partition(" ")[2]).decode().partition(":")
            if password != PASSWORD:
                return reply({"details": "incorrect username or password"}, 401)
        now = int(time.time())
        access = [
            {"type": kind, "name": name, "actions": actions.split(",")}
            for kind, name, actions in scopes
            if user or not name.startswith("secret/")
        ]
        claims = {
            "iss": "tests", "sub": user, "aud": query["service"][0], "jti": str(len(self.stub.seen)),
            "iat": now, "nbf": now - 10, "exp": now + 300, "access": access,
        }  # fmt: skip
        claims |= self.spoil.pop(0) if self.spoil else {}
        return reply({"token": self.signer.sign(claims), "expires_in": 300})


@pytest.fixture(scope="module")
def token_server() -> Iterator[TokenServer]:
    with running_stub() as stub:
        yield TokenServer(stub, TokenSigner())


@pytest.fixture(scope="module")
def with_tokens(tmp_path_factory: pytest.TempPathFactory, token_server: TokenServer) -> Iterator[RunningRegistry]:
    folder = tmp_path_factory.mktemp("tokens")
    certificate = token_server.signer.write_certificate(folder / "tokens.pem")
    settings = {
        "auth": {
            "token": {
                "realm": f"{token_server.stub.url}/token",
                "service": "a registry",
                "issuer": "tests",
                "rootcertbundle": str(certificate),
            }
        }
    }
    with running_registry(folder, settings=settings) as running:
        for path in ("team/app", "secret/app"):
            claims = {
                "iss": "tests", "aud": "a registry", "exp": int(time.time()) + 300, "nbf": int(time.time()) - 10,
                "access": [{"type": "repository", "name": path, "actions": ["pull", "push"]}],
            }  # fmt: skip
            running.session.headers["Authorization"] = f"Bearer {token_server.signer.sign(claims)}"
            push_index(running, path, ONE, [raw_image(), attestation_of(raw_image())])
        yield running


@pytest.fixture
def fresh(token_server: TokenServer) -> TokenServer:
    token_server.stub.seen.clear()
    token_server.spoil.clear()
    return token_server


def test_one_token_serves_all_requests_for_a_repository(
    with_tokens: RunningRegistry, fresh: TokenServer, client: RegistryClient
) -> None:
    app = with_tokens.repository("team/app")
    assert client.head_manifest(app, ONE).digest == client.get_manifest(app, ONE).digest
    config = raw_image().config
    assert client.get_blob(app, Digest(config.digest), len(config.raw)) == config.raw
    assert list(client.iter_tags(app)) == [ONE]
    assert fresh.stub.asked() == ["GET /token?service=a+registry&scope=repository%3Ateam%2Fapp%3Apull"]
    assert "authorization" not in fresh.stub.seen[0].headers


def test_threads_wait_for_the_token_of_one_of_them(
    with_tokens: RunningRegistry, fresh: TokenServer, client: RegistryClient
) -> None:
    app = with_tokens.repository("team/app")
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: client.head_manifest(app, ONE).digest, range(40)))
    assert len(digests) == 1
    assert len(fresh.stub.seen) == 1


def test_a_token_with_less_scope_than_requested(
    with_tokens: RunningRegistry, fresh: TokenServer, client: RegistryClient
) -> None:
    # The registry says 401 insufficient_scope, and so again after the second token.
    with pytest.raises(AccessDenied, match="UNAUTHORIZED"):
        client.get_manifest(with_tokens.repository("secret/app"), ONE)
    assert 1 <= len(fresh.stub.seen) <= 2


def test_a_login_reads_a_private_repository(
    with_tokens: RunningRegistry, fresh: TokenServer, make_client: MakesClients
) -> None:
    client = make_client(environment=logged_in(with_tokens.address))
    assert client.head_manifest(with_tokens.repository("secret/app"), ONE).digest
    assert "account=reader" in fresh.stub.seen[0].target
    assert PASSWORD not in fresh.stub.seen[0].target


def test_a_token_that_has_expired_is_replaced(
    with_tokens: RunningRegistry, fresh: TokenServer, client: RegistryClient
) -> None:
    fresh.spoil = [{"exp": int(time.time()) - 3600}]
    assert client.head_manifest(with_tokens.repository("team/app"), ONE).digest
    assert len(fresh.stub.seen) == 2


def test_a_refused_password_is_not_tried_again(
    with_tokens: RunningRegistry, fresh: TokenServer, make_client: MakesClients
) -> None:
    client = make_client(environment=logged_in(with_tokens.address, username=USER, password="wrong"))

    def ask(number: int) -> None:
        with pytest.raises(AccessDenied, match="incorrect username or password"):
            client.head_manifest(with_tokens.repository(f"team/app{number}"), ONE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    assert len(fresh.stub.seen) == 1


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return Authority().write(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def with_tls(tmp_path_factory: pytest.TempPathFactory, authority: tuple[Path, Path, Path]) -> Iterator[RunningRegistry]:
    with running_registry(tmp_path_factory.mktemp("tls"), certificate=authority) as running:
        push_image(running, "team/app", raw_image(), tag=ONE)
        yield running


def test_a_private_authority(
    with_tls: RunningRegistry, authority: tuple[Path, Path, Path], make_client: MakesClients
) -> None:
    client = make_client(hosts={with_tls.address: HostSettings(ca_file=authority[2])})
    assert client.head_manifest(with_tls.repository("team/app"), ONE).digest == raw_image().digest


def test_an_authority_from_the_environment(
    with_tls: RunningRegistry, authority: tuple[Path, Path, Path], make_client: MakesClients
) -> None:
    port = with_tls.address.partition(":")[2]
    hosts = {
        f"localhost:{port}": HostSettings(ca_file=authority[2]),
        with_tls.address: HostSettings(ca_file=authority[2]),
    }
    client = make_client(environment={"SSL_CERT_FILE": str(authority[2])}, hosts=hosts)
    assert client.head_manifest(with_tls.repository("team/app"), ONE).digest == raw_image().digest


def test_another_authority_is_not_trusted(with_tls: RunningRegistry, tmp_path: Path, make_client: MakesClients) -> None:
    other = Authority("another authority").write(tmp_path)[2]
    client = make_client(hosts={with_tls.address: HostSettings(ca_file=other)})
    with pytest.raises(Unreachable, match="its certificate is not trusted") as refused:
        client.head_manifest(with_tls.repository("team/app"), ONE)
    assert "ca_file" in refused.value.hint


def test_plain_http_where_tls_is_spoken(with_tls: RunningRegistry, client: RegistryClient) -> None:
    with pytest.raises(Exception, match="status 400"):
        client.get_manifest(with_tls.repository("team/app"), ONE)


def test_tls_where_plain_http_is_spoken(
    stub: Stub, authority: tuple[Path, Path, Path], make_client: MakesClients, with_password: RunningRegistry
) -> None:
    client = make_client(hosts={with_password.address: HostSettings(ca_file=authority[2])})
    with pytest.raises(Unreachable, match="does not use TLS") as refused:
        client.head_manifest(with_password.repository("team/app"), ONE)
    assert "insecure" in refused.value.hint


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_invalid_file_of_authorities(tmp_path: Path, make_client: MakesClients, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    with pytest.raises(UsageError, match="not a PEM file of certificate authorities"):
        make_client(hosts={"registry.example": HostSettings(ca_file=path)})


def test_a_pull_through_proxy(tmp_path: Path, client: RegistryClient) -> None:
    with (
        running_registry(tmp_path / "upstream") as upstream,
        running_registry(tmp_path / "proxy", settings={"proxy": {"remoteurl": upstream.url}}) as proxy,
    ):
        pushed = push_index(upstream, "team/app", ONE, [raw_image(), attestation_of(raw_image())])
        app, config = proxy.repository("team/app"), raw_image().config
        assert client.head_manifest(app, ONE).digest == pushed.digest
        assert client.get_manifest(app, ONE).raw == pushed.raw
        assert client.get_manifest(app, Digest(raw_image().digest)).raw == raw_image().manifest.raw
        assert client.get_blob(app, Digest(config.digest), len(config.raw)) == config.raw
        assert list(client.iter_tags(app)) == [ONE]
