"""The pages for screenshots, and the actions before each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from playwright.sync_api import Page

LOOKED_AT = "repos/python/3.6.4/linux-amd64"
"""The platform whose digests are looked up; both the sample and the real archive have it."""


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One page as it is photographed."""

    address: str
    """Relative to the site's root; `{index}`, `{manifest}`, `{config}` and `{layer}` are the digests of LOOKED_AT."""
    ready: str = "h1"
    """A selector of what is there when the page's scripts are done."""
    act: Callable[[Page], None] | None = None


def open_change(page: Page) -> None:
    page.locator(".ri-show[aria-expanded]:visible").nth(1).click()
    page.get_by_text("This comparison on its own page").wait_for()


def open_editions(page: Page) -> None:
    page.locator("button.md-version__current").click()


def search_for(text: str) -> Callable[[Page], None]:
    def search(page: Page) -> None:
        page.keyboard.press("/")
        page.keyboard.type(text)
        page.get_by_role("option").first.wait_for()

    return search


GUIDE = "about how-to-read how-to-search tasks reasons api editions badges collecting describing command-line".split()

EDITION = "2017-06-30"
"""The sample's site is built with it."""

SHOTS: Mapping[str, Shot] = {
    "home": Shot(address="", ready=".ri-show, h1"),
    "image": Shot(address="repos/python/", ready=".ri-asof"),
    "image-windows": Shot(address="repos/hello-world/", ready=".ri-asof"),
    "tag": Shot(address="repos/python/3.6/", ready=".ri-show[aria-expanded]"),
    "tag-windows": Shot(address="repos/hello-world/latest/", ready=".ri-show[aria-expanded]"),
    "tag-gone": Shot(address="repos/python/3.6.3/", ready=".ri-show[aria-expanded]"),
    "tag-alias": Shot(address="repos/python/latest/linux-amd64/", ready=".ri-copy"),
    "platform": Shot(address=f"{LOOKED_AT}/", ready=".ri-copy"),
    "history": Shot(address="repos/python/3.6-slim/history/", ready=".ri-filter select"),
    "history-opened": Shot(address="repos/python/3.6-slim/history/", ready=".ri-filter select", act=open_change),
    "search": Shot(address="", act=search_for("python:3.6")),
    "search-digest": Shot(address="about/", act=search_for("sha256:b2dfd12f7fb4")),
    "digest": Shot(address="digest/"),
    "digest-index": Shot(address="digest/?q={index}", ready="section h3"),
    "digest-manifest": Shot(address="digest/?q={manifest}", ready="section h3"),
    "digest-image-id": Shot(address="digest/?q={config}", ready="section h3"),
    "digest-layer": Shot(address="digest/?q={layer}", ready="section [aria-live] table"),
    "digest-unknown": Shot(address="digest/?q=sha256:abcdef0123456789", ready="[role=status] h2"),
    "digest-names": Shot(address="digest/?q=slim", ready="[role=status] table"),
    "compare": Shot(address="compare/"),
    "compare-two": Shot(
        address="compare/?from=python:3.6-slim@2017-06-30&to=python:3.6-slim", ready=".ri-sides .ri-copy"
    ),
    "compare-problem": Shot(address="compare/?from=pyton:3.6&to=python:3.6@2010-01-01", ready=".ri-problem"),
    "as-of": Shot(address="as-of/"),
    "as-of-tag": Shot(address="as-of/?of=python:3.6&on=2017-06-01", ready="article pre .ri-copy"),
    "as-of-image": Shot(address="as-of/?of=python&on=2017-06-01", ready="article table"),
    "why": Shot(address="why/"),
    "why-file": Shot(address="why/?image=python:3.6-slim&since=2017-12-01", ready="section .ri-copy"),
    "edition-home": Shot(address=f"{EDITION}/", ready="button.md-version__current"),
    "edition-image": Shot(address=f"{EDITION}/repos/python/", ready="button.md-version__current", act=open_editions),
    "edition-tag": Shot(address=f"{EDITION}/repos/python/3.6-slim/", ready="button.md-version__current"),
    "edition-platform": Shot(address=f"{EDITION}/repos/python/3.6-slim/linux-amd64/", ready=".ri-copy"),
    **{f"guide-{name}": Shot(address=f"{name}/") for name in GUIDE},
    "404": Shot(address="no/such/page"),
    "404-tag": Shot(address="repos/python/9.9/", ready="[role=status]"),
    "404-platform": Shot(address="repos/python/3.6.3-slim/linux-s390x/", ready=".ri-copy"),
}

REAL: Mapping[str, Shot] = {
    "php": Shot(address="repos/php/", ready=".ri-asof"),
    "php-more-tags": Shot(address="repos/php/-tags-2/"),
    "php-tag": Shot(address="repos/php/7.2/", ready=".ri-show[aria-expanded]"),
    "php-tag-gone": Shot(address="repos/php/rc/", ready=".ri-show[aria-expanded]"),
    "php-platform": Shot(address="repos/php/7.2.1-fpm-alpine/linux-amd64/", ready=".ri-copy"),
    "php-as-of": Shot(address="as-of/?of=php&on=2017-06-01", ready="article table"),
    "nextcloud": Shot(address="repos/nextcloud/", ready=".ri-asof"),
    "nextcloud-tag": Shot(address="repos/nextcloud/fpm/", ready=".ri-show[aria-expanded]"),
    "nextcloud-history": Shot(address="repos/nextcloud/fpm/history/", ready=".ri-filter select"),
    "windows-platform": Shot(address="repos/hello-world/latest/windows-amd64-10.0.16299/", ready=".ri-copy"),
    "compare-images": Shot(address="compare/?from=debian:stretch&to=python:3.6", ready=".ri-sides .ri-copy"),
    "base": Shot(address="repos/debian/stretch-slim/", ready=".ri-show[aria-expanded]"),
    "one-state": Shot(address="repos/hello-world/linux/", ready="h1"),
    "package": Shot(address="package/"),
    "package-versions": Shot(address="package/?q=openssl", ready="main [role=status] li"),
    "package-version": Shot(address="package/?q=openssl%201.1.0f-3", ready="main tbody tr"),
    "package-unknown": Shot(address="package/?q=nosuchpackage", ready="[role=status]"),
    "packages": Shot(address="packages/"),
    "packages-source": Shot(address="packages/deb/openssl/"),
    "packages-list": Shot(address="repos/debian/stretch/linux-amd64/packages/"),
}
"""Pages that only the real archive has: hundreds of tags, a tag with more than 150 states, packages."""


def digests_of(site: Path) -> dict[str, str]:
    """The digests that the addresses of shots name; empty where the site has no such platform."""
    twin = site / "api" / "v1" / f"{LOOKED_AT}.json"
    if not twin.exists():
        return {}
    said = msgspec.json.decode(twin.read_bytes())
    return {name: said[name] for name in ("index", "manifest", "config")} | {"layer": said["layers"][-1]["digest"]}
