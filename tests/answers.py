"""Asks two sites of one archive the same random questions in Chromium: `python -m tests.answers WHOLE LIMITED`.

Both must have the same answers for digests, dates and packages, on the pages that look them up, and for tags: what the
page of a tag in the whole site says of its states, the limited site says at the same address.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec
from playwright.sync_api import Page, expect, sync_playwright

from collector.model.times import time_from_seconds
from tests.browser import chromium_path, served
from tests.support.site_data import read_json

_PATIENCE = 60_000
_WAITING = re.compile(r"Loading|Looking")
_PLACES = "[data-ri-digest], [data-ri-asof], [data-ri-package]"


class Questions(msgspec.Struct, frozen=True, kw_only=True):
    """What both sites are asked."""

    lookups: list[str]
    """Addresses of look-ups with their questions."""
    left_out: list[Tag]
    """Tags whose states are asked for at the address of a page that one site leaves out."""


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, and what a site has of it."""

    image: str
    address: str
    name: str
    days: tuple[str, ...]
    """On which its states began."""


def read_tags(site: Path) -> list[Tag]:
    """Every tag of a site."""
    names = json.loads((site / "api/v1/names.json").read_bytes())
    found = []
    for image in names["images"]:
        states = read_json(site / f"api/v1/{image['address']}-states.json.gz")
        for tag, steps in states["tags"].items():
            seconds, days = 0, []
            for more, _ in steps:
                seconds += more
                days.append(time_from_seconds(seconds)[:10])
            address = names["exceptions"].get(f"{image['name']}:{tag}", f"{image['address']}{tag}/")
            found.append(Tag(image=image["name"], address=address, name=tag, days=tuple(days)))
    return found


def iter_digests(site: Path) -> Iterator[str]:
    """The first digits of every digest of a site."""
    for file in sorted((site / "api/v1/digests").iterdir()):
        for digits in read_json(file).values():
            yield from (file.name.partition(".")[0] + rest for rest in digits)


def iter_packages(site: Path) -> Iterator[str]:
    """Every name of a package with each of its listed versions, as `deb/libssl3@3.0.11-1`."""
    for file in sorted((site / "api/v1/packages/names").glob("*.json.gz")):
        for name, sources in read_json(file).items():
            for source, known in sources.items():
                for version in known["versions"]:
                    yield f"{source.partition('/')[0]}/{name}@{version[0]}"


def draw_questions(site: Path, count: int, seed: int) -> list[str]:
    """Addresses of look-ups, as many of each kind."""
    draws = random.Random(seed)
    tags = read_tags(site)

    def some(found: list[str]) -> list[str]:
        return draws.sample(found, min(count, len(found)))

    dates = [(tag, draws.choice(tag.days)) for tag in draws.choices(tags, k=count)]
    return [
        *(f"digest/?q={digits}" for digits in some(list(iter_digests(site)))),
        *(f"digest/?q={quote(f'{tag.image}:{tag.name}')}" for tag in draws.choices(tags, k=count)),
        *(f"as-of/?of={quote(f'{tag.image}:{tag.name}')}&on={day}" for tag, day in dates),
        *(f"package/?q={quote(package)}" for package in some(list(iter_packages(site)))),
    ]


def draw_left_out(whole: Path, limited: Path, count: int, seed: int) -> list[Tag]:
    """Tags with a page, or a page of their history, in one site only."""
    missing = [
        tag
        for tag in read_tags(whole)
        for page in ("", "history/")
        if (whole / tag.address / page / "index.html").exists() > (limited / tag.address / page / "index.html").exists()
    ]
    unique = {tag.address: tag for tag in missing}
    return random.Random(seed).sample(list(unique.values()), min(count, len(unique)))


def draw_all(whole: Path, limited: Path, count: int, seed: int) -> Questions:
    """As many questions of each kind."""
    return Questions(lookups=draw_questions(whole, count, seed), left_out=draw_left_out(whole, limited, count, seed))


def read_answer(page: Page, address: str) -> str:
    """The answer of a look-up, as text."""
    page.goto(address)
    page.locator("[role=status] :is(h2, table, a)").first.wait_for(timeout=_PATIENCE)
    expect(page.locator(_PLACES)).not_to_contain_text(_WAITING, timeout=_PATIENCE)
    return page.locator(_PLACES).inner_text()


def read_states(site: Path, tag: Tag) -> list[list[str]]:
    """The states of a tag, newest first: when each began, and the digest; from the JSON of the history."""
    found, older = [], f"{tag.address}history/"
    while older:
        part = json.loads((site / f"api/v1/{older.rstrip('/')}.json").read_bytes())
        found += [
            [f"{row['since'][:10]} {row['since'][11:16]} UTC", row.get("digest") or ""] for row in part["changes"]
        ]
        older = part.get("older")
    return found


def _minute(time: str) -> str:
    return f"{time[:10]} {time[11:16]} UTC"


def shown_states(page: Page, address: str) -> list[list[str]]:
    """The same from the page at the address of the history."""
    page.goto(address)
    page.locator("h2:text-is('States') + table").wait_for(timeout=_PATIENCE)
    script = """() => [...document.querySelector("h2 + table:last-of-type").tBodies[0].rows].map((row) =>
        [row.cells[0].textContent, row.cells[2].querySelector("code")?.textContent ?? ""])"""
    rows: list[list[str]] = page.evaluate(script)
    return rows


def iter_differences(
    pages: tuple[Page, Page], whole: Path, addresses: tuple[str, str], questions: Questions
) -> Iterator[str]:
    """The questions whose answers differ."""
    for question in questions.lookups:
        one, other = (read_answer(page, address + question) for page, address in zip(pages, addresses, strict=True))
        if one != other or not one.strip():
            yield f"{question}: {one!r}, {other!r}"
    for tag in questions.left_out:
        expected, found = read_states(whole, tag), shown_states(pages[1], f"{addresses[1]}{tag.address}history/")
        if expected != found:
            yield f"{tag.address}: {expected[:3]}, {found[:3]}"


def main(*arguments: str) -> None:
    """Print the differences; exit 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.answers", description=__doc__)
    parser.add_argument("whole", type=Path)
    parser.add_argument("limited", type=Path)
    parser.add_argument("--count", type=int, default=500, help="questions of each kind")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    questions = draw_all(asked.whole, asked.limited, asked.count, asked.seed)
    with served(asked.whole) as one, served(asked.limited) as other, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        pages = (browser.new_page(), browser.new_page())
        found = list(iter_differences(pages, asked.whole, (one, other), questions))
        browser.close()
    asked_for = Counter(question.partition("/")[0] for question in questions.lookups)
    counts = ", ".join(f"{number} {kind}" for kind, number in asked_for.items())
    summary = f"{counts}, {len(questions.left_out)} pages that are left out: {len(found)} differences"
    print("\n".join([*found[:50], summary]))
    sys.exit(bool(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
