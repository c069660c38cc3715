"""A real Chromium for tests: the fixtures `browse` and `chromium`, which tests/conftest.py makes known to all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from collector.site.serve import SiteServer, site_server
from tests.support.chromium import QUIET, find_chromium

_PATIENCE = 20_000
"""Milliseconds until something that should appear counts as missing; a busy machine is slow, not wrong."""

_ALLOWED = ("http://127.0.0.1:", "data:", "blob:")

Browse = Callable[..., Page]
"""`browse(address, width=1280, dark=False, scripts=True)`: a new page in a new profile, at an address."""


def chromium_path() -> str:
    """The browser to drive: REPO_INFO_CHROMIUM, else the one on PATH. Without one the test skips."""
    path = find_chromium(os.environ)
    if not path:
        pytest.skip("no Chromium: set REPO_INFO_CHROMIUM, or install the package chromium")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Browse]:
    """Opens pages. In the end it holds that none asked another host for anything, and none complained."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    complaints: list[str] = []

    def open_page(address: str, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("request", lambda request: None if request.url.startswith(_ALLOWED) else strangers.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert strangers == []
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    # The 404 page is an error to the console, and wanted here.
    if kind in {"error", "warning"} and "status of 404" not in text:
        complaints.append(text)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a site while it is served, with a slash at its end."""
    with serving(site_server(site)) as address:
        yield address


@contextmanager
def serving(server: SiteServer) -> Iterator[str]:
    """The address of a server while it runs in a thread of its own."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
