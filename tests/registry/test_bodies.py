"""Faulty bodies and connections, each on a real socket."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from collector.errors import NotFoundInRegistry, RegistryError, Unreachable, UntrustedAnswer
from collector.model.digests import Digest, digest_of
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import Ceilings, Timeouts
from tests.registry.conftest import MakesClients
from tests.support.clocks import CountingClock
from tests.support.registry import OCI_INDEX, OCI_MANIFEST, index, raw_image
from tests.support.stub import Reply, Stub, reply, running_stub, trickle

ONE = Tag("1.0")
MANIFEST = "/v2/team/app/manifests/1.0"
RAW = raw_image().manifest.raw
GOOD = reply(RAW, content_type=OCI_MANIFEST)


def blob_path(raw: bytes) -> str:
    return f"/v2/team/app/blobs/{digest_of(raw)}"


def test_a_manifest_with_another_digest(stub: Stub, app: Repository, client: RegistryClient) -> None:
    asked = digest_of(b"another")
    stub.on(f"/v2/team/app/manifests/{asked}", GOOD)
    with pytest.raises(UntrustedAnswer, match=f"asked for {asked}, but received {digest_of(RAW)}"):
        client.get_manifest(app, asked)


@pytest.mark.parametrize("announced", ["", "sha256:" + "0" * 64, "sha256:nonsense", "blake3:" + "0" * 64])
def test_the_digest_of_a_tag_is_that_of_its_bytes_not_of_the_header(
    stub: Stub, app: Repository, client: RegistryClient, announced: str
) -> None:
    stub.on(MANIFEST, reply(RAW, content_type=OCI_MANIFEST, docker_content_digest=announced))
    got = client.get_manifest(app, ONE)
    believable = announced if announced.startswith("sha256:0") else None
    assert (got.digest, got.announced) == (digest_of(RAW), believable)
    assert client.head_manifest(app, ONE).digest == believable


def test_a_manifest_by_sha512(stub: Stub, app: Repository, client: RegistryClient) -> None:
    digest = Digest("sha512:" + hashlib.sha512(RAW).hexdigest())
    stub.on(f"/v2/team/app/manifests/{digest}", GOOD)
    assert client.get_manifest(app, digest).digest == digest


def test_a_blob_with_another_digest_or_size(stub: Stub, app: Repository, client: RegistryClient) -> None:
    path = blob_path(b"right")
    stub.on(path, reply(b"wrong"))
    with pytest.raises(UntrustedAnswer, match="asked for sha256"):
        client.get_blob(app, digest_of(b"right"), 5)
    stub.on(path, reply(b"right"))
    with pytest.raises(UntrustedAnswer, match="answers with 5 bytes; the limit is 4"):
        client.get_blob(app, digest_of(b"right"), 4)
    with pytest.raises(UntrustedAnswer, match="has 5 bytes, but the manifest states 6"):
        client.get_blob(app, digest_of(b"right"), 6)


@pytest.mark.parametrize("size", [-1, 2**40])
def test_an_invalid_size_is_not_requested(stub: Stub, app: Repository, client: RegistryClient, size: int) -> None:
    with pytest.raises(UntrustedAnswer, match="the limit is"):
        client.get_blob(app, digest_of(b""), size)
    assert not stub.seen


@pytest.mark.parametrize(
    ("last_modified", "expected"),
    [
        ("Tue, 12 Dec 2017 01:41:34 GMT", "2017-12-12T01:41:34Z"),
        ("Tue, 99 Dec 2017 01:41:34 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_size_and_age_of_a_blob_wherever_it_is_kept(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient, last_modified: str, expected: str | None
) -> None:
    stub.on(blob_path(b"layer"), reply(b"", 307, location=f"{elsewhere.url}/layer"))
    elsewhere.on("/layer", reply(b"layer", last_modified=last_modified))
    head = client.head_blob(app, digest_of(b"layer"))
    assert (head.size, head.last_modified) == (5, expected)
    assert [seen.method for seen in (*stub.seen, *elsewhere.seen)] == ["HEAD", "HEAD"]


def endless(file: Any) -> None:
    """One megabyte after the other, for as long as somebody reads."""
    while True:
        file.write(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")


CHUNKED = (("Transfer-Encoding", "chunked"), ("Content-Type", OCI_MANIFEST))


@pytest.mark.parametrize("status", [200, 404, 302])
def test_an_endless_body_is_not_read_to_its_end(
    stub: Stub, app: Repository, make_client: MakesClients, status: int
) -> None:
    client = make_client(ceilings=Ceilings(manifest=2**20, error=2**12))
    stub.on(MANIFEST, Reply(status=status, headers=CHUNKED, write=endless))
    with pytest.raises(RegistryError) as refused:
        client.get_manifest(app, ONE)
    kinds = {200: "more than 1048576 bytes", 404: "not in the registry", 302: "without a target"}
    assert kinds[status] in str(refused.value)


def test_a_body_that_says_it_is_too_large_is_not_read(stub: Stub, app: Repository, client: RegistryClient) -> None:
    read = threading.Event()

    def write(file: Any) -> None:
        read.set()

    stub.on(MANIFEST, Reply(headers=(("Content-Length", str(10**12)),), write=write))
    with pytest.raises(UntrustedAnswer, match="answers with 1000000000000 bytes"):
        client.get_manifest(app, ONE)


def test_a_body_that_was_cut_off_is_fetched_again(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock
) -> None:
    length = (("Content-Length", str(len(RAW))), ("Content-Type", OCI_MANIFEST))
    stub.on(MANIFEST, Reply(headers=length, write=lambda file: file.write(RAW[:100])), GOOD)
    assert client.get_manifest(app, ONE).raw == RAW
    assert len(stub.seen) == 2
    assert clock.slept == [1.0]


def test_a_chunked_body_that_was_cut_off(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, Reply(headers=CHUNKED, write=lambda file: file.write(b"ffff\r\nhalf")), GOOD)
    assert client.get_manifest(app, ONE).raw == RAW


def test_a_body_that_is_always_cut_off(stub: Stub, app: Repository, client: RegistryClient) -> None:
    length = (("Content-Length", str(len(RAW))),)
    stub.on(MANIFEST, Reply(headers=length, write=lambda file: file.write(RAW[:100])))
    with pytest.raises(Unreachable, match="the connection broke off"):
        client.get_manifest(app, ONE)
    assert len(stub.seen) == 5


def test_a_slow_body_is_ended_by_the_deadline(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    stop = threading.Event()
    client = make_client(timeouts=Timeouts(whole=0.1))
    stub.on(MANIFEST, Reply(headers=(("Content-Length", "300"),), write=trickle(stop)), GOOD)
    assert client.get_manifest(app, ONE).raw == RAW
    stop.set()
    assert len(stub.seen) == 2


def test_a_request_without_an_answer(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    stop = threading.Event()
    client = make_client(timeouts=Timeouts(read=0.05))

    def wait(_: object) -> Reply:
        stop.wait(30)
        return GOOD

    stub.on(MANIFEST, wait)
    with pytest.raises(Unreachable, match=f"{stub.address}: no answer within 0.05 s"):
        client.get_manifest(app, ONE)
    stop.set()


def test_an_encoding_that_was_not_asked_for(stub: Stub, app: Repository, client: RegistryClient) -> None:
    bomb = gzip.compress(b"0" * 10**7)
    stub.on(MANIFEST, reply(bomb, content_type=OCI_MANIFEST, content_encoding="gzip"))
    with pytest.raises(UntrustedAnswer, match="an encoding that was not requested"):
        client.get_manifest(app, ONE)
    assert stub.seen[0].headers["accept-encoding"] == "identity"


def test_a_closed_port(client: RegistryClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable, match="refuses the connection"):
            client.head_manifest(parse_repository(f"127.0.0.1:{port}/app"), ONE)


def test_a_name_that_does_not_exist(client: RegistryClient) -> None:
    # The top-level domain is reserved for names that never resolve (RFC 6761).
    with pytest.raises(Unreachable, match=r"registry\.invalid: its name cannot be resolved"):
        client.head_manifest(parse_repository("registry.invalid/app"), ONE)


def test_an_answer_that_is_not_http(app: Repository, client: RegistryClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(5):
                with server.accept()[0] as connection:
                    connection.recv(4096)
                    connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        repository = parse_repository(f"127.0.0.1:{server.getsockname()[1]}/app")
        with pytest.raises(Unreachable, match="the connection broke off"):
            client.head_manifest(repository, ONE)
        thread.join()


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"<html><body>Log in</body></html>", "text/html", r"a page of HTML \(text/html\)"),
        (b"", OCI_MANIFEST, "a text that is not JSON"),
        (b"\xff\xfe", OCI_MANIFEST, "a text that is not JSON"),
        (b"[]", OCI_MANIFEST, "not a manifest: Expected `object`, got `array`"),
        (b'{"manifests": 3}', OCI_INDEX, r"Expected `array \| null`, got `int` - at `\$.manifests`"),
        (b"{}", "application/json", "not a manifest: unknown form"),
        (b'{"manifests":' * 5000, OCI_INDEX, "not a manifest"),
        (index([raw_image()]).raw, OCI_MANIFEST, "names the type application/vnd.oci.image.manifest"),
        (b'{"manifests": [], "layers": []}', OCI_INDEX, "an index and a manifest at the same time"),
        (b'{"layers": [], "manifests": []}', OCI_MANIFEST, "an index and a manifest at the same time"),
    ],
)  # fmt: skip
def test_bodies_that_are_not_manifests(
    stub: Stub, app: Repository, client: RegistryClient, body: bytes, content_type: str, why: str
) -> None:
    stub.on(MANIFEST, reply(body, content_type=content_type))
    with pytest.raises(UntrustedAnswer, match=why) as refused:
        client.get_manifest(app, ONE)
    assert str(refused.value).startswith(f"{app.name}:1.0: ")


def test_a_head_without_a_digest(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, reply(b"", content_type="text/html; charset=utf-8", content_length="9" * 30))
    head = client.head_manifest(app, ONE)
    assert (head.digest, head.media_type, head.size) == (None, "text/html", None)


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (reply({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404), "MANIFEST_UNKNOWN", ""),
        (reply({"errors": [{"code": "NAME_UNKNOWN", "message": None, "detail": {}}]}, 404), "NAME_UNKNOWN", ""),
        (reply({"message": "httperror 404: object not found"}, 404), "", "httperror 404: object not found"),
        (reply({"errors": [{"code": 7}]}, 404), "", ""),
        (reply({"errors": []}, 404), "", ""),
        (reply(["odd"], 404), "", ""),
        (reply("404 page not found\n", 404, content_type="text/plain"), "", "404 page not found"),
        (reply("<html>404</html>", 404, content_type="text/html"), "", ""),
        (reply("\x1b[31m\x00red\u202e", 404, content_type="text/plain"), "", "[31m red"),
    ],
)
def test_errors_in_every_form(
    stub: Stub, app: Repository, client: RegistryClient, answer: Reply, code: str, words: str
) -> None:
    stub.on(MANIFEST, answer)
    with pytest.raises(NotFoundInRegistry) as missing:
        client.get_manifest(app, ONE)
    assert missing.value.code == code
    assert words in str(missing.value)
    assert str(missing.value).isprintable()


def test_other_refusals(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, reply({"errors": [{"code": "UNSUPPORTED", "message": "not here"}]}, 405))
    with pytest.raises(RegistryError, match=r"status 405 \(UNSUPPORTED: not here\)"):
        client.get_manifest(app, ONE)


def test_no_cookies_and_no_passwords_from_netrc(
    stub: Stub, app: Repository, client: RegistryClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password from-netrc\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    stub.on(MANIFEST, reply(RAW, content_type=OCI_MANIFEST, set_cookie="session=1; Path=/"))
    client.get_manifest(app, ONE)
    client.get_manifest(app, ONE)
    assert not [seen for seen in stub.seen if {"cookie", "authorization"} & seen.headers.keys()]
    assert stub.seen[0].headers["user-agent"].startswith("repo-info/")


def test_connections_are_kept(app: Repository, client: RegistryClient) -> None:
    """Found, missing and unauthorised: the next request goes over the same connection."""
    ports: set[int] = set()
    with running_stub() as stub:
        repository = parse_repository(f"{stub.address}/team/app")
        accepted: list[int] = []
        stub.on(MANIFEST, GOOD, reply({"errors": []}, 404), GOOD)
        for _ in range(4):
            try:
                client.get_manifest(repository, ONE)
            except NotFoundInRegistry:
                accepted.append(404)
        ports |= {seen.port for seen in stub.seen}
        assert accepted == [404]
    assert len(ports) == 1
