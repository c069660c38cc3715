"""The picture that links to the site are shown with (Open Graph): `python -m tests.card` draws it, with Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium_path
from tests.support.chromium import QUIET

ROOT = Path(__file__).parent.parent
CARD = ROOT / "site_src" / "assets" / "images" / "card.png"
ICON = ROOT / "site_src" / "assets" / "images" / "favicon.svg"
SIZE = 1200, 630

_HTML = """\
<!doctype html>
<style>
body {{ margin: 0; padding: 90px 100px; background: #12161b; color: #dbe2e9; font-family: "DejaVu Sans", sans-serif; }}
svg {{ width: 130px; margin: 0 0 30px -14px; display: block; }}
path {{ fill: #6fbbe8; }}
h1 {{ margin: 0 0 30px; font-size: 68px; }}
p {{ margin: 0; font-size: 36px; line-height: 1.5; color: #9ba8b5; }}
</style>
{icon}
<h1>Container image history</h1>
<p>What a tag pointed at, when it changed, and why.<br>Which tag a digest was.</p>
"""


def main() -> None:
    """Draw the card: the site's icon and its purpose, without its name, which differs from site to site."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.set_content(_HTML.format(icon=ICON.read_text(encoding="utf-8")))
        page.screenshot(path=CARD)
        browser.close()


if __name__ == "__main__":
    main()
