"""Lighthouse on a built site, page by page: `make lighthouse ARGS=SITE`. It needs Node.js with npm.

It uses the Chromium of the tests. npx fetches a fixed version of Lighthouse, because scores differ between versions.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.gzipped import gzipping_server
from collector.errors import BuildError, RepoInfoError
from collector.site.serve import site_server
from tests.browser import serving
from tests.support.chromium import QUIET, find_chromium

VERSION = "12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = (
    "",
    "repos/php/",
    "repos/python/",
    "repos/python/3.6/",
    "repos/python/3.6.4/linux-amd64/",
    "repos/nextcloud/fpm/history/",
)
"""Of the real archive: the last is the longest history."""


class _Category(msgspec.Struct, frozen=True, kw_only=True):
    score: float | None


class _Audit(msgspec.Struct, frozen=True, kw_only=True):
    numeric_value: float | None = msgspec.field(default=None, name="numericValue")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The part of Lighthouse's JSON that is reported."""

    categories: dict[str, _Category]
    audits: dict[str, _Audit]

    def score(self, category: str) -> int:
        return round(100 * (self.categories[category].score or 0))

    def paint(self) -> float:
        """Seconds until the largest part of the page is shown on a slow phone."""
        return (self.audits["largest-contentful-paint"].numeric_value or 0) / 1000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse", description=__doc__)
    parser.add_argument("site", type=Path, help="the folder of a built site")
    parser.add_argument(
        "pages", nargs="*", default=PAGES, help="addresses below its root; else one of each kind of the real archive"
    )
    parser.add_argument("--runs", type=int, default=3, help="for each page; their median counts (default: 3)")
    parser.add_argument("--plain", action="store_true", help="served without gzip")
    arguments = parser.parse_args()
    try:
        print(f"| page | sent | {' | '.join(CATEGORIES)} | largest paint |\n| --- | --- |{' --: |' * 5}")
        server = site_server(arguments.site) if arguments.plain else gzipping_server(arguments.site)
        with serving(server) as root:
            for page in arguments.pages:
                reports = [audit(root + page) for _ in range(arguments.runs)]
                print(_row(page, "as it is" if arguments.plain else "gzip", reports), flush=True)
    except RepoInfoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def audit(address: str, environment: Mapping[str, str] = os.environ) -> Report:
    """Lighthouse's report on a page, for its default: a phone with slow 4G.

    Raises:
        BuildError: there is no Chromium or no npx, or Lighthouse failed.
    """
    chromium = find_chromium(environment)
    if not chromium:
        raise BuildError("no Chromium", hint="set REPO_INFO_CHROMIUM, or install the package chromium")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            *("npx", "--yes", f"lighthouse@{VERSION}", address, "--quiet", "--output=json", f"--output-path={out}"),
            f"--chrome-flags=--headless {' '.join(QUIET)}",
        ]
        try:
            done = subprocess.run(
                command, check=False, env={**environment, "CHROME_PATH": chromium}, capture_output=True, text=True
            )
        except FileNotFoundError:
            raise BuildError("no npx", hint="install Node.js with npm") from None
        if done.returncode or not out.exists():
            said = done.stderr.strip().splitlines() or ["it said nothing"]
            raise BuildError(f"Lighthouse failed at {address}: {said[-1]}")
        return msgspec.json.decode(out.read_bytes(), type=Report)


def _row(page: str, sent: str, reports: Sequence[Report]) -> str:
    scores = [f"{median(report.score(category) for report in reports):.0f}" for category in CATEGORIES]
    paint = median(report.paint() for report in reports)
    return f"| `/{page}` | {sent} | {' | '.join(scores)} | {paint:.1f} s |"


if __name__ == "__main__":
    sys.exit(main())
