"""`repo-info packages`, `licences`, and packages in `find`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from collector import open_archive
from collector.model.licences import spdx_id
from collector.model.packages import Package
from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, deb, docker_image, index, single

OPENSSL = deb("libssl1.1", "1.1.0f-3", "openssl", "OpenSSL")
NEWER = OPENSSL._replace(version="1.1.0f-3+deb9u1")
BASH = deb("bash", "4.4-5", licence="GPL-3+; some words of its own")
FOREIGN = deb("libc6:i386", "2.24-11", "glibc")
SLASH = Package("generic", "/", "1 /", "", "", "MIT")
OF_PERL = Package("cpan", "Moose::Util", "2.2")
HOSTILE = Package("npm", "@evil/=1+2", '"-->\u202e', "", "", '=cmd|"/c calc"!A0; <b>MIT</b>')


UNKNOWN = "repo-info: tool: the packages are not known (they come from"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """`tool:1` had two images of two platforms; the packages of one are unknown."""
    builder = ArchiveBuilder(tmp_path / "archive")
    old, new = (docker_image(name, layers=(name,)) for name in ("old", "new"))
    arm = docker_image("arm", platform="linux/arm64/v8", layers=("arm",))
    builder.see("tool:1", "2018-01-01", single(old))
    builder.see("tool:1.0", "2018-01-01", single(old))
    builder.see("tool:1", "2018-01-05", index("two", new, arm))
    builder.scan("tool", "2018-01-02", old, [OPENSSL, BASH])
    found = [NEWER, BASH, FOREIGN, HOSTILE, SLASH, OF_PERL]
    builder.scan("tool", "2018-01-06", new, found, by="syft 1.18.1", system="debian 9")
    return tmp_path / "archive"


def test_packages_as_text(run: Run, archive: Path) -> None:
    result = run("packages", "tool:1@2018-01-02", "--archive", archive)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "linux/amd64  2 packages, as named by a page of repo-info, read 2018-01-02",
        "  deb  bash 4.4-5  GPL-3+; some words of its own",
        "  deb  libssl1.1 1.1.0f-3  from openssl  OpenSSL",
    ]
    assert "linux/arm64/v8  not known" in run("packages", "tool:1", "--archive", archive).stdout


def test_packages_as_json(run: Run, archive: Path) -> None:
    found = json.loads(run("packages", "tool:1", "--json", "--archive", archive).stdout)
    amd64, arm64 = found["platforms"]
    assert (amd64["by"], amd64["system"], "by" in arm64) == ("syft 1.18.1", "debian 9", False)
    assert [(row["name"], row.get("spdx"), row["purl"]) for row in amd64["packages"]][2:4] == [
        ("libc6:i386", None, "pkg:deb/debian/libc6@2.24-11?arch=i386&distro=debian-9&upstream=glibc"),
        ("libssl1.1", "OpenSSL", "pkg:deb/debian/libssl1.1@1.1.0f-3%2Bdeb9u1?distro=debian-9&upstream=openssl"),
    ]


def test_packages_that_are_not_known(run: Run, archive: Path) -> None:
    for options in ((), ("--json",), ("--format", "spdx")):
        result = run("packages", "tool:1", "--platform", "linux/arm64", *options, "--archive", archive)
        assert (result.exit_code, "packages are not known" in result.stderr) == (1, True)


def test_an_spdx_document_is_valid(run: Run, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "tool.spdx.json"
    path.write_text(run("packages", "tool:1", "--format", "spdx", "--archive", archive).stdout, encoding="utf-8")
    document = parse_file(str(path))
    assert validate_full_spdx_document(document) == []
    declared = {package.name: str(package.license_declared) for package in document.packages}
    words = {str(info.license_id): info.extracted_text for info in document.extracted_licensing_info}
    assert (declared["libssl1.1"], declared["libc6:i386"]) == ("OpenSSL", "NOASSERTION")
    assert (words[declared["bash"]], words[declared[HOSTILE.name]]) == (BASH.licence, HOSTILE.licence)


def test_a_cyclonedx_document_is_valid(run: Run, archive: Path) -> None:
    text = run("packages", "tool:1", "--format", "cyclonedx", "--archive", archive).stdout
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = {component["name"]: component for component in json.loads(text)["components"]}
    assert components["bash"]["licenses"] == [
        {"license": {"id": "GPL-3.0-or-later"}},
        {"license": {"name": "some words of its own"}},
    ]


def test_documents_are_reproducible_and_read_again(run: Run, archive: Path) -> None:
    for form in ("spdx", "cyclonedx", "purl"):
        first, second = (run("packages", "tool:1", "--format", form, "--archive", archive).stdout for _ in range(2))
        assert first == second


def test_a_name_that_no_package_url_can_have_is_in_every_form(run: Run, archive: Path) -> None:
    url = "pkg:generic/%2F@1%20%2F"
    for options in (("--json",), *(("--format", form) for form in ("spdx", "cyclonedx", "purl"))):
        result = run("packages", "tool:1", *options, "--archive", archive)
        assert (result.exit_code, url in result.stdout) == (0, True)
    assert "  generic  / 1 /  MIT" in run("packages", "tool:1", "--archive", archive).stdout.splitlines()


def test_a_document_is_of_one_platform(run: Run, archive: Path) -> None:
    builder = ArchiveBuilder(archive)
    builder.scan("tool", "2018-01-07", docker_image("arm"), [BASH])
    result = run("packages", "tool:1", "--format", "purl", "--archive", archive)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "name one with --platform: linux/amd64, linux/arm64/v8" in result.stderr


def test_licences_as_text(run: Run, archive: Path) -> None:
    result = run("licences", "tool:1@2018-01-02", "--archive", archive)
    assert result.stdout.splitlines() == [
        "GPL-3+  [GPL-3.0-or-later]  1 package",
        "  bash",
        "OpenSSL  1 package",
        "  libssl1.1",
        "some words of its own  1 package",
        "  bash",
        "in 1 image",
    ]


@pytest.mark.parametrize("options", [(), ("--csv",)])
def test_unknown_licences_do_not_become_a_table(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    ArchiveBuilder(tmp_path / "archive").see("tool:1", "2018-01-01", single(docker_image("old")))
    result = run("licences", "tool:1", *options, "--archive", tmp_path / "archive")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(UNKNOWN)


def test_licences_of_all_tags_as_csv_are_not_formulas(run: Run, archive: Path) -> None:
    result = run("licences", "tool", "--csv", "--archive", archive)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["version"] for row in rows if row["package"] == "libssl1.1"} == {"1.1.0f-3", "1.1.0f-3+deb9u1"}
    (evil,) = (row for row in rows if "cmd" in row["licence"])
    assert (evil["licence"], evil["package"]) == ('\'=cmd|"/c calc"!A0', "'@evil/=1+2")
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("GPL-2+", "GPL-2.0-or-later"),
        ("GPL-2", "GPL-2.0-only"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("AGPL-3.0-only", "AGPL-3.0-only"),
        ("Expat", "MIT"),
        ("bsd-3-clause", "BSD-3-Clause"),
        ("Apache-2.0", "Apache-2.0"),
        ("GPL", None),
        ("GPL-4", None),
        ("public-domain", None),
        ("MIT AND BSD-3-Clause", None),
        ("LicenseRef-1", None),
        ("This software is provided as-is", None),
        ("", None),
    ],
)
def test_spdx_identifiers(words: str, expected: str | None) -> None:
    assert spdx_id(words) == expected


def test_find_a_package(run: Run, archive: Path) -> None:
    result = run("find", "openssl@1.1.0f-3", "--archive", archive)
    assert result.stdout.splitlines() == [
        "package openssl 1.1.0f-3 (deb)  with libssl1.1",
        "  tool: 1.0",
        "    2018-01-01 12:00 UTC to the end of the archive; linux/amd64",
        "  tool: 1",
        "    2018-01-01 12:00 UTC to 2018-01-05 12:00 UTC; linux/amd64",
    ]
    now = run("find", "openssl@1.1.0f-3", "--now", "--archive", archive)
    assert now.stdout.splitlines() == result.stdout.splitlines()[:3]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("libssl1.1@1.1.0f-3+deb9u1", ["1.1.0f-3+deb9u1"]),
        ("pkg:deb/debian/libssl1.1@1.1.0f-3%2Bdeb9u1?arch=amd64", ["1.1.0f-3+deb9u1"]),
        ("pkg:deb/debian/openssl", ["1.1.0f-3", "1.1.0f-3+deb9u1"]),
        ("pkg:apk/alpine/openssl", []),
        ("openssl", ["1.1.0f-3", "1.1.0f-3+deb9u1"]),
        ("libssl1.1", ["1.1.0f-3", "1.1.0f-3+deb9u1"]),
        ("deb/openssl", ["1.1.0f-3", "1.1.0f-3+deb9u1"]),
        ("apk/openssl", []),
        ("openssl 1.1.0f-3", ["1.1.0f-3"]),
        ("deb/libssl1.1 1.1.0f-3", ["1.1.0f-3"]),
        ("openssl 1.1.0f-3 deb", []),
        ("openssl=1.1.0f-3", ["1.1.0f-3"]),
        ("deb/libssl1.1==1.1.0f-3", ["1.1.0f-3"]),
        ("openssl=", []),
        ("tool", []),
        ("libc6@2.24-11", ["2.24-11"]),
        ("libc6:i386@2.24-11", ["2.24-11"]),
        ("Moose::Util", ["2.2"]),
        ("Moose", []),
        ("openssl@1.1.0f", []),
        ("ssl@1.1.0f-3", []),
        ("pkg:" + "x" * 100_000, []),
        ("@", []),
    ],
)
def test_the_packages_that_a_text_means(archive: Path, text: str, versions: list[str]) -> None:
    assert [found.version for found in open_archive(archive).find(text).packages] == versions


def test_the_python_api_answers_as_the_command_line(run: Run, archive: Path) -> None:
    opened = open_archive(archive)
    assert opened.packages("tool:1", platform="linux/amd64").platforms[0].by == "syft 1.18.1"
    assert [(found.known, found.unknown) for found in map(opened.licences, ("tool:1", "tool"))] == [(1, 1), (2, 1)]
    assert [use.tags for use in opened.find("bash@4.4-5", now=True).packages[0].uses] == [("1.0", "1")]
