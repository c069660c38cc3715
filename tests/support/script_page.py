"""A page of Chromium that can import the site's scripts without a built site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import served

_SCRIPTS = Path(__file__).resolve().parents[2] / "site_src" / "assets" / "javascripts"


@contextmanager
def script_page(chromium: Browser) -> Iterator[Page]:
    """An empty page, served from a folder that contains the scripts."""
    with tempfile.TemporaryDirectory(prefix="repo-info-scripts-") as folder:
        shutil.copytree(_SCRIPTS, folder, dirs_exist_ok=True)
        Path(folder, "index.html").write_text("<!doctype html><title>scripts</title>")
        with served(Path(folder)) as address:
            page = chromium.new_page()
            page.goto(address)
            yield page
            page.close()
