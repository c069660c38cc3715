"""Collections from registries that give hostile answers, through real sockets, in processes of their own."""

from __future__ import annotations

import base64
import json
import logging
import multiprocessing
import resource
import socketserver
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import parse_headers
from io import BufferedIOBase
from pathlib import Path
from urllib.parse import quote

import msgspec

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.collect.run import collect
from collector.collect.run_context import CollectOptions
from collector.collect.selection import from_arguments
from collector.errors import RepoInfoError
from collector.model.invisible import INVISIBLE
from collector.model.times import Time
from collector.registry.client import RegistryClient
from collector.registry.settings import Backoff, Settings, Timeouts
from tests.collect.image_store import Shelf
from tests.support.registry import attestation_of, raw_image
from tests.support.stub import Reply, Seen, Stub
from tests.torture.answers import POINTS, Answers, Piece, Point, send
from tests.torture.report import Check

WHOLE = 2.0
"""Seconds that one answer may take."""
DEADLINE = 30.0
"""Seconds after which a collection of one image counts as hanging: each request is tried twice."""
PASSWORD = "Geheim+/wörd 7"
_SETTINGS = Settings(
    timeouts=Timeouts(connect=1, read=1, whole=WHOLE),
    backoff=Backoff(tries=2, first=0.01, longest=0.1, cooldown=0.1),
)
_FORMS = (
    PASSWORD, quote(PASSWORD, safe=""), base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
)  # fmt: skip


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One collection, and how long it took."""

    check: Check
    seconds: float
    memory: int
    """The peak memory of the collecting process so far, in MiB."""


def attempt_all(folder: Path, count: int, seed: int, threads: int = 6) -> Iterator[Attempt]:
    """Collect this number of times, each time with one hostile answer. The servers are in this process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with (
        ProcessPoolExecutor(threads, mp_context=context, initializer=logging.disable) as clients,
        ThreadPoolExecutor(threads) as pool,
    ):
        yield from pool.map(lambda number: _attempt(clients, folder / str(number), seed + number, number), range(count))


def _attempt(clients: ProcessPoolExecutor, folder: Path, seed: int, number: int) -> Attempt:
    group, make = Answers(seed).pick()
    point = POINTS[number % len(POINTS)]
    began = time.monotonic()
    with _running_server(point, make) as address:
        said, problems, memory = clients.submit(_collect, folder, address).result()
    seconds = time.monotonic() - began
    if seconds > DEADLINE:
        problems.append(f"it took {seconds:.0f} s")
    problems += [f"a secret: {form}" for form in _FORMS if form in said]
    if char := INVISIBLE.search(said):
        problems.append(f"U+{ord(char[0]):04X} in a message")
    return Attempt(
        check=Check(group=group, name=f"{point.method} {point.part}, seed {seed}", problems=tuple(problems)),
        seconds=seconds,
        memory=memory,
    )


def _collect(folder: Path, address: str) -> tuple[str, list[str], int]:
    """All messages, the problems of the archive or of the run's end, and the memory."""
    auths = {"auths": {address: {"username": "me", "password": PASSWORD}}}
    archive = Archive(folder, create=True)
    said, problems = "", []
    try:
        with RegistryClient(environment={"DOCKER_AUTH_CONFIG": json.dumps(auths)}, settings=_SETTINGS) as client:
            report = collect(
                client,
                archive,
                from_arguments([f"{address}/team/app"]),
                now=lambda: Time("2026-11-20T08:00:00Z"),
                options=CollectOptions(threads=2),
            )
        said = " ".join(_iter_texts(msgspec.to_builtins(report)))
    except RepoInfoError as error:
        said = f"{error} {error.hint}"
    except Exception:  # noqa: BLE001  # whatever it is, it is counted
        problems.append(f"a traceback: {traceback.format_exc().strip()[-300:]}")
    problems += [f"damage: {found}" for found in verify(archive)]
    return said, problems, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _iter_texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for one in value.values() for text in _iter_texts(one))
        case list() | tuple():
            yield from (text for one in value for text in _iter_texts(one))


@contextmanager
def _running_server(point: Point, make: object) -> Iterator[str]:
    """A registry with two tags; requests at one point get hostile answers."""

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True
        timeout = 10

        def handle(self) -> None:
            while seen := _read_request(self.rfile, self.client_address[1]):
                good = _good(stub, seen)
                if seen.method == point.method and point.part in seen.path:
                    pieces: Iterator[Piece] = make(seen, good, address)  # type: ignore[operator]  # one of Answers' methods
                    send(pieces, self.wfile.write, DEADLINE)
                    return
                self.wfile.write(_rendered(seen, good))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            """Ignore clients that close the connection."""

    with Server(("127.0.0.1", 0), Handler) as server:
        address = f"127.0.0.1:{server.server_address[1]}"
        stub = _stocked(address, challenges=point.part == "/token")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def _stocked(address: str, *, challenges: bool) -> Stub:
    stub = Stub(address, "http")
    shelf = Shelf(stub)
    for tag in ("1", "2"):
        one = raw_image(content=tag)
        shelf.put_index([one, raw_image(architecture="arm64"), attestation_of(one)], tag)
    stub.on("/token", Reply(body=b'{"token":"t0ken"}', headers=(("Content-Type", "application/json"),)))
    if challenges:
        stub.routes["challenge"] = lambda seen: Reply(
            status=401, headers=(("WWW-Authenticate", f'Bearer realm="http://{address}/token",service="s"'),)
        )
    return stub


def _good(stub: Stub, seen: Seen) -> Reply:
    if "challenge" in stub.routes and seen.path != "/token" and "authorization" not in seen.headers:
        return stub.routes["challenge"](seen)
    return stub.answer(seen)


def _read_request(file: BufferedIOBase, port: int) -> Seen | None:
    try:
        method, target, _ = file.readline(65536).decode("latin-1").split(" ", 2)
        found = parse_headers(file)
        headers = {name.lower(): value for name, value in found.items()}
    except (OSError, ValueError):
        return None
    return Seen(method=method, target=target, headers=headers, body=b"", port=port)


def _rendered(seen: Seen, good: Reply) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in good.headers)
    head = f"HTTP/1.1 {good.status} X\r\n{lines}Content-Length: {len(good.body)}\r\n\r\n".encode()
    return head if seen.method == "HEAD" else head + good.body
