"""`--site` with sites that are none, are older, or lie: one line that names the file, and never a traceback."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.errors import RegistryError, RepoInfoError, UntrustedAnswer
from collector.lookup.tag_history import read_history
from collector.model.compression import decompress
from collector.model.references import parse_tagged
from collector.published.site import PublishedSite
from collector.published.site_files import MAX_VALUES
from collector.registry import published_files
from tests.cli.conftest import Run
from tests.cli.published_site import ServedSite
from tests.support.site_data import read_json
from tests.support.stub import Stub, reply

STATES = "api/v1/repos/python/-states.json.gz"
OBJECTS = "api/v1/repos/python/objects/-0.json.gz"
HISTORY = "api/v1/repos/python/3.6-slim/history.json"
ASKED = ("history", "python:3.6-slim")
BASE = {"image": "debian", "tag": "stretch", "since": "2017-12-12T00:00:00Z"}


@pytest.fixture
def site(stub: Stub, sample_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServedSite:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return ServedSite(stub, sample_site)


def refused(run: Run, site: ServedSite, *arguments: str) -> str:
    """The one line of an error."""
    done = run(*(arguments or ASKED), "--site", site.url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def changed(site: ServedSite, path: str, **members: object) -> None:
    site.changed[path] = json.dumps(read_json(site.folder / path) | members).encode()


def test_a_server_without_a_site(run: Run, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "not a site of repo-info, or an older one: it has no api/v1/names.json" in refused(
        run, ServedSite(stub, tmp_path)
    )


@pytest.mark.parametrize("body", [b"<!doctype html>", b"[" * 100_000, b'{"images": 1}', b"\xff\xfe", b"{}", b"null"])
@pytest.mark.parametrize("path", ["api/v1/names.json", STATES, OBJECTS])
def test_a_file_that_is_malformed(run: Run, site: ServedSite, path: str, body: bytes) -> None:
    site.changed[path] = body
    assert f"{path}: not understood: " in refused(run, site)


def test_a_file_with_too_many_values(run: Run, site: ServedSite) -> None:
    site.changed[STATES] = b"[" + b"0," * MAX_VALUES + b"0]"
    assert f"{STATES}: not understood: more than {MAX_VALUES} values" in refused(run, site)


def test_a_file_that_is_too_large(run: Run, site: ServedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_files, "MAX_FILE", 1000)
    assert "the limit is 1000" in refused(run, site)


def test_an_answer_that_takes_too_many_files(run: Run, site: ServedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_files, "MAX_REQUESTS", 3)
    assert "the answer takes more than 3 files" in refused(run, site)
    assert len(site.asked) == 3


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_of_too_many_bytes(stub: Stub, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setattr(published_files, "MAX_BYTES", 1000)
    stub.on("/file", reply(b"x" * 1001, status))
    files = published_files.PublishedFiles(stub.url, environment={}, kept=None)
    files.get("file")
    with pytest.raises(UntrustedAnswer, match="the answer takes more than"):
        files.get("file")
    assert len(stub.seen) == 1


def test_a_compressed_file_that_is_too_large(run: Run, site: ServedSite) -> None:
    site.changed[STATES] = gzip.compress(bytes(published_files.MAX_FILE + 1))
    assert f"{STATES}: more than {published_files.MAX_FILE} bytes when decompressed" in refused(run, site)


def test_a_damaged_compressed_file(run: Run, site: ServedSite) -> None:
    site.changed[STATES] = (site.folder / STATES).read_bytes()[:-9]
    assert f"{STATES}: not decompressed: " in refused(run, site)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "identity", ""])
def test_a_compressed_file_that_is_sent_as_an_encoding(stub: Stub, encoding: str) -> None:
    stub.on("/file", reply(gzip.compress(b"{}"), content_encoding=encoding))
    assert published_files.PublishedFiles(stub.url, environment={}, kept=None).get("file") == b"{}"


def test_a_compressed_file_that_is_sent_as_another_encoding(stub: Stub) -> None:
    stub.on("/file", reply(gzip.compress(b"{}"), content_encoding="br"))
    with pytest.raises(UntrustedAnswer, match="an encoding that was not requested"):
        published_files.PublishedFiles(stub.url, environment={}, kept=None).get("file")


def test_decompressed_bytes_count_even_if_they_are_kept(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.on("/file", reply(gzip.compress(bytes(1001)), ETag='"1"'), reply(status=304, ETag='"1"'))
    published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file")
    monkeypatch.setattr(published_files, "MAX_BYTES", 1000)
    files = published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path)
    assert files.get("file") == bytes(1001)
    with pytest.raises(UntrustedAnswer, match="the answer takes more than"):
        files.get("file")


def test_a_kept_file_without_an_end_is_fetched_again(stub: Stub, tmp_path: Path) -> None:
    stub.on("/file", reply(b"{}", ETag='"1"'))
    published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file")
    (kept,) = tmp_path.iterdir()
    with kept.open("wb") as file:
        file.truncate(2**42)
    assert published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file") == b"{}"
    assert kept.stat().st_size < 1000


def test_unchanged_is_no_answer_for_a_file_that_is_not_kept(stub: Stub, tmp_path: Path) -> None:
    stub.on("/file", reply(status=304, ETag='"1"'))
    with pytest.raises(RegistryError, match="answered with status 304"):
        published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file")


def test_a_host_that_says_gzip_of_a_compressed_file(stub: Stub) -> None:
    """As an object store does with files that were uploaded with this encoding."""
    stub.on("/file", reply(gzip.compress(b"content"), content_encoding="gzip"))
    assert published_files.PublishedFiles(stub.url, environment={}, kept=None).get("file") == b"content"


def test_a_link_in_the_cache_is_not_followed(stub: Stub, tmp_path: Path) -> None:
    stub.on("/file", reply(b"content", ETag='"1"'))
    cache, victim = tmp_path / "cache", tmp_path / "victim"
    cache.mkdir()
    (cache / f"{hashlib.sha256(f'{stub.url}/file'.encode()).hexdigest()}.kept").symlink_to(victim)
    files = published_files.PublishedFiles(stub.url, environment={}, kept=cache)
    assert files.get("file") == b"content"
    assert not victim.exists()


def test_what_a_killed_run_leaves_in_the_cache_makes_room(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.on("/file", reply(b"content", ETag='"1"'))
    left = tmp_path / f"{hashlib.sha256(f'{stub.url}/file'.encode()).hexdigest()}.{os.getpid()}"
    left.write_bytes(bytes(2_000))
    os.utime(left, (0, 0))
    monkeypatch.setattr(published_files, "_MAX_KEPT", 2_000)
    published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file")
    assert [file.suffix for file in tmp_path.iterdir()] == [".kept"]


def test_a_full_disk_leaves_no_draft_in_the_cache(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.on("/file", reply(b"content", ETag='"1"'))

    def is_full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", is_full)
    assert published_files.PublishedFiles(stub.url, environment={}, kept=tmp_path).get("file") == b"content"
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("end", ["?q=1", "#part"])
def test_an_address_that_is_no_folder(run: Run, site: ServedSite, end: str) -> None:
    done = run(*ASKED, "--site", f"{site.url}{end}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("repo-info: --site: an address with a query or a fragment: 'http://")
    assert site.asked == []


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"digests": []}, "has not one object for each digest"),
        ({"tags": {}}, "has other tags than the list of names"),
        ({"until": "yesterday"}, "not a time: 'yesterday'"),
    ],
)
def test_states_that_contradict_themselves(
    run: Run, site: ServedSite, members: dict[str, object], problem: str
) -> None:
    changed(site, STATES, **members)
    assert f"{STATES}: {problem}" in refused(run, site)


def test_a_state_with_the_object_of_another(run: Run, site: ServedSite) -> None:
    objects = read_json(site.folder / STATES)["objects"]
    changed(site, STATES, objects=objects[::-1])
    assert " is not sha256:" in refused(run, site)


@pytest.mark.parametrize("number", [-1, 10**9, 2**62])
def test_an_object_that_does_not_exist(run: Run, site: ServedSite, number: int) -> None:
    objects = read_json(site.folder / STATES)["objects"]
    changed(site, STATES, objects=[number] * len(objects))
    assert f"object {number} does not exist" in refused(run, site)


def test_an_object_that_its_file_does_not_have(run: Run, site: ServedSite) -> None:
    changed(site, OBJECTS, objects=[])
    assert re.search(
        r"object \d+ does not exist", refused(run, site, "diff", "python:3.6-slim@2017-12-01", "python:3.6-slim")
    )


@pytest.mark.parametrize("place", [-4, 10**6])
def test_a_tag_with_a_digest_that_does_not_exist(run: Run, site: ServedSite, place: int) -> None:
    tags = read_json(site.folder / STATES)["tags"]
    changed(site, STATES, tags=tags | {"3.6-slim": [[1_500_000_000, place]]})
    assert f"{STATES}: no digest has the place {place}" in refused(run, site)


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"image": "../../etc"}, "not an image name"),
        ({"tag": "\x1b[31m"}, "not a tag"),
        ({"since": "yesterday"}, "not a time"),
        ({"platforms": ["plan9-mips"]}, "a base moved on a platform that the release did not reach"),
    ],
)
def test_a_base_that_cannot_be(run: Run, site: ServedSite, members: dict[str, object], problem: str) -> None:
    releases = read_json(site.folder / HISTORY)["releases"]
    changed(site, HISTORY, releases=[*releases[:-1], releases[-1] | {"bases": [BASE | members]}])
    assert f"{HISTORY}: {problem}" in refused(run, site, *ASKED, "--bases")


def test_a_history_without_a_release(run: Run, site: ServedSite) -> None:
    changed(site, HISTORY, releases=[])
    assert f"{HISTORY}: has no release that begins with state 0" in refused(run, site, *ASKED, "--bases")


def test_a_look_up_of_another_version(run: Run, site: ServedSite) -> None:
    site.changed["assets/javascripts/packageindex.js"] = b"export const NAMES = 2;\nexport const VERSIONS = 2;\n"
    assert "packageindex.js: of another version of repo-info (ask its publisher to build it again" in refused(
        run, site, "find", "openssl"
    )
    # A digest is no package.
    assert "not in this archive" in run("find", f"sha256:{'3' * 64}", "--site", site.url).stderr


def test_a_time_that_no_calendar_has(run: Run, site: ServedSite) -> None:
    tags = read_json(site.folder / STATES)["tags"]
    changed(site, STATES, tags=tags | {"3.6-slim": [[10**15, 0]]})
    assert "not a time of the calendar" in refused(run, site)


def test_an_invalid_name(run: Run, site: ServedSite) -> None:
    names = read_json(site.folder / "api/v1/names.json")
    names["images"][0]["name"] = "../../etc"
    changed(site, "api/v1/names.json", images=names["images"])
    assert "api/v1/names.json: not an image name" in refused(run, site)


def test_text_of_a_site_is_data(run: Run, site: ServedSite) -> None:
    for file in (site.folder / "api/v1/repos/python/objects").iterdir():
        path, chunk = f"api/v1/repos/python/objects/{file.name}", read_json(file)
        chunk["objects"] = [f"{one}\x1b[31m" if isinstance(one, str) else one for one in chunk["objects"]]
        site.changed[path] = json.dumps(chunk).encode()
    done = run("diff", "python:3.6-slim@2017-12-01", "python:3.6-slim", "--site", site.url)
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout


class ChangedFiles:
    """The files of a folder, one of them with some bytes changed."""

    address = "https://images.example.org/"

    def __init__(self, folder: Path, path: str, change: tuple[int, bytes]) -> None:
        self.folder, self.path, self.change = folder, path, change

    def get(self, path: str) -> bytes | None:
        file = self.folder / path
        if not file.is_file():
            return None
        body = decompress(file.read_bytes(), published_files.MAX_FILE)
        at, new = self.change
        at %= len(body)
        return body[:at] + new + body[at + len(new) :] if path == self.path else body


@settings(max_examples=150)
@given(
    path=st.sampled_from(
        [
            "api/v1/names.json",
            "api/v1/repos/alpine/-states.json.gz",
            "api/v1/repos/alpine/objects/-0.json.gz",
            "api/v1/repos/alpine/3.5/history.json",
        ]
    ),
    at=st.integers(0, 2**16),
    new=st.sampled_from([b"0", b"9", b"-", b"[", b"]", b'"', b"}", b",", b"a", b"\xff", b"null", b"1e9", b'"":']),
)
def test_damage_gives_an_answer_or_an_error(sample_site: Path, path: str, at: int, new: bytes) -> None:
    site = PublishedSite(ChangedFiles(sample_site, path, (at, new)))
    asked = parse_tagged("alpine:3.5")
    with suppress(RepoInfoError):
        facts = site.load(asked.repository)
        assert read_history(facts, asked, facts.moved_bases).tag == "3.5"
    with suppress(RepoInfoError):
        assert site.find("alpine:3").text == "alpine:3"
