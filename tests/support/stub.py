"""A server on loopback with prepared answers, including those that no well-behaved registry gives."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from tests.support.registry import encode


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One request as received."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """Name in lower case → value."""
    body: bytes
    port: int
    """The port of the client, one per connection."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. Headers may occur more than once."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    write: Callable[[Any], None] | None = None
    """Writes the body, correctly or not. The test must then set `Content-Length` itself."""


def reply(body: object = b"", status: int = 200, **headers: str) -> Reply:
    """A reply. `body`: bytes, text, or a value to send as JSON. `headers`: as in `content_type="…"`."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    if isinstance(body, bytes | str):
        return Reply(status=status, headers=named, body=body.encode() if isinstance(body, str) else body)
    kind = () if "content_type" in headers else (("Content-Type", "application/json"),)
    return Reply(status=status, headers=(*kind, *named), body=encode(body))


def trickle(stop: threading.Event) -> Callable[[Any], None]:
    """Writes one byte after another until the event is set: a `Reply.write` that does not end by itself."""

    def write(file: Any) -> None:
        while not stop.wait(0.01):
            file.write(b" ")
            file.flush()

    return write


Answering = Callable[[Seen], Reply]


class Stub:
    """Answers each path from a queue of replies or by a function, and other paths with 404. Records all requests."""

    def __init__(self, address: str, scheme: str) -> None:
        self.address = address
        self.url = f"{scheme}://{address}"
        self.seen: list[Seen] = []
        self.routes: dict[str, Answering] = {}
        self._lock = threading.Lock()

    def on(self, path: str, *replies: Reply | Answering) -> None:
        """Set the successive replies for a path; the last one is repeated."""
        left = list(replies)

        def answer(seen: Seen) -> Reply:
            with self._lock:
                following = left.pop(0) if len(left) > 1 else left[0]
            return following if isinstance(following, Reply) else following(seen)

        self.routes[path] = answer

    def answer(self, seen: Seen) -> Reply:
        with self._lock:
            self.seen.append(seen)
        route = self.routes.get(seen.path)
        return route(seen) if route else reply("404 page not found\n", 404, content_type="text/plain; charset=utf-8")

    def asked(self, method: str = "", path: str = "") -> list[str]:
        """The requests so far, as `HEAD /v2/…`; only those of one method or one path if named."""
        return [
            f"{seen.method} {seen.target}"
            for seen in self.seen
            if method in {"", seen.method} and path in {"", seen.path}
        ]


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body, port = self.rfile.read(length), self.client_address[1]
            seen = Seen(method=self.command, target=self.path, headers=headers, body=body, port=port)
            answer = stub.answer(seen)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if not answer.write and not any(name.lower() == "content-length" for name, _ in answer.headers):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                if answer.write:
                    answer.write(self.wfile)
                    self.close_connection = True
                elif self.command != "HEAD":
                    self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True

        do_GET = do_HEAD = do_PATCH = do_POST = _serve  # noqa: N815 - the base's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    def __init__(self, host: str, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a client that was killed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


@contextmanager
def running_stub(certificate: tuple[Path, Path, Path] | None = None, *, host: str = "127.0.0.1") -> Iterator[Stub]:
    """Run a stub on a free port, with TLS if a certificate is given."""
    server = _Server(host, BaseHTTPRequestHandler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate[0], certificate[1])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    name = f"[{host}]" if ":" in host else host
    stub = Stub(f"{name}:{server.server_port}", "https" if certificate else "http")
    server.RequestHandlerClass = _handler(stub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
