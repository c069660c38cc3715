"""A real Chromium for tests: the fixtures `browse` and `chromium`, which tests/conftest.py offers to all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from collector.site.serve import SiteServer, site_server
from tests.support.chromium import QUIET, find_chromium

_PATIENCE = 20_000
"""Milliseconds until something that should appear counts as missing; a busy machine is slow."""

_ONE_RENDERER = ("--renderer-process-limit=1", "--disable-site-isolation-trials")
"""With site isolation, each new page starts a process of its own whatever the limit: a seventh more processor time."""

_ALLOWED = ("http://127.0.0.1:", "data:", "blob:")

Browse = Callable[..., Page]
"""`browse(address, width=1280, dark=False, scripts=True, fresh=False)`: a new page at an address.

The pages of one test share a profile, which is empty when the test begins. `fresh`: in a profile of its own, for
changes that the next test could not undo (a stopped clock).
"""


class Profile:
    """A browser's profile that tests use one after another.

    Its first page stays open, so that all pages share one renderer: a page of it takes a third of the time of a page
    in a new profile.
    """

    def __init__(self, chromium: Browser, *, scripts: bool) -> None:
        self._context = chromium.new_context(
            java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"]
        )
        self._first = self._context.new_page()
        self._session = self._context.new_cdp_session(self._first)

    def new_page(self) -> Page:
        return self._context.new_page()

    def clear(self) -> None:
        """Close the pages, and clear their data."""
        origins = set()
        for page in self._context.pages:
            if page is not self._first:
                origins.add("{0.scheme}://{0.netloc}".format(urlsplit(page.url)))
                page.close()
        self._context.clear_cookies()
        self._session.send("Network.clearBrowserCache")
        for origin in origins:
            self._session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    def close(self) -> None:
        self._context.close()


def chromium_path() -> str:
    """The path of the browser: REPO_INFO_CHROMIUM, else the one on PATH. Without one the test skips."""
    path = find_chromium(os.environ)
    if not path:
        pytest.skip("no Chromium: set REPO_INFO_CHROMIUM, or install the package chromium")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *_ONE_RENDERER])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile_of(chromium: Browser) -> Callable[[bool], Profile]:
    """The profile with scripts, and the one without."""
    return cache(lambda scripts: Profile(chromium, scripts=scripts))


@pytest.fixture
def browse(chromium: Browser, profile_of: Callable[[bool], Profile]) -> Iterator[Browse]:
    """Opens pages. Fails at the end if a page made a request to another host or logged an error."""
    ends = ExitStack()
    strangers: list[str] = []
    complaints: list[str] = []

    def open_page(
        address: str, *, width: int = 1280, dark: bool = False, scripts: bool = True, fresh: bool = False
    ) -> Page:
        profile = Profile(chromium, scripts=scripts) if fresh else profile_of(scripts)
        ends.callback(profile.close if fresh else profile.clear)
        page = profile.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_default_timeout(_PATIENCE)
        page.on("request", lambda request: None if request.url.startswith(_ALLOWED) else strangers.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.goto(address)
        return page

    with ends:
        yield open_page
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
    """The number of pixels by which a page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
