"""`local/` pages of all years: dpkg, apk, rpm and none. The pages here are invented, in the form of the real ones."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from collector.classic.local_pages import LocalPage, LocalPageReader
from collector.errors import InvalidValue
from collector.model.packages import Package

IMAGE_ID = f"sha256:{'1' * 64}"
HEAD = f"""\
# `tool:1.2.3`

## Docker Metadata

- Image ID: `{IMAGE_ID}`
- Created: `2016-09-01T10:00:00.123456789Z`
- Arch: `linux`/`amd64`
- Command: `["sh"]`
- Environment:
  - `PATH=/usr/bin`
"""
LATER_HEAD = f"""\
# `tool:1.2.3`

## Docker Metadata

- Image ID: `{IMAGE_ID}`
- Created: `2026-09-17T20:37:20Z`
- Virtual Size: ~ 8.42 Mb  \n  (total size of all layers on-disk)
- Arch: `linux`/`amd64`
- Entrypoint: `[]`
- Environment:
  - `EMPTY=`
- Labels:
  - `- Image ID: x=`sha256:{"2" * 64}``
  - `org.example.title=Image ID`
"""
NO_LICENCES = "**WARNING:** unable to detect licenses! (package likely not compliant with DEP-5)"
NO_SOURCE = "**WARNING:** unable to find source (`apt-get source` failed or returned no results)!"


def dpkg(*sections: str) -> str:
    return "\n## `dpkg` (`.deb`-based packages)\n" + "".join(f"\n### `dpkg` source package: {one}" for one in sections)


OPENSSL = f"""\
`openssl=1.1.0f-3`

Binary Packages:

- `libssl1.1:amd64=1.1.0f-3+b1`
- `libssl1.1:i386=1.1.0f-3`
- `openssl=1.1.0f-3`

Licenses: (parsed from: `/usr/share/doc/libssl1.1/copyright`, `/usr/share/doc/openssl/copyright`)

- `GPL-2+`
- `This software is provided 'as-is', without any express`
- `OpenSSL   `

Source:

```console
$ apt-get source -qq --print-uris openssl=1.1.0f-3
'http://mirror.example/o/openssl_1.1.0f-3.dsc' openssl_1.1.0f-3.dsc 2472 SHA256:{"a" * 64}
```

Other potentially useful URLs:

- https://example.com/src/openssl/1.1.0f-3/ (for browsing the source)
"""
OLDER = f"""\
`zlib=1:1.2.8.dfsg-5`

Binary Packages:

- `zlib1g:amd64=1:1.2.8.dfsg-5`

{NO_LICENCES}
  If source is available (seen below), check the contents of `debian/copyright` within it.


{NO_SOURCE}


"""
NEWER = f"""\
`acl=2.3.2`

Binary Packages:

- `libacl1:amd64=2.3.2`

{NO_LICENCES}  \nIf source is available (seen below), check the contents of `debian/copyright` within it.


{NO_SOURCE}  \nThis is *usually* due to a new package version being released and the old version being removed.

The source package *may* still be available for download from:

- http://example.com/package/acl/2.3.2/

"""


def apk(name: str, version: str, licence: str) -> str:
    return f"""
### `apk` package: `{name}`

```console
{name}-{version} description:
What it is: ### `apk` package: `other`

{name}-{version} webpage:
https://example.com

{name}-{version} installed size:
6552 B

{name}-{version} license:
{licence}

```
"""


def rpm(package: str, licence: str | None) -> str:
    found = f"Licenses (from `rpm --query`): {licence}"
    missing = "**WARNING:** unable to detect licenses (`rpm --query` failed or returned no results)!"
    return f"""
### `rpm` package: `{package}`

{missing if licence is None else found}

Source:

```console
$ dnf --quiet download --source --url --enablerepo=source {package}
Enabling source repository
https://mirror.example/{package}.src.rpm
```
"""


APK = "\n## `apk` (`.apk`-based packages)\n"
RPM = "\n## `rpm` (`.rpm`-based packages)\n"


def read(page: str | bytes) -> LocalPage:
    return LocalPageReader().read(page.encode() if isinstance(page, str) else page)


def packages_of(page: str | bytes) -> tuple[Package, ...]:
    found = read(page)
    assert found.config == IMAGE_ID
    assert found.scan
    assert found.scan.by == "page"
    return found.scan.packages.packages


def test_packages_of_dpkg() -> None:
    licence = "GPL-2+; OpenSSL; This software is provided 'as-is', without any express"
    assert packages_of(HEAD + dpkg(OPENSSL, OLDER, NEWER)) == (
        Package("deb", "libacl1", "2.3.2", "acl"),
        Package("deb", "libssl1.1", "1.1.0f-3+b1", "openssl", "1.1.0f-3", licence),
        Package("deb", "libssl1.1:i386", "1.1.0f-3", "openssl", "", licence),
        Package("deb", "openssl", "1.1.0f-3", "", "", licence),
        Package("deb", "zlib1g", "1:1.2.8.dfsg-5", "zlib"),
    )
    assert read(HEAD + dpkg(OPENSSL, OLDER, NEWER)).left_out == 0


def test_packages_of_apk() -> None:
    page = LATER_HEAD + APK + apk("musl", "1.2.5-r12", "MIT") + apk("lib-c++", "1.0-r1", "GPL-2.0-only AND MIT")
    assert packages_of(page) == (
        Package("apk", "lib-c++", "1.0-r1", "", "", "GPL-2.0-only AND MIT"),
        Package("apk", "musl", "1.2.5-r12", "", "", "MIT"),
    )


def test_packages_of_rpm() -> None:
    page = (
        LATER_HEAD
        + RPM
        + rpm("python3-libs-3.9.16-1.el9.x86_64", "Python")
        + rpm("glibc-2.34-60.el9.i686", None)
        + rpm("tzdata-2026a-1.el9.noarch", "Public Domain and MIT")
        + rpm("gpg-pubkey-8483c65d-5ccc5b19", "pubkey")
    )
    assert packages_of(page) == (
        Package("rpm", "glibc:i686", "2.34-60.el9"),
        Package("rpm", "python3-libs", "3.9.16-1.el9", "", "", "Python"),
        Package("rpm", "tzdata", "2026a-1.el9", "", "", "Public Domain and MIT"),
    )
    assert read(page).left_out == 0


def test_packages_of_several_databases() -> None:
    page = LATER_HEAD + APK + apk("musl", "1", "MIT") + dpkg(OLDER) + RPM + rpm("a-1-1.noarch", "MIT")
    assert [package.type for package in packages_of(page)] == ["apk", "deb", "rpm"]


@pytest.mark.parametrize("page", [HEAD, LATER_HEAD, HEAD + "\n## `dpkg` (`.deb`-based packages)\n", HEAD + APK])
def test_a_page_without_packages_has_no_list(page: str) -> None:
    assert read(page) == LocalPage(config=read(HEAD).config, scan=None)


@pytest.mark.parametrize(
    "garbage",
    [
        RPM + rpm("<l>\t\talternatives-1.30-2.0.1.el10.x86_64", "GPL"),
        RPM + rpm("No such file or directory", None),
        RPM + rpm("", None),
        APK + apk("WARNING: Ignoring", "1", "MIT"),
        dpkg("`no version`\n\nBinary Packages:\n\n"),
        dpkg("`x=1`\n\nNothing of it:\n\n"),
        dpkg("`x=1`\n\nBinary Packages:\n\n- no package\n- `neither`\n"),
        "\n### `pacman` package: `x`\n",
        "\n### \n",
    ],
)
def test_garbage_in_the_place_of_a_package_is_left_out_and_counted(garbage: str) -> None:
    alone = read(HEAD + garbage)
    assert alone.scan is None
    assert alone.left_out >= 1
    beside = read(HEAD + dpkg(OLDER) + garbage)
    assert beside.scan
    assert [package.name for package in beside.scan.packages.packages] == ["zlib1g"]
    assert beside.scan.left_out == beside.left_out == alone.left_out


def test_bytes_that_are_not_text_affect_only_their_section() -> None:
    page = (HEAD + dpkg(OLDER)).encode() + b"\n### `rpm` package: `\xff-1-1.noarch`\n"
    found = read(page)
    assert found.scan
    assert (len(found.scan.packages.packages), found.left_out) == (1, 1)


def test_a_source_package_whose_heading_is_garbage_keeps_its_binary_packages() -> None:
    page = HEAD + dpkg("`?`\n\nBinary Packages:\n\n- `a=1`\n\n")
    assert packages_of(page) == (Package("deb", "a", "1"),)
    assert read(page).left_out == 1


def test_an_apk_package_without_its_lines_has_no_version() -> None:
    assert packages_of(HEAD + APK + "\n### `apk` package: `musl`\n\n```console\n```\n") == (Package("apk", "musl", ""),)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("nobody understands\n", "known form"),
        (HEAD.replace("# `tool:1.2.3`", "## `tool:1.2.3`"), "known form"),
        (HEAD.replace("- Image ID", "- Id"), "no Image ID"),
        (HEAD.replace(IMAGE_ID, "sha256:123"), "not a digest"),
        (HEAD.replace(IMAGE_ID, "\ufffd"), "not a digest"),
    ],
)
def test_invalid_pages(page: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        read(page)


def test_a_reader_parses_equal_sections_once_and_shares_their_lists() -> None:
    reader = LocalPageReader()
    first = reader.read((HEAD + dpkg(OPENSSL, OLDER)).encode())
    other = reader.read((LATER_HEAD + dpkg(OPENSSL, OLDER.replace("\n\n\n", "\n\n"))).encode())
    assert first.scan is other.scan


@pytest.mark.parametrize(
    "page",
    [
        "# `" + "a:" * 10**6,
        HEAD + "".join(f"\n### `apk` package: `p{number}`\n" for number in range(40_000)),
        HEAD + "\n### `rpm` package: `" + "a-" * 10**6 + "`\n",
        HEAD + dpkg("`a=1`\n\nBinary Packages:\n\n- `" + "a:" * 10**6 + "`\n"),
        HEAD + dpkg("`a=1`\n\nBinary Packages:\n\n- `a=1`\n\n" + "Licenses: (parsed from: x)\n\n" * 40_000),
    ],
    ids=["title", "sections", "rpm", "dpkg", "licences"],
)
def test_a_page_of_any_form_takes_time_in_proportion(page: str) -> None:
    started = time.process_time()
    with suppress(InvalidValue):
        read(page)
    assert time.process_time() - started < 2
