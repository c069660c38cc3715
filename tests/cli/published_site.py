"""A site on loopback, as a host of static files serves it: with ETags, and 304 for what did not change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import unquote

from tests.support.stub import Reply, Seen, Stub, reply


class ServedSite:
    """The files of a folder. `changed`: other contents for some of them."""

    def __init__(self, stub: Stub, folder: Path) -> None:
        self.url = f"{stub.url}/images/"
        self.changed: dict[str, bytes] = {}
        self.stub = stub
        self.folder = folder
        stub.answer = self._answer  # type: ignore[method-assign]  # for every path

    def read(self, path: str) -> bytes:
        """A file, as it is on the disk."""
        return (self.folder / path).read_bytes()

    @property
    def asked(self) -> list[str]:
        """The paths of all requests so far."""
        return [seen.path.removeprefix("/images/") for seen in self.stub.seen]

    def _answer(self, seen: Seen) -> Reply:
        self.stub.seen.append(seen)
        path = unquote(seen.path.removeprefix("/images/"))
        if path not in self.changed and not (self.folder / path).is_file():
            return reply("not found", 404)
        body = self.changed.get(path, None) or self.read(path)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if seen.headers.get("if-none-match") == etag:
            return reply(status=304, ETag=etag)
        return reply(body, ETag=etag, content_type="application/json")
