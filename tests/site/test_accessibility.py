"""Every kind of page, checked by axe-core."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Browse
from tests.site.conftest import NEW
from tests.support.axe import assert_clean

pytestmark = pytest.mark.browser

_SOURCES = Path(__file__).parents[2] / "site_src"
GUIDE = sorted({path.stem for path in _SOURCES.glob("*.md")} - {"digest", "as-of", "compare", "package", "why"})
"""The pages without a form; those with one are in `KINDS` in each of their states."""

# The address of each kind, and what is there when its scripts are done.
KINDS = {
    "home": ("", "h1"),
    "image": ("repos/python/", ".ri-filter"),
    "tag": ("repos/python/3.6/", ".ri-asof"),
    "tag of Windows": ("repos/hello-world/nanoserver-ltsc2025/", ".ri-asof"),
    "gone tag": ("repos/python/3.6.3/", ".ri-asof"),
    "tag with a short history": ("repos/hello-world/nanoserver1709/", ".ri-show"),
    "platform": ("repos/python/3.6.4/linux-amd64/", ".ri-copy"),
    "history": ("repos/python/3.6/history/", ".ri-filter select"),
    "digest": ("digest/?q=sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92", "section table"),
    "digest of an index": (
        "digest/?q=sha256:98149ed5f37f48ea3fad26ae6c0042dd2b08228d58edc95ef0fce35f1b3d9e9f",
        "section h3",
    ),
    "digest of a config": ("digest/?q=5c4fa780951b060bb0a75355765bc58112350d9974970d60561671d552aaf2e2", "section ol"),
    "digest of a layer": ("digest/?q=1eae7a7426b0551d5699798f8604597e7f5be52efd1f14ef53832a0cb63e7e4d", "section pre"),
    "names": ("digest/?q=slim", "[role=status] table"),
    "digest without a question": ("digest/", ".ri-form"),
    "package without a question": ("package/", ".ri-form"),
    "unknown package": ("package/?q=openssl", "[role=status] h2"),
    "unknown digest": ("digest/?q=abcdef0123456789", "[role=status]"),
    "as of, without a question": ("as-of/", ".ri-form"),
    "as of, a tag": ("as-of/?of=python:3.6&on=2017-06-01", "article pre .ri-copy"),
    "as of, an image": ("as-of/?of=python&on=2017-06-01", "article table"),
    "comparison without a question": ("compare/", ".ri-compare [role=combobox]"),
    "comparison": ("compare/?from=python:3.6-slim@2017-06-30&to=python:3.6-slim", ".ri-sides .ri-copy"),
    "comparison that fails": ("compare/?from=pyton:3.6&to=python:3.6@2010-01-01", ".ri-problem"),
    "why, without a file": ("why/", ".ri-why"),
    "why, a file": ("why/?image=python:3.6-slim&since=2017-12-01", "section .ri-copy"),
    "why, days in the wrong order": ("why/?image=python&since=2017-12-01&until=2017-01-01", ".ri-problem"),
    **{name: (f"{name}/", "h1") for name in GUIDE},
    "404": ("no/such/page", "h1"),
    "404 of a tag": ("repos/python/9.9/", "[role=status]"),
    "last image of a platform": ("repos/python/3.6.3-slim/linux-s390x/", ".ri-copy"),
}

# The same of a site with packages.
PACKAGE_KINDS = {
    "platform with packages": ("repos/app/1/linux-amd64/", ".ri-copy"),
    "package list": ("repos/app/1/linux-amd64/packages/", "table"),
    "source package": ("packages/deb/openssl/", "table"),
    "versions of a package": ("package/?q=libssl3", "[role=status] li"),
    "version of a package": (f"package/?q=openssl@{NEW}", "[role=status] table"),
}


@pytest.mark.parametrize(("address", "ready"), KINDS.values(), ids=KINDS)
def test_axe_finds_nothing(browse: Browse, sample: str, address: str, ready: str) -> None:
    check(browse, f"{sample}{address}", ready)


@pytest.mark.parametrize(("address", "ready"), PACKAGE_KINDS.values(), ids=PACKAGE_KINDS)
def test_axe_finds_nothing_about_packages(browse: Browse, package_site: str, address: str, ready: str) -> None:
    check(browse, f"{package_site}{address}", ready)


def check(browse: Browse, address: str, ready: str) -> None:
    page = browse(address)
    page.locator(ready).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert_clean(page)


def test_axe_finds_nothing_in_what_opens(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    page.get_by_role("button", name="Show the change").first.click()
    page.get_by_text("This comparison on its own page").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("python")
    page.get_by_role("option").first.wait_for()
    assert_clean(page)
