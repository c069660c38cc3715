"""The readers of answers from registries, token servers and Docker Hub, each given one body."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from requests.structures import CaseInsensitiveDict

from collector.model.digests import Digest
from collector.model.references import parse_repository
from collector.registry.auth.challenge import Challenge
from collector.registry.auth.credentials import ANONYMOUS
from collector.registry.auth.tokens import TokenSource
from collector.registry.client import RegistryClient
from collector.registry.error_answers import raise_for, raise_if_busy
from collector.registry.hub.descriptions import HubDescriptions
from collector.registry.hub.tags import read_page, read_tag
from collector.registry.media_types import manifest_type
from collector.registry.settings import HostSettings, Settings
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer, Http, Request
from collector.registry.transport.network_errors import TryAgain
from collector.registry.transport.proxies import Proxies
from tests.torture.readers import Reader

_URL = "https://registry.invalid"
_DIGEST = Digest("sha256:" + "0" * 64)
_ENTRY = b'{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":5,"digest":"sha256:' + b"0" * 64 + b'"}'
_HUB_TAG = (
    b'{"name":"1","last_updated":"2026-01-01T00:00:00.5Z","digest":"sha256:' + b"0" * 64 + b'","images":[{"os":"linux",'
    b'"architecture":"amd64","size":5,"status":"active","last_pushed":"2026-01-01T00:00:00Z"}]}'
)
_ERRORS = (b'{"errors":[{"code":"DENIED","message":"no","detail":{}}]}', b'{"detail":"pull rate limit"}')


class _SameAnswer(Http):
    """Gives one body to every request."""

    def __init__(self, body: bytes, content_type: str) -> None:
        super().__init__(Settings(), Proxies({}))
        self._body = body
        self._headers = CaseInsensitiveDict({"Content-Type": content_type})

    def send(self, request: Request) -> Answer:
        return Answer(status=200, headers=self._headers, body=self._body, url=request.url)


def _client(ask: Callable[[RegistryClient], object], content_type: str = "") -> Callable[[bytes], object]:
    """Read a body as the answer to a client's request."""

    def read(raw: bytes) -> object:
        with RegistryClient(environment={}) as client:
            client.http.close()
            client.http = _SameAnswer(raw, content_type)
            return ask(client)

    return read


def _read_token(raw: bytes) -> object:
    source = TokenSource(_SameAnswer(raw, ""), _URL, Settings(), HostSettings(), Clock())
    return source.fetch(Challenge(scheme="bearer", realm=f"{_URL}/token"), ["x"], ANONYMOUS)


def _read_busy(raw: bytes) -> None:
    try:
        raise_if_busy(_failed(429, raw), "x", 60, Clock())
    except TryAgain as busy:
        raise busy.error from None


def _failed(status: int, raw: bytes) -> Answer:
    return Answer(status=status, headers=CaseInsensitiveDict({"Retry-After": "1"}), body=raw, url=_URL)


def iter_answer_readers() -> Iterator[Reader]:
    """A reader for each kind of answer."""
    repository = parse_repository("registry.invalid/team/app")
    yield Reader("tokens", _read_token, (b'{"token":"x","expires_in":300,"issued_at":"2026-01-01T00:00:00Z"}',))
    yield Reader("errors", lambda raw: raise_for(_failed(404, raw), "x"), _ERRORS)
    yield Reader("errors of busy servers", _read_busy, _ERRORS)
    yield Reader("lists of tags", _client(lambda client: list(client.iter_tags(repository))), (b'{"tags":["1","b"]}',))
    yield Reader(
        "lists of referrers",
        _client(lambda client: client.list_referrers(repository, _DIGEST), "application/vnd.oci.image.index.v1+json"),
        (b'{"schemaVersion":2,"manifests":[' + _ENTRY + b"]}",),
    )
    yield Reader("types of manifests", lambda raw: manifest_type(raw, ""), (b'{"schemaVersion":2,"layers":[]}',))
    yield Reader("tags of Docker Hub", lambda raw: read_tag(raw, "x"), (_HUB_TAG,))
    yield Reader(
        "pages of Docker Hub", lambda raw: read_page(raw, "x"), (b'{"count":1,"results":[' + _HUB_TAG + b"]}",)
    )
    yield Reader(
        "descriptions of Docker Hub",
        _client(lambda client: HubDescriptions(client).read(parse_repository("docker.io/team/app"))),
        (b'{"description":"x","full_description":"# x"}',),
    )
