"""Every reader of foreign bytes, each with good inputs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import msgspec

from collector.archive.header import read_format
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.archive.visits import last_visits
from collector.classic.local_pages import LocalPageReader
from collector.collect.attestations import read_statement
from collector.configuration import read_configuration
from collector.describe.html import without_html
from collector.describe.length_limit import clean_markdown, truncate
from collector.describe.parts import Parts
from collector.dockerfiles.files import parse_images
from collector.errors import RepoInfoError
from collector.importer.reader import PageReader
from collector.importer.sources import parse_page_path
from collector.model.configs import parse_config
from collector.model.digests import Digest
from collector.model.documents import Descriptor, parse_index, parse_manifest
from collector.model.images import DOCKER_LIST
from collector.model.library import parse_library
from collector.model.purls import parse_purl
from collector.model.references import parse_image_or_asked
from collector.model.schema1 import parse_schema_1
from collector.model.times import parse_as_of, parse_header_date
from collector.publish.manifest import HEADER, read_manifest
from collector.registry.auth.challenge import choose_challenge
from collector.registry.auth.docker_config import read_auth_text, read_entry
from collector.registry.link_header import next_page
from collector.registry.transport.hosts import nearness_of, origin_of
from collector.registry.transport.proxies import Proxies
from collector.registry.transport.retry_after import seconds_to_wait
from collector.sbom.formats import parse_sbom
from collector.sbom.statements import CYCLONEDX, SPDX, Statement, parse_statement
from collector.site.bases_file import read_bases
from collector.site.move_journal import iter_journal
from collector.site.record_store import Record, RecordStore
from collector.site.shard_folder import FACTS, FOLDER, read_parts
from collector.site.shards import parse_assignment
from collector.site.state import read_state
from tests.sbom.documents import scout_alpine
from tests.support.archives import docker_image, index, single
from tests.support.modern import attested, tool
from tests.support.pages import FORMS, page_of, page_with_packages, real_page
from tests.support.registry import encode

_DIGEST = Digest("sha256:" + "0" * 64)
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CYCLONEDX = (
    b'{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"tools":{"components":[{"name":"syft"}]}},"components":'
    b'[{"type":"library","name":"x","version":"1","purl":"pkg:deb/debian/x@1","licenses":[{"license":{"id":"MIT"}}],'
    b'"components":[{"name":"y"}]}]}'
)
_INDEX = (
    b'{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":5,"digest":"sha256:'
    + b"0" * 64
    + b'","platform":{"os":"linux","architecture":"arm","variant":"v7"},"annotations":{"a":"b"}}]}'
)
_SCHEMA_1 = (
    b'{"schemaVersion":1,"architecture":"amd64","fsLayers":[{"blobSum":"sha256:'
    + b"0" * 64
    + b'"}],"history":[{"v1Compatibility":"{\\"id\\":\\"'
    + b"0" * 64
    + b'\\",\\"container_config\\":{\\"Cmd\\":[\\"x\\"]}}"}]}'
)
_ENVELOPE = b'{"payloadType":"application/vnd.in-toto+json","payload":"eyJwcmVkaWNhdGVUeXBlIjoieCJ9","signatures":[]}'
_DOCKERFILE = (
    b"# escape=`\nARG V=1\nFROM --platform=$BUILDPLATFORM tool:${V:-2} AS a\nCOPY --from=other:1 / /\nFROM a\n"
)


class Reader(NamedTuple):
    """A function of bytes, and good inputs from which bad ones are made."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda raw: read(raw.decode("utf-8", "surrogateescape"))


def _file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Read the bytes as a file of this name in a folder."""

    def read_raw(raw: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
            return read(path)

    return read_raw


def _read_journal(path: Path) -> object:
    root = path.parents[3]
    (root / "archive.json").write_text('{"format":1}')
    archive = Archive(root)
    for repository in archive.repositories():
        holdings = archive.load(repository)
        for tag in holdings.tags:
            for period in holdings.periods(tag):
                _ = period.digest and holdings.state(period.digest)
    return list(verify(archive))


def _read_auth(raw: bytes) -> object:
    file = read_auth_text(raw, "config.json")
    return [read_entry(file, key) for key in file.entries]


def _retold(form: str) -> bytes:
    """A real page, changed to one of `tool:1`."""
    image, tag, raw = real_page(form)
    return raw.replace(f"`{image}:{tag}`".encode(), b"`tool:1`")


def _sbom(kind: str) -> Callable[[bytes], object]:
    """Read a predicate of this type."""
    return lambda raw: parse_sbom(Statement(predicate_type=kind, predicate=msgspec.Raw(raw)))


def _named_images(raw: bytes) -> object:
    """Checks the places of the images of a Dockerfile."""
    images = parse_images(raw, "Dockerfile")
    text = raw.decode("utf-8", "surrogateescape")
    assert all(text[slice(*image.span)] for image in images if image.span)
    return [_or_refused(parse_image_or_asked, image.reference) for image in images]


def _read_logo(path: Path) -> object:
    (path.parent / "tool").mkdir()
    return Parts(path.parent, "tool").logo


class _Answer:
    def __init__(self, value: str) -> None:
        self._value = value

    def header(self, name: str) -> str:
        return self._value


def _wait(text: str) -> object:
    from datetime import UTC, datetime

    return seconds_to_wait(_Answer(text), lambda: datetime(2026, 11, 20, tzinfo=UTC))  # type: ignore[arg-type]  # it has headers


def iter_readers(examples: Path) -> Iterator[Reader]:
    image, attestation = tool("1.0"), attested(tool("1.0"))
    states = single(docker_image("a")), index("x", docker_image("a"))
    pages = tuple(page_of("tool", "1", state).encode() for state in states) + tuple(map(_retold, FORMS))
    journals = tuple(path.read_bytes()[:20_000] for path in sorted(examples.rglob("*.jsonl"))[:3])
    layer = Descriptor(media_type="application/vnd.in-toto+json", digest=_DIGEST, size=5)
    local = page_with_packages("a=1", "b=2", config=_DIGEST).encode()
    nested = b'{"fact":"step","id":"0","text":"","x":' + b"[" * 5000 + b"]" * 5000 + b"}\n"
    yield Reader("pages", lambda raw: PageReader("tool").read("1", raw), pages)
    yield Reader("local pages", lambda raw: LocalPageReader().read(raw), (local,))
    yield Reader("paths of pages", parse_page_path, (b"repos/tool/remote/1.md", b"repos/a/b/local/x.md"))
    yield Reader("journals", _file("docker.io/library/tool/2018-01.jsonl", _read_journal), (*journals, nested))
    yield Reader("archive.json", _file("archive.json", lambda path: read_format(path.parent)), (b'{"format":2}',))
    yield Reader(
        "visits",
        _file("visits/2018-01.jsonl", lambda path: last_visits(path.parents[1])),
        (b'{"repository":"x","time":"2018-01-01T00:00:00Z"}\n',),
    )
    yield Reader(
        "manifests", lambda raw: parse_manifest(raw, _MANIFEST), (image.manifest.raw, attestation.manifest.raw)
    )
    yield Reader(
        "indexes",
        lambda raw: parse_index(raw, DOCKER_LIST),
        (_INDEX,),
    )
    yield Reader("configs", lambda raw: parse_config(_DIGEST, raw), (image.config.raw,))
    yield Reader(
        "schema 1",
        lambda raw: parse_schema_1(_DIGEST, raw, "application/vnd.docker.distribution.manifest.v1+json", {}),
        (_SCHEMA_1,),
    )
    yield Reader(
        "attestations and SBOMs",
        lambda raw: read_statement(layer, raw, _DIGEST),
        tuple(one.raw for one in attestation.layers),
    )
    yield Reader("SPDX", _sbom(SPDX), (encode(scout_alpine()),))
    yield Reader("CycloneDX", _sbom(CYCLONEDX), (_CYCLONEDX,))
    yield Reader("statements", parse_statement, (_ENVELOPE, *(one.raw for one in attestation.layers)))
    yield Reader("Dockerfiles", _named_images, (_DOCKERFILE, b"FROM a\nRUN <<EOF cat\nFROM b\nEOF\nFROM c\n"))
    yield Reader(
        "YAML files",
        lambda raw: parse_images(raw, "compose.yaml"),
        (b'services:\n  a: {image: &i "tool:1"}\n  b:\n    image: *i\n---\nimage: !!str x:${V:-1}\n',),
    )
    yield Reader(
        "logins",
        _read_auth,
        (b'{"auths":{"ghcr.io":{"auth":"bWU6cGFzcw=="}},"credHelpers":{"x":"y"},"credsStore":"z"}',),
    )
    yield Reader(
        "library files",
        _text(lambda text: parse_library(text, "tool")),
        (b"Maintainers: A <a@b.c> (@a)\n\nTags: 1, latest\nArchitectures: amd64\nGitCommit: 0\n",),
    )
    yield Reader(
        "repo-info.toml",
        _file("repo-info.toml", read_configuration),
        (b'[[images]]\nname = "x"\ntags = ["1.*"]\n[site]\nurl = "https://a.b/"\n[collect]\nthreads = 1\n',),
    )
    yield Reader(
        "challenges",
        _text(choose_challenge),
        (b'Bearer realm="https://a.b/token",service="s",scope="x", Basic realm="y"',),
    )
    yield Reader(
        "Link",
        _text(lambda text: next_page("https://a.b/v2/x/tags/list", text)),
        (b'</v2/x/tags/list?last=1>; rel="next"',),
    )
    yield Reader("Retry-After", _text(_wait), (b"120", b"Fri, 31 Dec 1999 23:59:59 GMT", b"1999-12-31T23:59:59Z"))
    yield Reader(
        "dates",
        _text(lambda text: (_or_refused(parse_as_of, text), parse_header_date(text))),
        (b"2018-01-29", b"Fri, 31 Dec 1999 23:59:59 GMT"),
    )
    yield Reader(
        "addresses",
        _text(lambda text: (nearness_of(text), origin_of(text))),
        (b"https://u:p@[::1]:5000/x", b"http://0x7f.1/"),
    )
    yield Reader(
        "proxies",
        _text(lambda text: Proxies({"HTTPS_PROXY": text, "NO_PROXY": text})),
        (b"http://u:p@proxy:3128", b"10.0.0.0/8,.a.b"),
    )
    yield Reader("names", _text(parse_image_or_asked), (b"ghcr.io/a/b:1.0@sha256:" + b"0" * 64, b"python:3@2018-01-29"))
    yield Reader("purls", _text(parse_purl), (b"pkg:deb/debian/openssl@1:3.0?arch=amd64&distro=debian-12#x%2fy",))
    yield Reader(
        "records of a build",
        _file("records/x", lambda path: RecordStore(folder=path.parent).read("x", Record)),
        (b"\x84\xa4rows\x90",),
    )
    yield Reader("state of a build", _file("state", lambda path: read_state(path, path)), (b"\x81\xa5tasks\x80",))
    yield Reader(
        "parts of a site",
        _file(f"{FOLDER}/{FACTS}", lambda path: read_parts([path.parents[1]])),
        (b'{"format":3,"key":"x","site":{},"shard":{"number":1,"of":1,"images":{}},"tasks":{}}',),
    )
    yield Reader(
        "manifests of sites",
        lambda raw: list(read_manifest(BytesIO(raw))),
        (HEADER + b"6b86b273ff34fce19d6b804eff5a3f57 1 a\n- 0 b/c.json\n",),
    )
    yield Reader("files of bases", _file("bases", read_bases), (b"\x83\xa7version\xa1x\xa8journals\x80\xa5bases\x80",))
    yield Reader(
        "shards", _text(lambda text: parse_assignment(text, 2)), (b"1 docker.io/library/tool\n2 ghcr.io/a/b\n",)
    )
    yield Reader(
        "facts of descriptions",
        _file("docs/logos.json", _read_logo),
        (b'{"tool":{"file":"logo.png","commit":"0"}}',),
    )
    yield Reader(
        "journals of a build",
        _file("journal", lambda path: list(iter_journal(path, "move"))),
        (b'["move","a/b"]\n["remove","c"]\n',),
    )
    yield Reader(
        "texts of descriptions",
        _text(
            lambda text: (
                without_html(_plain(text)),
                clean_markdown(_plain(text), "https://a.b/"),
                truncate(_plain(text), "more", 300),
            )
        ),
        (b"# A\n\n<p>x <a href='y'>z</a></p>\n\n- [a](b)\n\n```\nc\n```\n",),
    )


def _or_refused(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except RepoInfoError:
        return None


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
