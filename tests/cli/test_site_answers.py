"""`--site`: the verbs that ask give the same answers from a published site as from its archive."""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from collector.configuration import SiteTable
from collector.model.times import Time, time_from_seconds
from collector.registry.published_files import KeptFile
from collector.site.build import BuildOptions, build_site
from tests.cli.conftest import Run
from tests.cli.published_site import ServedSite
from tests.pages.archives import Seen, alone, write_archive
from tests.releases.made_up import base_of, built
from tests.support.archives import ArchiveBuilder, deb, docker_image, single
from tests.support.site_data import read_json
from tests.support.stub import Stub

# Tasks of the guide are among them: a digest, the last week, a pin, a shared layer, and new releases.
QUESTIONS = [
    "find 33a5a60a9a15",
    "find sha256:33a5a60a9a155f05ce10ad4a35fc4628a5209200cf024d040de02acb0b14360b --json",
    "find python:3.6-sl",
    "find alpine --json",
    "find nanoserver --all",
    "find PYTHON:3.6-slim --json",
    "find 3.6.2",
    "find python@v3.6.2 --json",
    "find slim@3.6.2",
    "find feedfacefeedface",
    "find no-such-name",
    "resolve python:3.6-slim",
    "resolve python:3.6-slim --as-of 2017-06-01",
    "resolve python:3.6.4-slim --platform linux/arm64 --json",
    "resolve python:3.6.4-slim --platform plan9/mips",
    "resolve python:3.6.4-slim --as-of 2017-12-01",
    "resolve python:3.6.3 --as-of 2017-12-31",
    "resolve python:4",
    "resolve ruby:2",
    "resolve hello-world@sha256:8072a54ebb3bc136150e2f2860f00a7bf45f13eeb917cca2430fcd0054c8e51b --json",
    "resolve python@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "resolve --dockerfile examples/Dockerfile --as-of 2017-12-01",
    "history python:3.6-slim",
    "history python:3.6-slim --states --json",
    "history python:3.6-slim --bases --json",
    "history hello-world:latest --json",
    "history alpine:3.5",
    "diff python:3.6-slim@2017-12-24 python:3.6-slim@2017-12-31",
    "diff python:3.6-slim@2017-12-01 python:3.6-slim --json",
    "diff alpine:3.5 python:3.6-slim",
    "why examples/Dockerfile --since 2017-12-01 --json",
]


@pytest.fixture
def older_site(stub: Stub, sample_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServedSite:
    """A site as versions before compressed files built it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(sample_site / "api", tmp_path / "older" / "api")
    shutil.copytree(sample_site / "assets", tmp_path / "older" / "assets")
    for file in (tmp_path / "older").rglob("*.gz"):
        file.with_suffix("").write_bytes(gzip.decompress(file.read_bytes()))
        file.unlink()
    names = tmp_path / "older" / "api/v1/names.json"
    names.write_bytes(names.read_bytes().replace(b',"compressed":true', b""))
    return ServedSite(stub, tmp_path / "older")


@pytest.fixture
def site(stub: Stub, sample_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> ServedSite:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(root)
    return ServedSite(stub, sample_site)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_answer_as_from_the_archive(run: Run, sample: Path, site: ServedSite, question: str) -> None:
    expected = run(*question.split(), "--archive", sample)
    found = run(*question.split(), "--site", site.url)
    assert (found.exit_code, found.stdout) == (expected.exit_code, expected.stdout)
    assert without_place(found.stderr) == without_place(expected.stderr)
    assert len(site.asked) == len(set(site.asked)) < 60


@pytest.mark.parametrize(
    "question", ["find 33a5a60a9a15", "history python:3.6-slim", "diff alpine:3.5 python:3.6-slim"]
)
def test_a_site_of_an_older_version(run: Run, sample: Path, older_site: ServedSite, question: str) -> None:
    expected = run(*question.split(), "--archive", sample).stdout
    assert run(*question.split(), "--site", older_site.url).stdout == expected
    assert not any(path.endswith(".gz") for path in older_site.asked)


def test_a_rehearsal_is_known_as_such(run: Run, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    seen = [
        Seen(tag="1", time=Time(f"2024-01-0{number}T00:00:00Z"), state=alone(built(base=number)), rehearsed=number > 1)
        for number in (1, 2, 3)
    ]
    archive = write_archive(tmp_path / "archive", app=seen)
    build_site(archive, tmp_path / "site", BuildOptions(jobs=1))
    url = ServedSite(stub, tmp_path / "site").url
    for asked in ("history app:1", "history app:1 --states --json"):
        expected = run(*asked.split(), "--archive", archive).stdout
        assert ("a rehearsal" in expected, '"is_rehearsed":true' in expected) == ("json" not in asked, "json" in asked)
        assert run(*asked.split(), "--site", url).stdout == expected


def test_bases_that_moved(run: Run, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long history, which comes in parts, and of one without a page of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    days = [time_from_seconds(86_400 * (20_000 + number)) for number in range(510)]
    debian = [
        Seen(tag="1", time=day, state=alone(base_of(base=1 + number % 20))) for number, day in enumerate(days[:20])
    ]
    images = [alone(built(base=1 + number % 20)) for number in range(len(days))]
    python = [Seen(tag="1", time=day, state=image) for day, image in zip(days, images, strict=True)]
    python += [Seen(tag="2", time=day, state=image) for day, image in zip(days[:4], images[:4], strict=True)]
    archive = write_archive(tmp_path / "archive", debian=debian, python=python)
    build_site(archive, tmp_path / "site", BuildOptions(jobs=1))
    served = ServedSite(stub, tmp_path / "site")
    for tag, count in (("1", 509), ("2", 3)):
        expected = run("history", f"python:{tag}", "--bases", "--archive", archive).stdout
        assert expected.count(" · built on debian:1 of ") == count
        assert run("history", f"python:{tag}", "--bases", "--site", served.url).stdout == expected
    assert "api/v1/repos/python/1/history/1.json" in served.asked


def test_a_site_with_limits(run: Run, sample: Path, site: ServedSite, tmp_path: Path) -> None:
    """Without the JSON of histories everything is answered but the bases that moved."""
    report = build_site(sample, tmp_path / "site", BuildOptions(jobs=1, site=SiteTable(limit_files=1)))
    assert report.left_out
    site.folder = tmp_path / "site"
    for question in ("history python:3.6-slim", "find python@v3.6.2", "resolve python:3.6.3 --as-of 2017-06-01"):
        assert run(*question.split(), "--site", site.url).stdout == run(*question.split(), "--archive", sample).stdout
    done = run("history", "python:3.6-slim", "--bases", "--site", site.url)
    assert done.exit_code == 1
    assert "history.json, to stay within the limits of its host (ask without --bases" in done.stderr


def without_place(text: str) -> str:
    """A message without the name of the archive or site, which alone may differ."""
    return re.sub(r"(in the archive|on) \S+/\S+( |\n)", "HERE ", text)


def digests_of(sample: Path) -> list[str]:
    found = {
        digest for path in sample.rglob("*.jsonl") for digest in re.findall(r"sha256:[0-9a-f]{64}", path.read_text())
    }
    return sorted(found)


@pytest.mark.parametrize("number", range(30))
def test_any_digest_has_the_same_uses(run: Run, sample: Path, site: ServedSite, number: int) -> None:
    digest = random.Random(number).choice(digests_of(sample))
    expected, found = (run("find", digest, "--json", *where).stdout for where in sources(sample, site))
    assert found == expected


def sources(sample: Path, site: ServedSite) -> Iterator[tuple[str, str]]:
    yield "--archive", str(sample)
    yield "--site", site.url


PACKAGES = [
    "packages app:1",
    "packages app:1 --json",
    "packages app:1 --format spdx",
    "packages web:1 --format purl",
    "packages app:1@2025-10-01 --json",
    "packages app:1@2025-10-01",
    "packages app:2",
    "licences app --json",
    "licences web:1",
    "licences app:1@2025-10-01 --csv",
    "find openssl@3.0.17-1~deb12u3 --json",
    "find openssl@3.0.17-1~deb12u2 --now",
    "find pkg:deb/debian/libssl3 --json",
    "find OpenSSL@3.0.17-1~deb12u3 --json",
    "find pkg:deb/debian/LibSSL3 --json",
    "find web",
    "find nothing@1",
    "history app:1 --json",
    "diff app:1@2025-10-01 app:1 --json",
    "diff app:1@2025-10-01 app:1 --only packages",
]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive whose images have package lists, and with its site."""
    folder = tmp_path_factory.mktemp("packages")
    builder = ArchiveBuilder(folder / "archive")
    for image, day, version in (
        ("app", "2025-10-01", "3.0.17-1~deb12u2"),
        ("app", "2025-10-02", "3.0.17-1~deb12u3"),
        ("web", "2025-10-03", "3.0.17-1~deb12u2"),
    ):
        built = docker_image(f"{image} {day}", layers=(day,))
        builder.see(f"{image}:1", day, single(built))
        found = [
            deb("libssl3", version, "openssl", "Apache-2.0"),
            deb("openssl", version, licence="Apache-2.0; BSD"),
            deb("libc6:i386", "2.36-9", "glibc"),
            deb("libacl1", "2.3.1-3+b1", "acl"),
            deb("web", "1"),
        ]
        builder.scan(image, day, built, found, by="syft 1.18.1", system="debian 12")
    build_site(folder / "archive", folder / "site", BuildOptions(jobs=1))
    return folder


@pytest.mark.parametrize("question", PACKAGES)
def test_the_same_answer_about_packages(run: Run, packages: Path, site: ServedSite, question: str) -> None:
    site.folder = packages / "site"
    expected = run(*question.split(), "--archive", packages / "archive")
    found = run(*question.split(), "--site", site.url)
    assert (found.exit_code, found.stdout) == (expected.exit_code, expected.stdout)
    assert without_place(found.stderr) == without_place(expected.stderr)


SCANS = "api/v1/repos/app/objects/-0.json.gz"


def test_a_site_of_a_version_that_did_not_describe_scans(run: Run, packages: Path, site: ServedSite) -> None:
    site.folder = packages / "site"
    chunk = read_json(site.folder / SCANS)
    assert len(chunk.pop("scans_of")) == len(chunk["packages_of"])
    site.changed[SCANS] = json.dumps(chunk).encode()
    done = run("packages", "app:1", "--site", site.url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "app: the site does not say when packages were read (ask its archive with --archive DIR, or" in done.stderr
    assert run("licences", "app:1", "--site", site.url).exit_code == 0
    assert run("diff", "app:1@2025-10-01", "app:1", "--site", site.url).exit_code == 0


@pytest.mark.parametrize(
    "scan",
    [{"time": "soon"}, {"time": "2026-02-30T00:00:00Z"}, {"time": "2026-02-03T00:00:00Z", "statement": "sha256:x"}],
)
def test_a_scan_that_cannot_be(run: Run, packages: Path, site: ServedSite, scan: dict[str, str]) -> None:
    site.folder = packages / "site"
    chunk = read_json(site.folder / SCANS)
    chunk["scans_of"] = dict.fromkeys(chunk["scans_of"], scan)
    site.changed[SCANS] = json.dumps(chunk).encode()
    done = run("packages", "app:1", "--site", site.url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "has a scan without a valid time or digest" in done.stderr


def test_unchanged_files_are_not_sent_again(run: Run, site: ServedSite) -> None:
    first = run("history", "python:3.6-slim", "--site", site.url)
    count = len(site.stub.seen)
    again = run("history", "python:3.6-slim", "--site", site.url)
    assert again.stdout == first.stdout
    assert all("if-none-match" in seen.headers for seen in site.stub.seen[count:])
    assert len(site.stub.seen) == 2 * count


def test_a_kept_file_is_not_used_for_another_address(run: Run, site: ServedSite, tmp_path: Path) -> None:
    first = run("resolve", "python:3.6-slim", "--site", site.url)
    for kept in (tmp_path / "cache" / "repo-info").iterdir():
        file = msgspec.msgpack.decode(kept.read_bytes(), type=KeptFile)
        kept.write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(file, url=f"{file.url}?", body=b"{}")))
    assert run("resolve", "python:3.6-slim", "--site", site.url).stdout == first.stdout


def test_the_environment_may_name_the_site(run: Run, site: ServedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_INFO_SITE", site.url)
    assert run("resolve", "python:3.6-slim").stdout.startswith("python:3.6-slim@sha256:33a5a60a")
    # What is written counts before the environment.
    assert run("resolve", "python:3.6-slim", "--archive", "examples/archive").exit_code == 0
    monkeypatch.setenv("REPO_INFO_ARCHIVE", "examples/archive")
    asked = len(site.asked)
    assert run("resolve", "python:3.6-slim", "--site", site.url).exit_code == 0
    assert len(site.asked) > asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no archive and no site (give --archive DIR, or --site URL of a published site)"),
        (["--archive", "examples/archive", "--site", "http://127.0.0.1:1/"], "both an archive and a site are given"),
        (["--site", "https://user:secret@images.example.org/"], "--site: not an http or https address"),
        (["--site", "images.example.org"], "--site: not an http or https address"),
        (["--site", "file:///etc/passwd"], "--site: not an http or https address"),
    ],
)
def test_wrong_use(run: Run, site: ServedSite, arguments: list[str], message: str) -> None:
    done = run("resolve", "python:3.6-slim", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert "secret" not in done.stderr
