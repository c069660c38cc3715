"""Checks a built site: `python -m tests.links SITE`.

No link within it is broken, unless a script answers where it leads, nor one to a part of a page; a digest is one that
the index knows, but for base images, which may be of another archive; every page that does not lead on to another has a
title of its own, one first heading, a language and a description; nothing leads to another host but what is written by
hand, and pages of packages to the trackers of distributions. It reads HTML as regular expressions do, which is enough
for ours: in text every `<` is escaped.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from collector.pages.left_out import HISTORIES
from tests.support.site_data import read_json

HOSTS = frozenset(
    "datasette.io docs.renovatebot.com github.com llmstxt.org pypi.org rclone.org shields.io squidfunk.github.io"
    " www.mkdocs.org".split()
)
"""Named in hand-written prose, and nowhere else."""

TRACKERS = frozenset(
    {"security-tracker.debian.org", "ubuntu.com", "security.alpinelinux.org", "bodhi.fedoraproject.org"}
)
"""Of distributions; the pages of packages lead there."""

_MANY = 1_000
"""The number of pages from which several processes are worth their start."""

_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"""([a-z-]+)=("[^"]*"|[^\s"'>]+)""")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_DIGEST = re.compile(r"(<td>Base image<td>[^\n]*?)?<code class=d>sha256:([0-9a-f]{64})</code>")
_TARGETS = ("href", "src", "action")
_TIME = re.compile(r"at-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_PAGE_OF_TAG = re.compile(r"(history/([0-9]+/)?)?index\.html\Z")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The findings on one page."""

    path: str
    """Relative to the site's root."""
    title: str
    faults: tuple[str, ...]
    ids: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    """Paths relative to the site's root, and fragments (of JSON: keys); these are empty where there are none."""
    digests: tuple[str, ...]
    """The hex digits that a script makes links to the digest page of."""
    leads: bool
    """The page is a redirect."""


def check_site(site: Path) -> list[str]:
    """All faults of a site, a line each."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages = sorted(path for path in files if path.endswith(".html"))
    found = list(_iter_pages(site, pages))
    return [
        *(f"{page.path}: {fault}" for page in found for fault in page.faults),
        *_iter_broken(found, files, _left_out(site), Histories(site)),
        *_iter_unknown(found, site),
        *_iter_doubles(found),
    ]


def _iter_pages(site: Path, paths: list[str]) -> Iterator[Page]:
    if len(paths) < _MANY:
        yield from (read_page(site, path) for path in paths)
        return
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(partial(read_page, site), paths, chunksize=64)


def read_page(site: Path, path: str) -> Page:
    """Read a page: its faults, its links, its digests."""
    html = (site / path).read_text(encoding="utf-8")
    tags = [
        (name, {key: value.strip('"') for key, value in _ATTRIBUTE.findall(rest)}) for name, rest in _TAG.findall(html)
    ]
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    title = _TITLE.search(html)
    targets: dict[tuple[str, str], None] = {}
    digests = dict.fromkeys(digits for base, digits in _DIGEST.findall(html) if not base)
    leads = any(attributes.get("http-equiv") == "refresh" for _, attributes in tags)
    faults = [] if leads else list(_iter_faults(tags, ids))
    for _, attributes in tags:
        for link in (unescape(attributes[name]) for name in _TARGETS if name in attributes):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                allowed = TRACKERS if path.startswith("packages/") else () if path.startswith("repos/") else HOSTS
                if parts.scheme != "https" or parts.netloc not in allowed:
                    faults.append(f"leads to another host: {link}")
                continue
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), unquote(parts.path))).lstrip("/")
            if not parts.path:
                target = path
            elif parts.path.endswith(("/", ".")):
                target = posixpath.join(target, "index.html")
            targets[target, unquote(parts.fragment)] = None
    return Page(
        path=path,
        title=unescape(title[1]).strip() if title else "",
        faults=tuple(faults),
        ids=tuple(ids),
        targets=tuple(targets),
        digests=tuple(digests),
        leads=leads,
    )


def _iter_faults(tags: list[tuple[str, dict[str, str]]], ids: list[str]) -> Iterator[str]:
    names = Counter(name for name, _ in tags)
    if names["h1"] != 1:
        yield f"{names['h1']} first headings"
    if not any(name == "html" and attributes.get("lang") for name, attributes in tags):
        yield "no language"
    metas = {attributes.get("name"): attributes.get("content") for name, attributes in tags if name == "meta"}
    if not (metas.get("description") or "").strip():
        yield "no description"
    yield from (f"two elements with the id {name}" for name, count in Counter(ids).items() if count > 1)


def _left_out(site: Path) -> set[str]:
    """The addresses of tags with pages that the site leaves out: a script of 404.html answers there."""
    file = site / "api" / "v1" / "names.json"
    names = json.loads(file.read_bytes()) if file.is_file() else {}
    if not names.get("left_out"):
        return set()
    return {
        names["exceptions"].get(f"{image['name']}:{tag}", f"{image['address']}{tag}/")
        for image in names["images"]
        for tag in f"{image['tags']} {image['gone']}".split()
        if tag in image["gone"].split() or names["left_out"]["rank"] >= HISTORIES
    }


class Histories:
    """The times at which tags changed, from the JSON of their histories: a script opens the change of a time."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self._times: dict[str, frozenset[str]] = {}

    def has(self, target: str, fragment: str) -> bool:
        """Whether the page is that of a tag which changed at the time that the fragment names."""
        time, tag = _TIME.fullmatch(fragment), target.removesuffix("index.html")
        if time is None or not tag.startswith("repos/"):
            return False
        if tag not in self._times:
            self._times[tag] = frozenset(self._iter_times(f"{tag}history/"))
        return time[1] in self._times[tag]

    def _iter_times(self, older: str | None) -> Iterator[str]:
        while older and (file := self._site / f"api/v1/{older.rstrip('/')}.json").is_file():
            part = json.loads(file.read_bytes())
            yield from (row["since"] for row in part["changes"])
            older = part.get("older")


def _iter_broken(pages: Iterable[Page], files: set[str], left_out: set[str], histories: Histories) -> Iterator[str]:
    ids = {page.path: set(page.ids) for page in pages}
    for page in pages:
        for target, fragment in page.targets:
            if target not in files and _PAGE_OF_TAG.sub("", target) in left_out:
                continue
            if target not in files:
                yield f"{page.path}: broken link to {target}"
            elif fragment and fragment not in ids.get(target, ()) and not histories.has(target, fragment):
                yield f"{page.path}: {target} has no part #{fragment}"


def _iter_unknown(pages: Iterable[Page], site: Path) -> Iterator[str]:
    asked: dict[str, dict[str, str]] = defaultdict(dict)
    for page in pages:
        for digits in page.digests:
            asked[digits[:3]].setdefault(digits, page.path)
    for shard, digests in sorted(asked.items()):
        known = _known(site, shard)
        yield from (f"{path}: unknown digest {digits}" for digits, path in digests.items() if digits[:12] not in known)


def _known(site: Path, shard: str) -> set[str]:
    """The digests of the index, by twelve digits, that the file of this shard has: longer names are of larger sites."""
    files = (site / "api" / "v1" / "digests" / f"{shard[:length]}.json.gz" for length in (1, 2, 3))
    return {
        file.name.partition(".")[0] + rest
        for file in files
        if file.is_file()
        for of_image in read_json(file).values()
        for rest in of_image
    }


def _iter_doubles(pages: Iterable[Page]) -> Iterator[str]:
    titles: dict[str, list[str]] = defaultdict(list)
    for page in (page for page in pages if not page.leads):
        titles[page.title].append(page.path)
    for title, paths in titles.items():
        if not title.partition("·")[0].strip():
            yield from (f"{path}: no title" for path in paths)
        elif len(paths) > 1:
            yield f"{paths[0]}: the title {title!r} is also that of {', '.join(paths[1:4])}"


def main(*arguments: str) -> None:
    """Print the faults of a site; exit 1 if there are any."""
    if len(arguments) != 1 or not Path(arguments[0], "index.html").is_file():
        sys.exit("usage: python -m tests.links SITE    (a folder with a built site)")
    faults = check_site(Path(arguments[0]))
    print("\n".join([*faults[:200], f"{len(faults)} faults"]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
