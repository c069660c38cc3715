"""Runs the scripts of `site_src/assets/javascripts/differ` in Chromium, and compares their facts with `collector.diff`.

python -m tests.diff.in_browser ARCHIVE [--pairs 2000]      real pairs of an archive, as many as one likes
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import msgspec
from playwright.sync_api import Page, sync_playwright

from collector.archive.store import Archive
from collector.diff import compare
from collector.diff.changes import Change
from collector.diff.package_changes import PackagesOf, no_packages
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.packages import ImagePackages
from collector.model.references import Repository
from tests.browser import chromium_path
from tests.support.chromium import QUIET
from tests.support.script_page import script_page

_AT_ONCE = 250
"""Pairs in one call of the page."""

_COMPARE = """async ([states, pairs]) => {
  const { compareStates } = await import("/differ/differ.js");
  const known = JSON.parse(states);
  return JSON.stringify(pairs.map(([before, after]) => compareStates(known[before], known[after])));
}"""

Pair = tuple[State | None, State | None]
_Key = tuple[Repository, Digest]


def compared_in_browser(page: Page, pairs: Sequence[Pair], packages_of: PackagesOf = no_packages) -> list[object]:
    """The changes that the scripts return, as parsed JSON."""
    states = {id(state): state for pair in pairs for state in pair}
    place = {key: number for number, key in enumerate(states)}
    asked = [[place[id(before)], place[id(after)]] for before, after in pairs]
    given = [_with_packages(state, packages_of) for state in states.values()]
    answer = page.evaluate(_COMPARE, [msgspec.json.encode(given).decode(), asked])
    changes: list[object] = msgspec.json.decode(answer)
    return changes


def _with_packages(state: State | None, packages_of: PackagesOf) -> object:
    """The JSON of a state, with the packages of its images as the scripts read them from published lists."""
    if state is None:
        return None
    given = msgspec.to_builtins(state)
    for image in given["all_images"]:
        if known := packages_of(image["config"]["digest"]):
            rows = [package[:5] for package in known.packages.packages]
            image["packages"] = {"by": known.inventory.by, "packages": rows}
    return given


def assert_same(page: Page, pairs: Iterable[Pair], packages_of: PackagesOf = no_packages) -> int:
    """Asserts that both find the same facts; returns the number of pairs."""
    count = 0
    for some in _batches(list(pairs)):
        for (before, after), there in zip(some, compared_in_browser(page, some, packages_of), strict=True):
            here = facts_of(compare(before, after, packages_of))
            assert there == here, f"{before and before.digest} and {after and after.digest}"
            count += 1
    return count


def facts_of(change: Change) -> object:
    """The change as JSON, without its reasons, which only Python decides."""
    facts = msgspec.json.decode(msgspec.json.encode(change))
    for part in (facts, *facts.get("images", ())):
        for name in ("reason", "also", "reasons"):
            part.pop(name, None)
    return facts


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    return (pairs[start : start + _AT_ONCE] for start in range(0, len(pairs), _AT_ONCE))


def real_pairs(archive: Archive, count: int, seed: str = "pairs") -> list[Pair]:
    """About as many: half are consecutive states of a tag, each once; the others any two states of the archive."""
    chance = random.Random(seed)
    consecutive: dict[tuple[_Key, _Key], None] = {}
    for repository in archive.repositories():
        holdings = archive.load_observations(repository)
        for tag in holdings.tags:
            keys = [(repository, period.digest) for period in holdings.periods(tag) if period.digest]
            consecutive |= dict.fromkeys(pairwise(keys))
    chosen = chance.sample(list(consecutive), min(count // 2, len(consecutive)))
    anything = list(dict.fromkeys(key for pair in consecutive for key in pair))
    chosen += [(chance.choice(anything), chance.choice(anything)) for _ in range(count - len(chosen))]
    states = _states(archive, {key for pair in chosen for key in pair})
    return [(states[before], states[after]) for before, after in chosen if before in states and after in states]


def _states(archive: Archive, keys: Iterable[_Key]) -> dict[_Key, State]:
    """The states that are complete in the archive."""
    states: dict[_Key, State] = {}
    for repository, some in groupby(sorted(keys), key=lambda key: key[0]):
        holdings = archive.load(repository)
        states |= {key: state for key in some if (state := holdings.state(key[1]))}
    return states


def packages_in(archive: Archive) -> PackagesOf:
    """The packages of every image of an archive; every repository stays in memory."""
    found: dict[Digest, ImagePackages] = {}
    for repository in archive.repositories():
        holdings = archive.load(repository)
        known = map(holdings.image_packages, holdings.inventories)
        found |= {one.inventory.config: one for one in known if one}
    return found.get


def check(archive: Path, count: int, tell: Callable[[str], None]) -> None:
    """Compare that many pairs of an archive both ways."""
    pairs, packages_of = real_pairs(Archive(archive), count), packages_in(Archive(archive))
    done = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        with script_page(browser) as page:
            for some in _batches(pairs):
                done += assert_same(page, some, packages_of)
                tell(f"{done:,} of {len(pairs):,} pairs")
        browser.close()
    print(f"{done:,} pairs: the same in Python and in the browser")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.diff.in_browser", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--pairs", type=int, default=2000)
    arguments = parser.parse_args()
    check(arguments.archive, arguments.pairs, lambda progress: print(progress, file=sys.stderr))


if __name__ == "__main__":
    main()
