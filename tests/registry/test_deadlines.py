"""No host can block a run: every request ends, whatever arrives and however slowly."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.errors import Unreachable, UntrustedAnswer
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import Backoff, HostSettings, Timeouts
from tests.registry.conftest import MakesClients
from tests.support.certificates import Authority
from tests.support.clocks import CountingClock
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Seen, Stub, reply, running_stub, trickle

ONE = Tag("1.0")
MANIFEST, TAGS = "/v2/team/app/manifests/1.0", "/v2/team/app/tags/list"
GOOD = reply(raw_image().manifest.raw, content_type=OCI_MANIFEST)
WHOLE = 0.15

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
TRICKLES = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (HEAD + b"X-Slow: ", b"x"),
    "many headers": (HEAD, b"X: y\r\n"),
    "no head at all": (b"", b"H"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "length of a chunk": (CHUNKED, b"0"),
    "extension of a chunk": (CHUNKED + b"1;", b"x"),
    "small chunks": (CHUNKED, b"1\r\nx\r\n"),
    "trailer": (CHUNKED + b"0\r\nX-Slow: ", b"x"),
    "body": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "body without a length": (HEAD + b"Connection: close\r\n\r\n", b" "),
}


@contextmanager
def trickling(begin: bytes, piece: bytes, *, times: int = 10**9) -> Iterator[str]:
    """A server that answers every connection with a beginning, and then one piece every few milliseconds."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(begin)
                    for _ in range(times):
                        if stop.wait(0.005):
                            return
                        connection.sendall(piece)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            stop.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


@pytest.mark.parametrize("place", TRICKLES)
def test_a_slow_answer_is_ended_by_the_deadline(make_client: MakesClients, place: str) -> None:
    client = make_client(timeouts=Timeouts(whole=WHOLE), backoff=Backoff(tries=1))
    started = time.monotonic()
    with trickling(*TRICKLES[place]) as address, pytest.raises(Unreachable, match=f"no whole answer within {WHOLE} s"):
        client.get_manifest(parse_repository(f"{address}/team/app"), ONE)
    assert time.monotonic() - started < 10 * WHOLE + 1


def test_a_slow_proxy_is_ended_by_the_deadline(make_client: MakesClients) -> None:
    with trickling(b"HTTP/1.1 200 ", b"O") as address:
        environment = {"HTTPS_PROXY": f"http://{address}"}
        client = make_client(environment=environment, timeouts=Timeouts(whole=WHOLE), backoff=Backoff(tries=1))
        with pytest.raises(Unreachable):
            client.get_manifest(parse_repository("registry.example/team/app"), ONE)


def test_a_slow_answer_over_tls_is_ended_by_the_deadline(tmp_path: Path, make_client: MakesClients) -> None:
    certificate = Authority().write(tmp_path)
    stop = threading.Event()
    with running_stub(certificate) as secure:
        app = parse_repository(f"{secure.address}/team/app")
        hosts = {app.registry: HostSettings(ca_file=certificate[2])}
        client = make_client(hosts=hosts, timeouts=Timeouts(whole=WHOLE), backoff=Backoff(tries=1))
        secure.on(MANIFEST, Reply(headers=(("Content-Length", "100000"),), write=trickle(stop)))
        with pytest.raises(Unreachable, match="no whole answer"):
            client.get_manifest(app, ONE)
        stop.set()


def test_a_connection_that_was_slow_is_used_again(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    client = make_client(timeouts=Timeouts(whole=0.9), backoff=Backoff(tries=1))

    def late(_: Seen) -> object:
        time.sleep(0.25)  # four times this is more than one request may take
        return GOOD

    stub.on(MANIFEST, late)  # type: ignore[arg-type]
    for _ in range(4):
        client.get_manifest(app, ONE)
    assert len({seen.port for seen in stub.seen}) == 1


def test_redirects_do_not_extend_the_deadline(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    whole = 4 * WHOLE  # so that a busy machine does not make one of the answers itself too late
    client = make_client(timeouts=Timeouts(whole=whole), backoff=Backoff(tries=1))

    def late(seen: Seen) -> object:
        time.sleep(whole * 0.6)
        return reply(b"", 307, location=f"{seen.target}x")

    for number in range(12):
        stub.on(MANIFEST + "x" * number, late)  # type: ignore[arg-type]
    with pytest.raises(Unreachable, match="only redirects"):
        client.get_manifest(app, ONE)
    assert len(stub.seen) == 2


def test_a_list_whose_pages_bring_nothing_new(stub: Stub, app: Repository, client: RegistryClient) -> None:
    numbers = itertools.count()
    stub.on(TAGS, lambda _: reply({"tags": ["a"]}, link=f"<?n={next(numbers)}>; rel=next"))
    with pytest.raises(UntrustedAnswer, match="the list of tags does not end"):
        list(client.iter_tags(app))
    assert len(stub.seen) < 200


def test_a_list_that_takes_too_long(stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock) -> None:
    numbers = itertools.count()

    def page(_: Seen) -> object:
        clock.passed += 100
        return reply({"tags": [f"a{next(numbers)}"]}, link=f"<?n={next(numbers)}>; rel=next")

    stub.on(TAGS, page)  # type: ignore[arg-type]
    with pytest.raises(UntrustedAnswer, match="the list took more than 1800 s"):
        list(client.iter_tags(app))
    assert len(stub.seen) == 19
