"""A script that arrives late keeps what a reader has typed meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser import Browse

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("address", "label", "script"),
    [
        ("as-of/", "An image or a tag", "asof"),
        ("compare/", "From", "comparepage"),
        ("digest/", "A digest, an image or a tag", "digestpage"),
        ("why/", "A Dockerfile, a compose file or a Kubernetes manifest", "whypage"),
    ],
)
def test_text_typed_before_a_script_runs_is_kept(
    browse: Browse, sample: str, address: str, label: str, script: str
) -> None:
    page = browse(f"{sample}about/")
    held: list[Route] = []  # asked for, and without an answer
    page.route(f"**/{script}.js", lambda route: held.append(route))  # noqa: PLW0108  # Playwright takes no built-in
    with page.expect_request(f"**/{script}.js"):
        page.goto(f"{sample}{address}")
    box = page.locator("article").get_by_label(label)
    box.focus()
    page.keyboard.type("python")
    for route in held:
        route.continue_()
    # The page's own import of the module began earlier: when this one is done, the page has mounted it.
    page.evaluate("script => import(script)", f"{sample}assets/javascripts/{script}.js")
    expect(box).to_have_value("python")
