"""Fetches the files of a published site: bounded in number and size, and kept with their ETags (RFC 9110, 8.8.3)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import quote

import msgspec

from collector.errors import InvalidValue, Overloaded, RegistryError, UntrustedAnswer
from collector.model.compression import decompress
from collector.model.json_text import NOT_DECODABLE
from collector.registry.error_answers import complaint_of
from collector.registry.settings import Backoff, HostSettings, Settings, Timeouts
from collector.registry.transport.clock import Clock
from collector.registry.transport.hosts import origin_of
from collector.registry.transport.http import Answer, Http, Request
from collector.registry.transport.network_errors import TryAgain
from collector.registry.transport.proxies import Proxies
from collector.registry.transport.redirects import follow
from collector.registry.transport.retry_after import seconds_to_wait
from collector.registry.transport.throttle import Throttle

MAX_FILE = 16 * 2**20
"""Bytes of one file, as it is sent and when it is decompressed."""
MAX_REQUESTS = 5_000
MAX_BYTES = 256 * 2**20
"""The sum over all requests of one run, when decompressed."""
_MAX_KEPT = 64 * 2**20
"""Bytes of all files that are kept; the oldest make room."""
_SUFFIX = ".kept"
_SETTINGS = Settings(timeouts=Timeouts(read=15.0, whole=60.0), backoff=Backoff(tries=3))
"""A person waits for the answer, so a silent site is given up within a minute."""
_BUSY = frozenset({429, 500, 502, 503, 504})


class KeptFile(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A file of a site as it was sent."""

    url: str
    etag: str
    body: bytes


class PublishedFiles:
    """The files below one address. Connections close when the process ends."""

    def __init__(
        self, address: str, *, environment: Mapping[str, str], kept: Path | None, clock: Clock | None = None
    ) -> None:
        """`kept`: a folder for files with an ETag, which later runs ask for only if they changed; None to keep none.

        Raises:
            UntrustedAnswer: the address is invalid.
            UsageError: a proxy or an authority in the environment is invalid.
        """
        if "?" in address or "#" in address:
            raise UntrustedAnswer("an address with a query or a fragment")
        self.address = address if address.endswith("/") else f"{address}/"
        self.origin = origin_of(self.address)
        self._host = HostSettings(insecure=self.origin.scheme == "http", concurrency=1)
        self._http = Http(_SETTINGS, Proxies(environment))
        self._clock = clock or Clock()
        self._throttle = Throttle(1, _SETTINGS.backoff, self._clock)
        self._kept = kept
        self._requests = 0
        self._bytes = 0

    def get(self, path: str, *, ceiling: int | None = None) -> bytes | None:
        """The content of a file, decompressed if it is compressed; None if the site does not have it.

        Args:
            path: from the address.
            ceiling: the most bytes; None for `MAX_FILE`.

        Raises:
            RegistryError: the site does not answer, refuses the request, or answers with too much or a damaged file.
        """
        most = ceiling or MAX_FILE
        sent = self._fetch(path, most)
        try:
            content = None if sent is None else decompress(sent, most)
        except InvalidValue as error:
            raise UntrustedAnswer(f"{self.address}{path}: {error}", hint="tell the publisher of the site") from None
        self._bytes += len(content or b"")
        return content

    def _fetch(self, path: str, ceiling: int) -> bytes | None:
        """A file as it is sent."""
        if self._requests == MAX_REQUESTS or self._bytes > MAX_BYTES:
            limit = f"{MAX_REQUESTS} files or {MAX_BYTES // 2**20} MiB"
            hint = "ask for one image, tag or digest, or use the archive itself"
            raise UntrustedAnswer(f"{self.origin}: the answer takes more than {limit}", hint=hint)
        self._requests += 1
        url = self.address + quote(path, safe="/~+")
        known = self._read(url)
        answer = self._throttle.run(lambda: self._ask(url, known, ceiling))
        if answer.status == 304 and known:
            return known.body
        if answer.status == 404:
            return None
        if answer.status != 200:
            hint = "check the address: it is that of the site's home page"
            raise RegistryError(f"{url}: answered with status {answer.status}{complaint_of(answer)}", hint=hint)
        if etag := answer.header("ETag"):
            self._keep(KeptFile(url=url, etag=etag, body=answer.body))
        return answer.body

    def _ask(self, url: str, known: KeptFile | None, ceiling: int) -> Answer:
        headers = {"If-None-Match": known.etag} if known else {}
        request = Request(method="GET", url=url, headers=headers, ceiling=ceiling, takes_gzip=True)
        answer = follow(self._http, request, self._host, home=self.origin)
        if answer.status != 200:
            self._bytes += len(answer.body)
        if answer.status in _BUSY:
            error = Overloaded(f"{self.origin}: fails temporarily, with status {answer.status}", hint="try again later")
            raise TryAgain(error, wait=seconds_to_wait(answer, self._clock.now))
        return answer

    def _path(self, url: str) -> Path | None:
        return self._kept / f"{hashlib.sha256(url.encode()).hexdigest()}{_SUFFIX}" if self._kept else None

    def _read(self, url: str) -> KeptFile | None:
        """The kept copy of a file; None if it is missing or damaged."""
        path = self._path(url)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                kept = msgspec.msgpack.decode(file.read(_MAX_KEPT), type=KeptFile)
        except (OSError, *NOT_DECODABLE):
            return None
        return kept if kept.url == url else None

    def _keep(self, file: KeptFile) -> None:
        """Keep a file. If that fails, the next run fetches it again."""
        path = self._path(file.url)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(path, msgspec.msgpack.encode(file))
            _make_room(path.parent)
        except OSError:
            return


def _replace(path: Path, content: bytes) -> None:
    """Write a file at once. Each process has a draft of its own; a kill leaves it, until `_make_room` deletes it."""
    descriptor, draft = mkstemp(dir=path.parent, prefix=f"{path.stem}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _make_room(folder: Path) -> None:
    """Delete the oldest files beyond the limit, drafts included."""
    files = sorted(
        ((path.stat(), path) for path in folder.iterdir()), key=lambda found: found[0].st_mtime, reverse=True
    )
    total = 0
    for status, path in files:
        total += status.st_size
        if total > _MAX_KEPT:
            path.unlink(missing_ok=True)
