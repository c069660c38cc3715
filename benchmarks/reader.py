"""A reader with an empty cache, in a real Chromium; everything loaded is counted."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PatienceError

from benchmarks.scales import Answer, Scales, sum_up, weighed
from benchmarks.tool import SearchBox
from benchmarks.units import MB
from tests.support.chromium import QUIET

_NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
QUIET_FOR = 1_000
"""Milliseconds without a request, after which a page counts as loaded."""
_PATIENCE = 300_000
"""Milliseconds; an index of 50 MB is slow to be read."""
_MILLISECONDS_OF_DOUBT = 200
"""For each megabyte that was loaded, until "nothing found" is believed."""
_WATCH = """([results, patience]) => {
  window.shown = new Promise((done) => {
    addEventListener("input", () => {
      const start = performance.now();
      const look = () => document.querySelector(results) && done(performance.now() - start);
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      setTimeout(() => done(null), patience);
    }, { capture: true, once: true });
  });
}"""
"""The milliseconds from the next input to the first result; null where none comes."""


class Reader:
    """One visit."""

    def __init__(self, page: Page, scales: Scales, quiet_for: int) -> None:
        self._page = page
        self._scales = scales
        self._quiet_for = quiet_for
        self.strangers = 0
        """Requests to other hosts, which were blocked and are not counted."""
        self.waited = 0.0
        """Seconds from the last query to its results."""
        page.set_default_timeout(_PATIENCE)
        page.on("request", lambda request: self._note(request.url))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Everything loaded so far."""
        return tuple(self._scales.answers)

    def open(self, address: str) -> None:
        """Go to an address in the site, and wait until loading ends."""
        self._page.goto(self._scales.address + address)
        self._settle()

    def time(self, box: SearchBox, query: str) -> tuple[float | None, list[str]]:
        """Go to the search box, wait until what it loads is there, and put a query into it.

        Returns:
            The milliseconds until the first result was shown, by the browser's own clock, and the results as `search`
            gives them; None and no results where none came within ten seconds.
        """
        self._focus(box)
        self._settle()
        self._page.evaluate(_WATCH, [box.results, 10_000])
        self._page.keyboard.insert_text(query)
        waited: float | None = self._page.evaluate("() => window.shown")
        self._settle()
        return waited, self._results(box)

    def search(self, box: SearchBox, query: str) -> list[str]:
        """Put a query into the search box; the addresses of the results within the site, best first."""
        self._focus(box)
        self._page.keyboard.insert_text(query)
        self._page.keyboard.press("End")  # some listen to keys alone
        start = time.monotonic()
        results, nothing = self._page.locator(box.results), self._page.get_by_text(re.compile(box.nothing))
        results.or_(nothing).first.wait_for()
        self.waited = time.monotonic() - start
        if not results.count():
            self._await_second_thoughts(results)
        self._settle()
        return self._results(box)

    def follow(self, box: SearchBox) -> str:
        """Open the first result; the HTML of the page that it leads to."""
        with self._page.expect_navigation():
            self._page.locator(box.results).first.click()
        self._settle()
        return self._page.content()

    def _focus(self, box: SearchBox) -> None:
        self._page.keyboard.press("/")
        self._page.locator(box.input).focus()

    def _results(self, box: SearchBox) -> list[str]:
        found: list[str] = self._page.locator(box.results).evaluate_all("links => links.map(link => link.href)")
        return [address.removeprefix(self._scales.address) for address in found]

    def _await_second_thoughts(self, results: Locator) -> None:
        """On a busy machine, Zensical shows "nothing found" for seconds while it still searches."""
        start = time.monotonic()
        megabytes = sum_up(self.answers).bytes / MB
        try:
            results.first.wait_for(timeout=1_000 + _MILLISECONDS_OF_DOUBT * megabytes)
        except PatienceError:
            return
        self.waited += time.monotonic() - start

    def _note(self, address: str) -> None:
        self.strangers += not address.startswith((self._scales.address, "data:", "blob:"))

    def _settle(self) -> None:
        """Wait until nothing is loaded any more, and scripts, which may ask on when they have read it, are done."""
        loaded = -1
        while self._scales.is_busy or len(self._scales.answers) != loaded:
            loaded = len(self._scales.answers)
            self._page.wait_for_timeout(self._quiet_for)
            self._page.evaluate("() => new Promise((done) => requestIdleCallback(done))")


class Readers:
    """Visits to sites in one browser."""

    def __init__(self, browser: Browser, *, quiet_for: int = QUIET_FOR) -> None:
        self._browser = browser
        self._quiet_for = quiet_for
        self.version = browser.version
        """Of the browser."""

    @contextmanager
    def reading(self, site: Path) -> Iterator[Reader]:
        """A new profile, whose cache is empty."""
        with weighed(site) as scales:
            context = self._browser.new_context()
            try:
                yield Reader(context.new_page(), scales, self._quiet_for)
            finally:
                context.close()


@contextmanager
def chromium(program: str, quiet_for: int) -> Iterator[Readers]:
    """A browser that can reach only this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=(*QUIET, _NOBODY_ELSE))
        try:
            yield Readers(browser, quiet_for=quiet_for)
        finally:
            browser.close()
