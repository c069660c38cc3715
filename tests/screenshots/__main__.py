"""`make screenshots`: the sample's pages and README's pictures; `make screenshots ARGS='SITE'`: any built site's pages.

Each page is taken wide, narrow and dark, into the folder `screenshots`, which git ignores.
"""

from __future__ import annotations

import argparse
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from tests.browser import chromium_path, served
from tests.screenshots.readme import take_pictures_of_readme
from tests.screenshots.shots import EDITION, REAL, SHOTS, Shot, digests_of
from tests.support.chromium import QUIET

ROOT = Path(__file__).parent.parent.parent
VIEWS = {"wide": (1200, False), "narrow": (360, False), "dark": (1200, True)}
HIGHEST = 3000  # pixels; what is below is more of the same


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        site = arguments.site or Path(folder) / "site"
        if not arguments.site:
            build_site(ROOT / "examples" / "archive", site, BuildOptions(jobs=1, site=SiteTable(editions=(EDITION,))))
        shots = {**SHOTS, **REAL} if arguments.site else SHOTS
        chosen = {name: shot for name, shot in shots.items() if fnmatch(name, arguments.only)}
        with served(site) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
            take_all(browser, address, chosen, digests_of(site), arguments.to)
            if not arguments.site and arguments.only == "*":
                take_pictures_of_readme(browser, address, ROOT / ".github" / "images")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, help="a built site; else that of the sample is built")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names of the pages to take, as 'tag*'")
    parser.add_argument("--to", type=Path, default=ROOT / "screenshots", metavar="FOLDER")
    return parser.parse_args()


def take_all(browser: Browser, root: str, shots: dict[str, Shot], digests: dict[str, str], to: Path) -> None:
    """Take pictures of all pages in all views. Pages that the site lacks are named."""
    to.mkdir(parents=True, exist_ok=True)
    for view, (width, dark) in VIEWS.items():
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        for name, shot in shots.items():
            page = context.new_page()
            try:
                page.goto(root + shot.address.format_map(digests))
                page.locator(shot.ready).first.wait_for(timeout=10_000)
                if shot.act:
                    shot.act(page)
                page.wait_for_load_state("networkidle")
                height = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size({"width": width, "height": max(800, height)})
                page.screenshot(path=to / f"{name}-{view}.png")
            except (Error, KeyError) as error:
                print(f"{name}, {view}: not taken: {str(error).splitlines()[0]}")
            page.close()
        context.close()
    print(f"{to}: {len(list(to.glob('*.png'))):,} pictures")


if __name__ == "__main__":
    main()
