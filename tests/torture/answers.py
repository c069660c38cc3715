"""Hostile answers of a registry from a grammar: status lines, headers, chunks, redirects, bodies, tokens, trickles."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.support.stub import Reply, Seen
from tests.torture.attacks import HOST, Attacks

BOMB = 64 * 2**20
"""Bytes of an endless body, or of a decompressed one: more than any limit."""

Piece = bytes | float
"""Bytes to send, or seconds to wait before the next."""


class Point(NamedTuple):
    """The request that gets the hostile answer."""

    method: str
    part: str
    """A part of the request's path."""


POINTS = (
    Point("HEAD", "/manifests/1"), Point("GET", "/manifests/1"), Point("GET", "/manifests/sha256:"), Point("GET",
    "/blobs/"),
    Point("GET", "/tags/list"), Point("GET", "/token"),
)  # fmt: skip
_TARGETS = (
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[", "http://u:p@127.0.0.1/",
    "//127.0.0.1:1/", "file:///etc/passwd",
    "ftp://127.0.0.1/", "javascript:alert(1)", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://0/", "", " ",
    "/", "/v2/x" * 1000,
    "http://a b/", "http://\x00/", f"http://{HOST}/", f"https://{HOST}/", "http://localhost.:1/", "data:text/html,x",
    "?", "#", "\\\\host\\x",
)  # fmt: skip
_NUMBERS = (
    "-1",
    "0",
    "1",
    "99999999999999999999",
    "NaN",
    "1e9",
    "0x10",
    "",
    " 5 ",
    "5, 5",
    "5,6",
    "\u0661",
    "5\x00",
    "+5",
)
_BODIES: tuple[bytes, ...] = (
    b"", b"{", b"[]", b"null", b"true", b"0", b'""', b"{}", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b'{"tags":["\\ud800"]}', b'{"tags":[1,null,{}]}', b'{"tags":"1"}', b'{"schemaVersion":2}',
    b'{"schemaVersion":1e999}',
    b'{"schemaVersion":2,"manifests":[{}]}', b'{"schemaVersion":2,"config":{"digest":"sha256:../../etc"},"layers":[]}',
    b'{"token":null}', b'{"token":1}', b'{"token":"a\\r\\nX-Evil: 1"}', b'{"token":"x","expires_in":"never"}',
    b'{"token":"x","expires_in":-1e99}',
    b'{"access_token":[]}', b"<html><script>alert(1)</script>", b"\x00" * 1000,
    b'{"errors":[{"code":"X","message":"\\u001b[2J"}]}',
    b'{"errors":"x"}', b'{"errors":[null,1,{"code":5}]}', b"9" * 10_000, b'{"a":1,"a":2}', b"{}garbage",
)  # fmt: skip


class Answers:
    """Hostile answers, each as pieces to send, made from the answer of a good registry."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._attacks = Attacks(seed)

    def pick(self) -> tuple[str, Callable[[Seen, Reply, str], Iterator[Piece]]]:
        """The class of an answer, and a function that makes it: request, good answer, server address → pieces."""
        return self._chance.choice(
            [
                ("status", self._status), ("headers", self._headers), ("chunks", self._chunks), ("redirects",
                self._redirects),
                ("bodies", self._bodies), ("bombs", self._bombs), ("trickles", self._trickles), ("challenges",
                self._challenges),
                ("what was sent, repeated", self._repeated),
            ]
        )  # fmt: skip

    def _status(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        line = self._chance.choice(
            [
                "HTTP/1.1 999 X", "HTTP/1.1 0 X", "HTTP/1.1 -5", "HTTP/9.9 200 OK", "HTTP/1.1", "", "garbage",
                "\x00\x01", "HTTP/1.1 2000 OK",
                "ICY 200 OK", "HTTP/1.1 200 " + "x" * 100_000, "HTTP/1.1 204 None", "HTTP/1.1 206 Part",
                "HTTP/1.1 304 Same",
                "HTTP/1.1 200 \x1b[2J", "HTTP/1.1 101 Switching", "HTTP/1.1 418 Teapot", "HTTP/1.1 500 X",
                "HTTP/1.1 503 X", "HTTP/1.1 403 X",
                "HTTP/1.1 404 X", "HTTP/1.1 400 X", "HTTP/1.1 429 X", "HTTP/1.1 451 X", "HTTP/1.1 407 Proxy",
            ]
        )  # fmt: skip
        if self._chance.random() < 0.1:
            yield b"HTTP/1.1 100 Continue\r\n\r\n" * 5000
        yield f"{line}\r\nRetry-After: {self._chance.choice([*_NUMBERS, 'Fri, 31 Dec 9999 23:59:59 GMT'])}\r\n".encode()
        yield from (_length(good), b"\r\n", _body(seen, good))

    def _headers(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        name = self._chance.choice(
            [
                "Content-Length", "Content-Type", "Docker-Content-Digest", "Link", "Content-Encoding",
                "RateLimit-Remaining", "Retry-After",
                "Transfer-Encoding", "Warning", "Location", "Set-Cookie", "Date", "Last-Modified", "WWW-Authenticate",
                "X", "", ":",
            ]
        )  # fmt: skip
        value = self._chance.choice(
            [
                *_NUMBERS, "x" * 200_000, "a\r\n b", "\xff\xfe", "\x00", "gzip", "br, gzip", "chunked", "sha256:",
                "sha256:" + "z" * 64,
                "sha256:" + "0" * 64, f'<{self._chance.choice(_TARGETS)}>; rel="next"', "<>; rel=next", '<' * 5000,
                '"' * 5000,
                self._attacks.word(), "text/html; charset=" + "x" * 1000, "application/vnd.oci.image.index.v1+json\x00",
            ]
        )  # fmt: skip
        times = self._chance.choice([1, 1, 1, 2, 500])
        yield b"HTTP/1.1 200 OK\r\n"
        yield f"{name}: {value}\r\n".encode("utf-8", "surrogatepass") * times
        yield from (_good_headers(good), b"\r\n", _body(seen, good))

    def _chunks(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + _good_headers(good, length=False) + b"\r\n"
        yield self._chance.choice(
            [
                b"fffffffffffffffff\r\n", b"-5\r\nhello", b"\r\n", b"zz\r\n", b"5\r\nhel",
                b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
                b"0\r\n" + b"X: y\r\n" * 20_000, b"5\nhello\n0\n\n", b"1\r\n{\r\n" * 3, b"0x5\r\nhello\r\n0\r\n\r\n",
                b"5\r\nhelloXX0\r\n\r\n", b"",
                b"00000000000000000005\r\nhello\r\n0\r\n\r\n", b"1\r\n{\r\n" * 20_000,
            ]
        )  # fmt: skip

    def _redirects(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        target = self._chance.choice(
            [*_TARGETS, seen.target, f"http://{address}{seen.target}?again", f"http://me:x@{address}/"]
        )
        status = self._chance.choice([301, 302, 303, 307, 308, 300, 305])
        yield f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode(
            "utf-8", "surrogatepass"
        )

    def _bodies(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        body = self._chance.choice(
            [*_BODIES, good.body[: len(good.body) // 2], good.body + b" ", self._mutated(good.body)]
        )
        status = self._chance.choice([200, 200, 200, 401, 403, 404, 429, 500])
        yield (
            f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n".encode()
            + _good_headers(good, length=False)
            + b"\r\n"
        )
        yield b"" if seen.method == "HEAD" else body

    def _mutated(self, body: bytes) -> bytes:
        changed = bytearray(body or b"{}")
        for _ in range(self._chance.randint(1, 8)):
            changed[self._chance.randrange(len(changed))] = self._chance.randrange(256)
        return bytes(changed)

    def _bombs(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        if self._chance.random() < 0.4:
            body = gzip.compress(b"\0" * BOMB, 1)
            yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + f"Content-Length: {len(body)}\r\n".encode()
            yield from (_good_headers(good, length=False), b"\r\n", body)
            return
        yield b"HTTP/1.1 200 OK\r\n" + _good_headers(good, length=False) + b"\r\n"
        start, block = self._chance.choice([(b'{"tags":["', b"x"), (b"[", b"[],"), (b"", b" "), (b'{"token":"', b"y")])
        yield start
        for _ in range(BOMB // 2**20):
            yield block * (2**20 // len(block))

    def _trickles(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        whole = b"HTTP/1.1 200 OK\r\n" + _good_headers(good) + b"\r\n" + _body(seen, good)
        endless = b"X: " + b"y" * 100_000
        place = self._chance.choice(["silence", "status", "headers", "body", "chunks"])
        if place == "silence":
            yield 60.0
        sent = {"status": whole, "headers": whole[:17] + endless, "body": whole, "chunks": _CHUNKED + b"0" * 100_000}
        quick = {"status": 0, "headers": 17, "body": whole.index(b"\r\n\r\n") + 4, "chunks": len(_CHUNKED)}
        if place in sent:
            yield sent[place][: quick[place]]
            for byte in sent[place][quick[place] :]:
                yield 0.2
                yield bytes([byte])

    def _challenges(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        realm = self._chance.choice([*_TARGETS, f"http://{address}/token", f"http://{address}/nowhere", "x" * 100_000])
        header = self._chance.choice(
            [
                f'Bearer realm="{realm}",service="s"', f"Bearer realm={realm}", "Bearer", "Basic", "Bearer " * 2000,
                'Bearer realm="',
                f'Negotiate, Bearer realm="{realm}",scope="{self._attacks.word()}"', "Digest x=y", ",,,", '"' * 999,
                "\\" * 999,
            ]
        )  # fmt: skip
        yield (
            b"HTTP/1.1 401 Who\r\nContent-Length: 0\r\nWWW-Authenticate: "
            + header.encode("utf-8", "surrogatepass")
            + b"\r\n\r\n"
        )

    def _repeated(self, seen: Seen, good: Reply, address: str) -> Iterator[Piece]:
        """Everything that the client sent, in an error, a header, a redirect or a challenge."""
        sent = " ".join(f"{name}={value}" for name, value in seen.headers.items())
        status = self._chance.choice([400, 401, 403, 404, 429, 500, 302, 200])
        body = json.dumps({"errors": [{"code": sent[:80], "message": sent}]}).encode()
        place = self._chance.choice(
            [f"Location: http://{HOST}/{sent}", f'Warning: 299 - "{sent}"', f'WWW-Authenticate: Bearer realm="{sent}"']
        )
        yield f"HTTP/1.1 {status} {sent[:200]}\r\n{place}\r\nContent-Type: application/json\r\n".encode()
        yield f"Content-Length: {len(body)}\r\n\r\n".encode()
        yield b"" if seen.method == "HEAD" else body


_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def _good_headers(good: Reply, *, length: bool = True) -> bytes:
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in good.headers)
    return lines + (_length(good) if length else b"")


def _length(good: Reply) -> bytes:
    return f"Content-Length: {len(good.body)}\r\n".encode()


def _body(seen: Seen, good: Reply) -> bytes:
    return b"" if seen.method == "HEAD" else good.body


def send(pieces: Iterator[Piece], write: Callable[[bytes], object], seconds: float) -> None:
    """Send the pieces, for so many seconds at most."""
    end = time.monotonic() + seconds
    for piece in pieces:
        if isinstance(piece, float):
            time.sleep(min(piece, max(0, end - time.monotonic())))
        else:
            write(piece)
        if time.monotonic() > end:
            return
