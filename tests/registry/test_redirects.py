"""Redirects are followed without credentials, and not to every address."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from collector.errors import AccessDenied, RegistryError, Unreachable, UntrustedAnswer
from collector.model.digests import digest_of
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import HostSettings
from collector.registry.transport.hosts import Origin
from collector.registry.transport.redirects import check_target
from tests.registry.conftest import MakesClients
from tests.support.certificates import Authority
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Seen, Stub, reply, running_stub

ONE = Tag("1.0")
MANIFEST = "/v2/team/app/manifests/1.0"
CONTENT = b"a config"
BLOB = f"/v2/team/app/blobs/{digest_of(CONTENT)}"
SIGNED = "/store/a%20b?X-Amz-Signature=deadbeef&x=%2F"


def for_the_right_password(answer: Reply) -> object:
    def check(seen: Seen) -> Reply:
        right = seen.headers.get("authorization") == "Basic " + base64.b64encode(b"me:it").decode()
        return answer if right else reply({}, 401, www_authenticate='Basic realm="r"')

    return check


def only_one_auth_mechanism(seen: Seen) -> Reply:
    """As S3 does, where a client takes its password along."""
    return reply("Only one auth mechanism allowed", 400) if "authorization" in seen.headers else reply(CONTENT)


@pytest.fixture
def client(make_client: MakesClients, stub: Stub) -> RegistryClient:
    auths = {stub.address: {"username": "me", "password": "it"}}
    return make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_password_is_not_sent_to_other_hosts(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient, status: int
) -> None:
    """The other server has the same name, and only another port."""
    stub.on(BLOB, for_the_right_password(reply(b"", status, location=elsewhere.url + SIGNED)))  # type: ignore[arg-type]
    elsewhere.on("/store/a%20b", only_one_auth_mechanism)
    assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT
    assert elsewhere.asked() == [f"GET {SIGNED}"]


def test_the_password_is_not_sent_back_after_a_redirect(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient
) -> None:
    stub.on(BLOB, for_the_right_password(reply(b"", 307, location=f"{elsewhere.url}/there")))  # type: ignore[arg-type]
    elsewhere.on("/there", reply(b"", 307, location=f"{stub.url}/back"))
    stub.on("/back", only_one_auth_mechanism)
    assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT


def test_the_password_is_sent_to_the_same_host(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(BLOB, for_the_right_password(reply(b"", 307, location="../other")))  # type: ignore[arg-type]
    stub.on("/v2/team/app/other", for_the_right_password(reply(CONTENT)))  # type: ignore[arg-type]
    assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT


def test_credentials_are_not_sent_to_another_host(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient
) -> None:
    stub.on(BLOB, reply(b"", 307, location=f"{elsewhere.url}/there"))
    elsewhere.on("/there", reply(b"", 401, www_authenticate='Basic realm="give it to me"'))
    with pytest.raises(AccessDenied):
        client.get_blob(app, digest_of(CONTENT), len(CONTENT))
    assert len(elsewhere.seen) == 1
    assert "authorization" not in elsewhere.seen[0].headers


def test_manifests_and_heads_are_redirected_too(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient
) -> None:
    raw = raw_image().manifest.raw
    stub.on(MANIFEST, reply(b"", 307, location=f"{elsewhere.url}/m"))
    elsewhere.on("/m", reply(raw, content_type=OCI_MANIFEST, docker_content_digest=digest_of(raw)))
    assert client.head_manifest(app, ONE).digest == client.get_manifest(app, ONE).digest == digest_of(raw)
    assert [seen.method for seen in elsewhere.seen] == ["HEAD", "GET"]
    assert "application/vnd.oci.image.index.v1+json" in elsewhere.seen[0].headers["accept"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        (None, "without a target"),
        ("", "without a target"),
        ("ftp://127.0.0.1/x", "other than an http or https address"),
        ("file:///etc/passwd", "other than an http or https address"),
        ("http://[::1", "other than an http or https address"),
        ("http://user:word@127.0.0.1/x", "other than an http or https address"),
        ("http://127.0.0.1:99999/", "other than an http or https address"),
        ("/again", "more than 10 redirects"),
    ],
)
def test_redirects_that_lead_nowhere(
    stub: Stub, app: Repository, client: RegistryClient, location: str | None, why: str
) -> None:
    answer = reply(b"", 307) if location is None else reply(b"", 307, location=location)
    stub.on(MANIFEST, answer)
    stub.on("/again", reply(b"", 302, location="/again?x=" + "1" * 10))
    with pytest.raises(RegistryError, match=why) as refused:
        client.get_manifest(app, ONE)
    assert "word" not in str(refused.value)


def test_a_redirect_from_https_to_http_needs_a_trusted_host(
    elsewhere: Stub, tmp_path: Path, make_client: MakesClients
) -> None:
    certificate = Authority().write(tmp_path)
    elsewhere.on("/there", reply(CONTENT))
    with running_stub(certificate) as secure:
        secure.on(BLOB, reply(b"", 307, location=f"{elsewhere.url}/there?{SIGNED}"))
        app = parse_repository(f"{secure.address}/team/app")
        careful = HostSettings(ca_file=certificate[2])
        with pytest.raises(UntrustedAnswer, match=f"redirects from https to http, to {elsewhere.address}$"):
            make_client(hosts={app.registry: careful}).get_blob(app, digest_of(CONTENT), len(CONTENT))
        assert not elsewhere.seen
        trusting = HostSettings(ca_file=certificate[2], trusted_hosts=frozenset({elsewhere.address}))
        client = make_client(hosts={app.registry: trusting})
        assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT


@pytest.fixture
def internet(stub: Stub, make_client: MakesClients) -> RegistryClient:
    """A client whose proxy to registry.example is the stub."""
    return make_client(
        environment={"HTTP_PROXY": stub.url},
        hosts={"registry.example": HostSettings(insecure=True)},
    )


def test_from_the_internet_to_a_private_address(stub: Stub, elsewhere: Stub, internet: RegistryClient) -> None:
    stub.on(f"http://registry.example{BLOB}", reply(b"", 307, location=f"{elsewhere.url}/there"))
    elsewhere.on("/there", reply(CONTENT))
    with pytest.raises(UntrustedAnswer, match="redirects to a private address"):
        internet.get_blob(parse_repository("registry.example/team/app"), digest_of(CONTENT), len(CONTENT))
    assert not elsewhere.seen


def test_no_token_from_a_private_address(stub: Stub, elsewhere: Stub, internet: RegistryClient) -> None:
    challenge = f'Bearer realm="{elsewhere.url}/token"'
    stub.on(f"http://registry.example{MANIFEST}", reply({}, 401, www_authenticate=challenge))
    elsewhere.on("/token", reply({"token": "t"}))
    with pytest.raises(UntrustedAnswer, match="redirects to a private address"):
        internet.head_manifest(parse_repository("registry.example/team/app"), ONE)
    assert not elsewhere.seen


def test_a_private_authority_is_not_trusted_for_other_hosts(tmp_path: Path, make_client: MakesClients) -> None:
    """It has signed for localhost as well, and is believed there only when that host is trusted by name."""
    certificate = Authority().write(tmp_path)
    with running_stub(certificate) as secure:
        port = secure.address.partition(":")[2]
        secure.on(BLOB, reply(b"", 307, location=f"https://localhost:{port}/there"))
        secure.on("/there", reply(CONTENT))
        app = parse_repository(f"{secure.address}/team/app")
        careful = HostSettings(ca_file=certificate[2])
        with pytest.raises(Unreachable, match=f"localhost:{port}: its certificate is not trusted"):
            make_client(hosts={app.registry: careful}).get_blob(app, digest_of(CONTENT), len(CONTENT))
        trusting = HostSettings(ca_file=certificate[2], trusted_hosts=frozenset({"localhost"}))
        client = make_client(hosts={app.registry: trusting})
        assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT


PUBLIC = Origin("https", "registry.example", 443)
CORPORATE = Origin("https", "10.1.2.3", 443)


@pytest.mark.parametrize(
    ("home", "target"),
    [
        (PUBLIC, Origin("https", "cdn.example", 443)),
        (PUBLIC, Origin("https", "registry.example", 8443)),
        (CORPORATE, Origin("https", "10.1.2.4", 9000)),
        (Origin("http", "localhost", 5000), Origin("http", "127.0.0.1", 9000)),
        (PUBLIC, Origin("http", "minio.example", 9000)),  # trusted by name
        (PUBLIC, Origin("https", "10.0.0.5", 9000)),  # trusted with its port
    ],
)
def test_places_that_a_registry_may_send_to(home: Origin, target: Origin) -> None:
    check_target(home, target, HostSettings(trusted_hosts=frozenset({"minio.example", "10.0.0.5:9000"})))


@pytest.mark.parametrize(
    "target",
    [
        Origin("http", "registry.example", 80),
        Origin("http", "cdn.example", 80),
        Origin("https", "localhost", 443),
        Origin("https", "a.localhost", 443),
        Origin("https", "127.0.0.1", 443),
        Origin("https", "127.1", 443),
        Origin("https", "2130706433", 443),
        Origin("https", "0x7f000001", 443),
        Origin("https", "0.0.0.0", 443),
        Origin("https", "169.254.169.254", 80),
        Origin("https", "10.0.0.5", 443),
        Origin("https", "192.168.1.1", 443),
        Origin("https", "100.64.0.1", 443),
        Origin("https", "::1", 443),
        Origin("https", "::ffff:169.254.169.254", 443),
        Origin("https", "2002:a00:5::", 443),
        Origin("https", "fe80::1%eth0", 443),
        Origin("https", "fd00::1", 443),
    ],
)
def test_places_that_a_registry_on_the_internet_may_not_send_to(target: Origin) -> None:
    with pytest.raises(UntrustedAnswer) as refused:
        check_target(PUBLIC, target, HostSettings())
    assert "trusted_hosts" in refused.value.hint
