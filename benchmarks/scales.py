"""Serves a site as a static host does, with every file compressed, and records everything sent."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from benchmarks.sizes import compress
from collector.site.serve import SiteHandler, SiteServer


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One body that was sent."""

    path: str
    """Of the request, with its slash and without its query."""
    bytes: int
    gzipped: int
    """Bytes, as they went over the line."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """The bodies of some answers; their heads are not counted."""

    requests: int
    bytes: int
    gzipped: int


def sum_up(answers: Iterable[Answer]) -> Load:
    """The sum of some answers."""
    known = list(answers)
    return Load(
        requests=len(known),
        bytes=sum(answer.bytes for answer in known),
        gzipped=sum(answer.gzipped for answer in known),
    )


class Scales(SiteServer):
    """Records every answer, errors included."""

    def __init__(self, site: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(site)))
        self.answers: list[Answer] = []
        self._under_way = 0
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Of the home page, with the slash at its end."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def is_busy(self) -> bool:
        """Whether an answer is in progress."""
        return self._under_way > 0

    @contextmanager
    def weigh(self, path: str, content: bytes) -> Iterator[bytes]:
        """The content as it is to be sent, compressed, within the block."""
        with self._lock:
            self._under_way += 1
        try:
            sent = compress(content)
            self.answers.append(Answer(path=path, bytes=len(content), gzipped=len(sent)))
            yield sent
        finally:
            with self._lock:
                self._under_way -= 1


class _Handler(SiteHandler):
    server: Scales

    def do_GET(self) -> None:  # noqa: N802  # the parent's name
        """Send the file, or the site's 404 page."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status = HTTPStatus.OK if path.is_file() else HTTPStatus.NOT_FOUND
        file = path if status == HTTPStatus.OK else Path(self.directory, "404.html")
        with self.server.weigh(urlsplit(self.path).path, file.read_bytes() if file.is_file() else b"") as body:
            self.send_response(status)
            self.send_header("Content-Type", self.guess_type(file))
            if file.suffix != ".gz":
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            # As GitHub Pages says it: the second page of a visit finds its style sheet in the cache.
            self.send_header("Cache-Control", "max-age=600")
            self.end_headers()
            self.wfile.write(body)


@contextmanager
def weighed(site: Path) -> Iterator[Scales]:
    """Serves a site, and counts what is sent."""
    with Scales(site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
