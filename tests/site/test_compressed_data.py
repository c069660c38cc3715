"""The compressed files of a site in a browser: however a host sends them, in an old browser, and too large."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from collector.model.compression import compress
from tests.browser import Browse

pytestmark = pytest.mark.browser

DATA = "**/api/v1/**/*.json.gz"
AS_OF = "as-of/?of=python:3.6&on=2017-06-01"
DIGEST = "b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92"
OLD_BROWSER = "delete globalThis.DecompressionStream"
DAMAGED = "A file of this site is damaged: api/v1/repos/python/-states.json.gz."
TOO_OLD = "This browser is too old to read the compressed data of this site. Use a newer one."


def answer(page: Page, address: str) -> str:
    page.goto(address)
    expect(page.get_by_role("status").last).not_to_have_text("Looking it up…")
    return page.get_by_role("status").last.inner_text()


def test_a_host_that_decompresses(browse: Browse, sample: str, sample_site: Path) -> None:
    def send(route: Route) -> None:
        path = route.request.url.removeprefix(sample)
        route.fulfill(body=gzip.decompress((sample_site / path).read_bytes()), content_type="application/json")

    page = browse(f"{sample}about/")
    page.route(DATA, send)
    assert DIGEST in answer(page, sample + AS_OF)


def test_an_old_browser_says_so(browse: Browse, sample: str, chromium: Browser) -> None:
    page = chromium.new_page()  # the browser's own complaint of a missing plain copy is wanted here
    page.add_init_script(OLD_BROWSER)
    assert answer(page, sample + AS_OF) == TOO_OLD
    assert answer(page, f"{sample}digest/?q={DIGEST}") == TOO_OLD
    page.close()


def test_an_old_browser_reads_the_plain_copies(browse: Browse, sample: str, sample_site: Path) -> None:
    def send(route: Route) -> None:
        path = route.request.url.removeprefix(sample)
        compressed = sample_site / f"{path}.gz"
        if compressed.is_file():
            route.fulfill(body=gzip.decompress(compressed.read_bytes()), content_type="application/json")
        else:
            route.continue_()

    page = browse(f"{sample}about/")
    page.add_init_script(OLD_BROWSER)
    page.route("**/api/v1/**/*.json", send)
    assert DIGEST in answer(page, sample + AS_OF)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (compress(bytes(2**26 + 1)), "A file of this site is too large: api/v1/repos/python/-states.json.gz."),
        (compress(b"{}" * 999)[:-9], DAMAGED),
        (b"\x1f\x8b", DAMAGED),
        (compress(b"{}") + b"more", DAMAGED),
        (b"<!doctype html>", DAMAGED),
    ],
    ids=["large", "cut", "empty", "more", "page"],
)
def test_what_cannot_be_decompressed_is_reported(browse: Browse, sample: str, body: bytes, said: str) -> None:
    page = browse(f"{sample}about/")
    page.route(DATA, lambda route: route.fulfill(body=body, content_type="application/gzip"))
    assert answer(page, sample + AS_OF) == said
