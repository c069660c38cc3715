"""Every reader of foreign bytes: whatever it gets, it returns or raises what it says, in little time and memory."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from collector.archive.header import read_format
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.archive.visits import last_visits
from collector.classic.local_pages import LocalPageReader
from collector.collect.attestations import read_statement
from collector.configuration import read_configuration
from collector.describe.html import without_html
from collector.describe.length_limit import clean_markdown, truncate
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
from collector.registry.auth.challenge import choose_challenge
from collector.registry.auth.docker_config import read_auth_text, read_entry
from collector.registry.link_header import next_page
from collector.registry.transport.hosts import nearness_of, origin_of
from collector.registry.transport.proxies import Proxies
from collector.registry.transport.retry_after import seconds_to_wait
from collector.site.move_journal import iter_journal
from collector.site.record_store import Record, RecordStore
from collector.site.state import read_state
from tests.support.archives import docker_image, index, single
from tests.support.modern import attested, tool
from tests.support.pages import page_of
from tests.torture.report import Check

SLOW = 10.0
"""Seconds after which a reader counts as hanging. None of the inputs has more than some hundred kilobytes."""
_DIGEST = Digest("sha256:" + "0" * 64)
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


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


class _Answer:
    def __init__(self, value: str) -> None:
        self._value = value

    def header(self, name: str) -> str:
        return self._value


def _wait(text: str) -> object:
    from datetime import UTC, datetime

    return seconds_to_wait(_Answer(text), lambda: datetime(2026, 11, 20, tzinfo=UTC))  # type: ignore[arg-type]  # it has headers


def _iter_readers(examples: Path) -> Iterator[Reader]:
    image, attestation = tool("1.0"), attested(tool("1.0"))
    pages = tuple(
        page_of("tool", "1", state).encode() for state in (single(docker_image("a")), index("x", docker_image("a")))
    )
    journals = tuple(path.read_bytes()[:20_000] for path in sorted(examples.rglob("*.jsonl"))[:3])
    layer = Descriptor(media_type="application/vnd.in-toto+json", digest=_DIGEST, size=5)
    local = (
        b"# `tool:1`\n\n## Docker Metadata\n\n- Image ID: `sha256:"
        + b"0" * 64
        + b"`\n- Arch: `linux`/`amd64`\n\n## `dpkg` (`.deb`-based packages)\n"
    )
    schema = (
        b'{"schemaVersion":1,"architecture":"amd64","fsLayers":[{"blobSum":"sha256:'
        + b"0" * 64
        + b'"}],"history":[{"v1Compatibility":"{}"}]}'
    )
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
        (b'{"schemaVersion":2,"manifests":[' + image.manifest.raw + b"]}",),
    )
    yield Reader("configs", lambda raw: parse_config(_DIGEST, raw), (image.config.raw,))
    yield Reader(
        "schema 1",
        lambda raw: parse_schema_1(_DIGEST, raw, "application/vnd.docker.distribution.manifest.v1+json", {}),
        (schema,),
    )
    yield Reader(
        "attestations and SBOMs",
        lambda raw: read_statement(layer, raw, _DIGEST),
        tuple(one.raw for one in attestation.layers),
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


def find_reader(examples: Path, name: str) -> Reader:
    """The reader of this name."""
    return next(reader for reader in _iter_readers(examples) if reader.name == name)


def check_readers(examples: Path, count: int, seed: int) -> Iterator[Check]:
    """Give so many inputs to each reader."""
    for reader in _iter_readers(examples):
        yield from _check(reader, count, seed)


def _check(reader: Reader, count: int, seed: int) -> list[Check]:
    found: list[Check] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_inputs(reader.seeds))
    def run(raw: bytes) -> None:
        problem = problem_of(reader, raw)
        found.append(Check(group=reader.name, name=repr(raw[:80]), problems=(problem,) if problem else ()))

    run()
    return found


def problem_of(reader: Reader, raw: bytes) -> str:
    """What is wrong with how a reader took an input; empty if nothing is."""
    began = time.monotonic()
    try:
        reader.read(raw)
    except RepoInfoError as error:
        if "\n" in str(error):
            return f"an error of several lines: {str(error)[:200]!r}"
    except Exception:  # noqa: BLE001  # whatever it is, it is counted
        return f"a traceback: {traceback.format_exc().strip()[-200:]}"
    seconds = time.monotonic() - began
    return f"it took {seconds:.0f} s" if seconds > SLOW else ""


def _inputs(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Bytes; JSON; and good inputs with pieces cut out, repeated, replaced or put in."""
    piece = st.sampled_from(_PIECES) | st.binary(max_size=8)
    change = st.tuples(st.floats(0, 1), st.floats(0, 0.2), piece, st.sampled_from([1, 1, 1, 3, 1000]))
    return st.one_of(
        st.builds(_changed, st.sampled_from(seeds), st.lists(change, min_size=1, max_size=6)),
        st.builds(_changed, st.sampled_from(seeds), st.lists(change, min_size=1, max_size=2)),
        st.binary(max_size=200),
    )


_PIECES = (
    b"", b"\x00", b"\xff", b"\n", b"\r\n", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"-1",
    b"1e999", b"0" * 30,
    b"9" * 400, b"[[[[[[[[[[", b'{"a":', b"\\ud800", b"\xed\xa0\x80", b"\xe2\x80\xae", b"sha256:", b"../", b"//",
    b"```", b"`", b"<", b"%00",
    b"9999-99-99T99:99:99Z", b"0000-00-00", b"\xd9\xa1", b"@", b"?", b"#", b"=", b";", b" ", b"\t", b"a" * 100,
    b"\x1b[2J", b"NaN",
)  # fmt: skip


def _changed(raw: bytes, changes: list[tuple[float, float, bytes, int]]) -> bytes:
    """The bytes with each change: from a place on, a share is replaced by a piece, repeated."""
    for place, share, piece, times in changes:
        start = round(place * len(raw))
        raw = raw[:start] + piece * times + raw[start + round(share * len(raw)) :]
    return raw[:300_000]
