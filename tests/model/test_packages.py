"""Package lists, and package URLs in and out."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import InvalidValue
from collector.model.packages import MAX_LIST, Package, PackageListBuilder, package_list
from collector.model.purls import Purl, parse_purl, render_purl

OPENSSL = Package("deb", "libssl3", "3.0.17-1", "openssl", "", "Apache-2.0; Artistic")


def test_the_id_of_a_list_is_the_hash_of_its_lines() -> None:
    text = b"apk\tmusl\t1.2\t\t\tMIT\ndeb\tlibssl3\t3.0.17-1\topenssl\t\tApache-2.0; Artistic\n"
    found = package_list([OPENSSL, Package("apk", "musl", "1.2", "", "", "MIT")])
    assert found.id == hashlib.sha256(text).hexdigest()
    assert found.types == ("apk", "deb")


@given(st.permutations([OPENSSL, OPENSSL._replace(source=""), OPENSSL._replace(licence=""), Package("deb", "a", "1")]))
def test_the_order_of_its_packages_does_not_change_a_list(packages: list[Package]) -> None:
    assert package_list(packages).packages == (Package("deb", "a", "1"), OPENSSL)


def test_a_package_by_its_source() -> None:
    assert (OPENSSL.source_name, OPENSSL.version_of_source, OPENSSL.licences) == (
        "openssl",
        "3.0.17-1",
        ("Apache-2.0", "Artistic"),
    )
    foreign = Package("deb", "libc6:i386", "2.36-9+b1", "", "2.36-9")
    assert (foreign.source_name, foreign.version_of_source, foreign.licences) == ("libc6", "2.36-9", ())
    assert Package("maven", "org.x:y/z", "1").source_name == "org.x:y/z"


def test_the_image_has_the_architecture_that_most_packages_have() -> None:
    builder = PackageListBuilder()
    for name, architecture in (("a", "amd64"), ("b", "amd64"), ("a", "i386"), ("c", "all"), ("d", "")):
        builder.add(type="deb", name=name, version="1", architecture=architecture)
    assert [package.name for package in builder.build().packages] == ["a", "a:i386", "b", "c", "d"]
    assert "b:amd64" in [package.name for package in builder.build(frozenset({"i386"})).packages]


def test_a_list_of_too_many_bytes_is_cut() -> None:
    builder = PackageListBuilder()
    for number in range(3000):
        builder.add(type="npm", name=f"{number:05}", version="1", licences=["x" * 1900])
    found = builder.build()
    assert sum(len("\t".join(package).encode()) + 1 for package in found.packages) <= MAX_LIST
    assert len(found.packages) + builder.left_out == 3000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl",
            Purl("deb", "libssl3", "3.0.17-1~deb12u2", "amd64", "openssl", "", "debian 12"),
        ),
        (
            "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?upstream=zlib%401%3A1.2",
            Purl("deb", "zlib1g", "1:1.2.13.dfsg-1", "", "zlib", "1:1.2", "debian"),
        ),
        (
            "pkg:deb/ubuntu/acl@2.3.2-1build1.1?os_distro=noble&os_name=ubuntu&os_version=24.04",
            Purl("deb", "acl", "2.3.2-1build1.1", "", "", "", "ubuntu 24.04"),
        ),
        ("pkg:deb/debian/apt@1?distro=bookworm", Purl("deb", "apt", "1", "", "", "", "debian bookworm")),
        (
            "pkg:rpm/fedora/openssl-libs@3.0.7-1.el9?arch=x86_64&epoch=1&upstream=openssl-3.0.7-1.el9.src.rpm",
            Purl("rpm", "openssl-libs", "1:3.0.7-1.el9", "x86_64", "openssl", "", "fedora"),
        ),
        ("pkg:npm/%40babel/core@7.0", Purl("npm", "@babel/core", "7.0", "", "", "", "")),
        (
            "pkg:golang/github.com/moby/sys@0.1.0#user",
            Purl("golang", "github.com/moby/sys/user", "0.1.0", "", "", "", ""),
        ),
        ("pkg:pypi/requests", Purl("pypi", "requests", "", "", "", "", "")),
    ],
)
def test_package_urls_of_both_dialects(text: str, expected: Purl) -> None:
    assert parse_purl(text) == expected


@pytest.mark.parametrize("text", ["", "x", "pkg:", "pkg:deb", "pkg:deb/", "http://x", "pkg:deb/" + "x" * 10_000])
def test_invalid_package_urls(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_purl(text)


@pytest.mark.parametrize(
    ("package", "system", "expected"),
    [
        (OPENSSL, "debian 12", "pkg:deb/debian/libssl3@3.0.17-1?distro=debian-12&upstream=openssl"),
        (OPENSSL, "", "pkg:deb/libssl3@3.0.17-1?upstream=openssl"),
        (
            Package("deb", "libc6:i386", "1", "", "2"),
            "debian 12",
            "pkg:deb/debian/libc6@1?arch=i386&distro=debian-12&upstream=libc6%402",
        ),
        (Package("npm", "@babel/core", "7.0"), "debian 12", "pkg:npm/%40babel/core@7.0"),
        (Package("generic", "a b?c#d", ""), "", "pkg:generic/a%20b%3Fc%23d"),
        (Package("generic", "/", ""), "", "pkg:generic/%2F"),
        (Package("npm", "x//", "1?#/"), "", "pkg:npm/x%2F%2F@1%3F%23%2F"),
        (Package("deb", ":i386", "1"), "debian 12", "pkg:deb/%3Ai386@1"),
    ],
)
def test_the_package_url_of_a_package(package: Package, system: str, expected: str) -> None:
    assert render_purl(package, system) == expected


@given(st.text(max_size=60).map(lambda text: f"pkg:deb/debian/{text}"))
def test_any_text_is_a_package_url_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        assert parse_purl(text).type == "deb"
