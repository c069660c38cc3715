"""The scripts of a page load in few round trips, and unneeded ones do not load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser import Browse

pytestmark = pytest.mark.browser

_IMPORT = re.compile(r'^(?:import|export) [^;]*?from "(\.[^"]+)";', re.MULTILINE | re.DOTALL)


def imports(entry: Path) -> set[Path]:
    """A module and everything that it imports, directly or indirectly."""
    found, waiting = {entry}, [entry]
    for module in waiting:
        needed = {(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text())}
        waiting += needed - found
        found |= needed
    return found


def lists(page: Page, root: str) -> dict[str, list[str]]:
    script = """async (address) => Object.fromEntries(
        Object.entries(await import(address)).filter(([, value]) => Array.isArray(value)))"""
    found: dict[str, list[str]] = page.evaluate(script, f"{root}assets/javascripts/modules.js")
    return found


def test_the_lists_have_all_that_their_entries_import_and_nothing_else(browse: Browse, sample: str, root: Path) -> None:
    scripts = (root / "site_src/assets/javascripts").resolve()
    found = lists(browse(sample), sample)
    assert set(found) == {"SEARCH", "DIFFERENCE", "COMPARISON", "DIGEST", "PACKAGE", "WHY"}
    for name, (entry, *rest) in found.items():
        wanted = {path.relative_to(scripts).with_suffix("").as_posix() for path in imports(scripts / f"{entry}.js")}
        assert sorted({entry, *rest}) == sorted([entry, *rest]), f"{name} has something twice"
        assert {entry, *rest} == wanted, name


def test_the_scripts_of_the_search_box_are_asked_for_at_once(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    page.wait_for_load_state("networkidle")
    there = set(page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)"))
    wanted = {f"{sample}assets/javascripts/{name}.js" for name in lists(page, sample)["SEARCH"]} - there
    held: list[Route] = []  # asked for, and without an answer
    page.route("**/assets/javascripts/**", lambda route: held.append(route))  # noqa: PLW0108  # Playwright takes no built-in
    page.keyboard.press("/")
    for _ in range(3_000):  # a minute: a busy machine is slow, not wrong
        if len(held) >= len(wanted):
            break
        page.wait_for_timeout(20)
    assert {route.request.url for route in held} == wanted
    for route in held:
        route.continue_()
    page.keyboard.type("python")
    page.get_by_role("option").first.wait_for()


def test_the_differ_is_loaded_when_the_pointer_approaches(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/")
    page.get_by_role("button", name="Show the change").first.wait_for()
    page.wait_for_load_state("networkidle")
    loaded = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/differ/differ.js'))"
    assert not page.evaluate(loaded)
    with page.expect_response("**/differ/differ.js"):
        page.get_by_role("button", name="Show the change").first.focus()
