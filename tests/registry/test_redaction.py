"""No credential, token or signed address in any message, representation or log, at any level."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import RepoInfoError
from collector.model.digests import digest_of
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.hub.client import HubClient
from collector.registry.settings import Backoff, HostSettings
from collector.registry.transport.hosts import origin_of
from collector.registry.transport.http import Request
from collector.registry.transport.redaction import Secret, shown_text, shown_url
from tests.registry.conftest import MakesClients
from tests.support.certificates import Authority
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Seen, Stub, reply, running_stub

ONE = Tag("1.0")
CONTENT = b"a config"
PASSWORD, TOKEN, IDENTITY, SIGNATURE = "geheim-0123", "token-4567", "identity-89ab", "signature-cdef"
SECRETS = [
    PASSWORD, TOKEN, IDENTITY, SIGNATURE, base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
    base64.b64encode(f"<token>:{IDENTITY}".encode()).decode(),
]  # fmt: skip


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All logs, of all libraries, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")
    return caplog


def assert_clean(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in text], text


def assert_logs_clean(caplog: pytest.LogCaptureFixture) -> None:
    libraries = [record for record in caplog.records if record.name.startswith("urllib3")]
    assert libraries, "nothing was captured"
    for record in caplog.records:
        assert_clean(f"{record.getMessage()} {record.msg} {record.args!r} {record.__dict__!r}")
    assert_clean(caplog.text)


def logged_in(stub: Stub, **entry: str) -> dict[str, str]:
    auths = {stub.address: entry, "docker.io": entry}
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})}


def guarded(stub: Stub, path: str, good: Reply) -> None:
    challenge = f'Bearer realm="{stub.url}/token?hint={SIGNATURE}",service="here"'

    def check(seen: Seen) -> Reply:
        return (
            good
            if seen.headers.get("authorization") == f"Bearer {TOKEN}"
            else reply({}, 401, www_authenticate=challenge)
        )

    stub.on(path, check)


@pytest.mark.parametrize(
    "entry", [{"username": "me", "password": PASSWORD}, {"identitytoken": IDENTITY}, {"registrytoken": TOKEN}]
)
def test_a_run_without_errors(
    stub: Stub,
    elsewhere: Stub,
    app: Repository,
    make_client: MakesClients,
    everything: pytest.LogCaptureFixture,
    entry: dict[str, str],
) -> None:
    client = make_client(environment=logged_in(stub, **entry))
    stub.on("/token", reply({"token": TOKEN, "refresh_token": IDENTITY}))
    guarded(stub, "/v2/team/app/manifests/1.0", reply(raw_image().manifest.raw, content_type=OCI_MANIFEST))
    blob = f"/v2/team/app/blobs/{digest_of(CONTENT)}"
    guarded(stub, blob, reply(b"", 307, location=f"{elsewhere.url}/v2/{SIGNATURE}/x?sig={SIGNATURE}&n={SIGNATURE}"))
    elsewhere.on(f"/v2/{SIGNATURE}/x", reply(CONTENT))
    client.get_manifest(app, ONE)
    assert client.get_blob(app, digest_of(CONTENT), len(CONTENT)) == CONTENT
    assert_logs_clean(everything)
    assert_clean(
        f"{client!r} {client.credentials!r} {client.credentials.find(app)!r} {client.endpoint(app.registry)!r}"
    )


ECHO = f'you sent Bearer {TOKEN}, password={PASSWORD}, and http://x.example/?sig={SIGNATURE} "secret: {IDENTITY}"'


@pytest.mark.parametrize(
    "answer",
    [
        reply({"errors": [{"code": "DENIED", "message": ECHO}]}, 403),
        reply({"errors": [{"code": ECHO, "message": ECHO}]}, 404),
        reply({"detail": ECHO}, 429, retry_after="7200"),
        reply({"message": f"pull rate limit {ECHO}"}, 429),
        reply(ECHO, 400, content_type="text/plain"),
        reply(ECHO, 500, content_type="text/plain"),
        reply(ECHO, 200, content_type=ECHO),
        reply(b"", 302, location=f"http://user:{PASSWORD}@x.example/{SIGNATURE}"),
        reply(b"", 302, location=f"http://127.0.0.1:1/{SIGNATURE}?sig={SIGNATURE}"),
        reply(b"", 302, location=f"http://{'x' * 99}.invalid/?{SIGNATURE}"),
        reply(b"", 404, content_length="0", x=f"y\r\n{SIGNATURE} is no header {TOKEN}"),
        reply(b"", 200, content_length="x", location=SIGNATURE, content_encoding=SIGNATURE),
        Reply(headers=(("Content-Length", "50"),), write=lambda file: file.write(ECHO[:20].encode())),
    ],
)
def test_a_failed_request_shows_no_secret(
    stub: Stub,
    app: Repository,
    make_client: MakesClients,
    everything: pytest.LogCaptureFixture,
    answer: Reply,
) -> None:
    client = make_client(environment=logged_in(stub, username="me", password=PASSWORD), backoff=Backoff(tries=2))
    stub.on("/token", reply({"token": TOKEN}))
    guarded(stub, "/v2/team/app/manifests/1.0", answer)
    with pytest.raises(RepoInfoError) as failed:
        client.get_manifest(app, ONE)
    # As `--debug` would show it, too.
    assert_clean(
        f"{failed.value}{failed.value.hint}{failed.value!r}{''.join(traceback.format_exception(failed.value))}"
    )
    assert_logs_clean(everything)


@pytest.mark.parametrize(
    "answer",
    [
        reply({"detail": ECHO}, 401),
        reply({"token": f"{TOKEN}\n{TOKEN}"}),
        reply(f'{{"token": "{TOKEN}", "expires_in": "{SIGNATURE}"}}'),
        reply(b"", 307, location=f"http://127.0.0.1:1/?x={SIGNATURE}"),
        Reply(headers=(("Content-Length", "500"),), write=lambda file: file.write(TOKEN.encode())),
    ],
)
@pytest.mark.parametrize("entry", [{"username": "me", "password": PASSWORD}, {"identitytoken": IDENTITY}])
def test_a_failed_token_request_shows_no_secret(
    stub: Stub,
    app: Repository,
    make_client: MakesClients,
    everything: pytest.LogCaptureFixture,
    answer: Reply,
    entry: dict[str, str],
) -> None:
    client = make_client(environment=logged_in(stub, **entry), backoff=Backoff(tries=2))
    stub.on("/token", answer)
    guarded(stub, "/v2/team/app/manifests/1.0", reply({}))
    with pytest.raises(RepoInfoError) as failed:
        client.head_manifest(app, ONE)
    assert_clean(f"{failed.value}{failed.value.hint}{''.join(traceback.format_exception(failed.value))}")
    assert_logs_clean(everything)


def test_docker_hub_s_login(stub: Stub, make_client: MakesClients, everything: pytest.LogCaptureFixture) -> None:
    hub = HubClient(make_client(environment=logged_in(stub, username="me", password=PASSWORD)), address=stub.url)
    path = "/v2/namespaces/library/repositories/python/tags"
    stub.on("/v2/auth/token", reply({"access_token": TOKEN}), reply({"detail": ECHO}, 401))
    stub.on(path, reply({"results": []}), reply({"detail": ECHO}, 401))
    hub.tags(parse_repository("python"))
    with pytest.raises(RepoInfoError) as failed:
        hub.tags(parse_repository("python"))
    assert_clean(str(failed.value) + repr(vars(hub)))
    assert_logs_clean(everything)


def test_a_certificate_that_is_not_trusted(
    tmp_path: Path, stub: Stub, make_client: MakesClients, everything: pytest.LogCaptureFixture
) -> None:
    authority = Authority().write(tmp_path)[2]
    client = make_client(hosts={stub.address: HostSettings(ca_file=authority)}, backoff=Backoff(tries=1))
    with pytest.raises(RepoInfoError) as failed:
        client.head_manifest(parse_repository(f"{stub.address}/team/app"), ONE)
    assert "0x" not in str(failed.value)  # no representation of an object of a library


def test_a_proxy_with_a_password(make_client: MakesClients, everything: pytest.LogCaptureFixture) -> None:
    with running_stub() as proxy:
        proxy.on(
            "http://registry.example/v2/team/app/manifests/1.0", reply(b"", 407), reply(b"", docker_content_digest="x")
        )
        environment = {"HTTP_PROXY": f"http://me:{PASSWORD}@{proxy.address}", "NO_PROXY": "other.example"}
        client = make_client(environment=environment, hosts={"registry.example": HostSettings(insecure=True)})
        app = parse_repository("registry.example/team/app")
        with pytest.raises(RepoInfoError, match="status 407") as refused:
            client.head_manifest(app, ONE)
        client.head_manifest(app, ONE)
    assert proxy.seen[0].headers["proxy-authorization"].startswith("Basic ")
    other = make_client(environment=environment, hosts={"registry.example": HostSettings(insecure=True)})
    with pytest.raises(RepoInfoError, match="the proxy cannot be reached, or refuses") as failed:
        other.head_manifest(app, ONE)
    assert_clean(f"{refused.value}{failed.value}{''.join(traceback.format_exception(failed.value))}")
    assert_logs_clean(everything)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://r.example/v2/team/app/manifests/1.0", "r.example/v2/team/app/manifests/1.0"),
        (f"https://r.example/v2/a/blobs/{digest_of(b'')}", f"r.example/v2/a/blobs/{digest_of(b'')}"),
        ("https://r.example/v2/a/tags/list?n=2&last=b&sig=x", "r.example/v2/a/tags/list"),
        ("https://u:p@r.example:5000/v2/", "r.example:5000/v2/"),
        ("https://auth.example/token?service=s&scope=repository:a:pull&k=1", "auth.example/…"),
        ("https://cdn.example/v2/SECRET/x?n=1", "cdn.example/…"),
        ("https://cdn.example/v2/secret/x?n=1", "cdn.example/…"),
        ("https://cdn.example/a/b?Signature=x", "cdn.example/…"),
        ("https://r.example", "r.example/…"),
        ("http://[::1", "…"),
    ],
)
def test_the_shown_parts_of_an_address(url: str, shown: str) -> None:
    assert shown_url(url) == shown


DIGEST = digest_of(b"")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("manifest unknown", "manifest unknown"),
        (f"unknown {DIGEST}", f"unknown {DIGEST}"),
        (f"unknown app@{DIGEST}", f"unknown app@{DIGEST}"),
        (f"{DIGEST}{'x' * 9}", "…"),
        ("see https://x.example/a?b=c d", "see https://x.example/a?… d"),
        ("a" * 40, "…"),
        ("two\nlines\x1b[0m and\u202eodd", "two lines [0m and odd"),
        ("word " * 100, "word " * 39 + "word…"),
    ],
)
def test_the_shown_parts_of_a_text(text: str, shown: str) -> None:
    assert shown_text(text) == shown


@given(st.text())
def test_any_text_is_shown_in_one_short_line(text: str) -> None:
    shown = shown_text(text)
    assert len(shown) <= 200
    assert shown.isprintable()


@given(st.text())
def test_no_query_of_any_address_is_shown(text: str) -> None:
    assert "?" not in shown_url(text)


def test_secrets_have_no_readable_representation() -> None:
    secret = Secret(PASSWORD)
    assert_clean(f"{secret} {secret!r} {[secret]} {secret:}")
    assert (secret.reveal(), bool(secret), bool(Secret(""))) == (PASSWORD, True, False)
    assert secret == Secret(PASSWORD) != Secret("other") != PASSWORD


def test_requests_and_answers_show_no_headers() -> None:
    request = Request(
        method="GET", url=f"http://x.example/?{SIGNATURE}", headers={"Authorization": TOKEN}, body=b"x", ceiling=1
    )
    assert_clean(repr(request))
    assert str(origin_of("https://x.example:444/")) == "x.example:444"
