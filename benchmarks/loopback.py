"""`python loopback.py REPOSITORIES TAGS`: a registry of invented images on loopback, as fast as Python allows.

It prints its port, answers until its standard input ends, and counts: `GET /counts` returns the number of requests for
manifests by method. Ten tags share an image. Standard library only, so that it starts at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from typing import ClassVar

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
ALIASES = 10

_TLS = b"\x16\x03"

Answer = tuple[bytes, bytes]
"""Head and body."""


def digest_of(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def answer(raw: bytes, kind: str) -> Answer:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\n"
        f"Docker-Content-Digest: {digest_of(raw)}\r\n\r\n"
    )
    return head.encode(), raw


def images(count: int, salt: str) -> list[tuple[bytes, bytes]]:
    """Manifests and their configs."""
    made = []
    for number in range(count):
        steps = [{"created": "2024-05-01T10:00:00Z", "created_by": f"RUN step {salt} {number}"}]
        roots = {"type": "layers", "diff_ids": [digest_of(f"{number}{salt}".encode())]}
        config = json.dumps(
            {"os": "linux", "architecture": "amd64", "config": {"Cmd": ["sh"]}, "history": steps, "rootfs": roots}
        ).encode()
        layer = {"mediaType": LAYER, "size": 1000, "digest": digest_of(f"{salt}{number}".encode())}
        said = {"mediaType": CONFIG, "size": len(config), "digest": digest_of(config)}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": said, "layers": [layer]}
        made.append((json.dumps(manifest).encode(), config))
    return made


def shelves(repositories: int, tags: int) -> dict[bytes, Answer]:
    """The answers by path."""
    found: dict[bytes, Answer] = {b"/v2/": answer(b"{}", "application/json")}
    for repository in range(repositories):
        base = f"/v2/team/app{repository}"
        names = [f"t{number}" for number in range(tags)]
        listed = json.dumps({"name": base[4:], "tags": names}).encode()
        found[f"{base}/tags/list".encode()] = answer(listed, "application/json")
        for number, (manifest, config) in enumerate(images(-(-tags // ALIASES), str(repository))):
            served = answer(manifest, MANIFEST)
            for reference in (digest_of(manifest), *names[number * ALIASES : (number + 1) * ALIASES]):
                found[f"{base}/manifests/{reference}".encode()] = served
            found[f"{base}/blobs/{digest_of(config)}".encode()] = answer(config, "application/octet-stream")
    return found


class Server(asyncio.Protocol):
    counts: ClassVar = {"GET": 0, "HEAD": 0}

    def __init__(self, found: dict[bytes, Answer]) -> None:
        self._found = found
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(_TLS):
            self._transport.close()  # as a registry without TLS does; a client that began with it then tries without
            return
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for request in requests:
            method, path, _ = request.split(b" ", 2)
            if path == b"/counts":
                head, body = answer(json.dumps(self.counts).encode(), "application/json")
            else:
                if b"/manifests/" in path:
                    self.counts[method.decode()] += 1
                missing = (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"")
                head, body = self._found.get(path, missing)
            self._transport.write(head if method == b"HEAD" else head + body)


async def serve(repositories: int, tags: int) -> None:
    found = shelves(repositories, tags)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(found), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
