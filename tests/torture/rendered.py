"""Checks that the site, the exported Markdown and the descriptions show hostile images as text only."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from comrak import ExtensionOptions, render_markdown
from lxml import etree
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, sync_playwright

from collector.archive.store import Archive
from collector.cli.description_sources import Sources, report_on
from collector.cli.pages import write_pages
from collector.configuration import SiteTable
from collector.describe.descriptions import SECTIONS
from collector.model.invisible import INVISIBLE
from collector.model.references import parse_repository
from collector.site.build import BuildOptions, build_site
from tests.browser import served
from tests.support.chromium import QUIET
from tests.support.github import github_html
from tests.support.html import Element, elements
from tests.torture.images import write_images
from tests.torture.report import Check

_OURS = frozenset(
    "h1 h2 h3 h4 p ul ol li dl dt dd table thead tbody tr th td pre code a strong em hr br blockquote div span svg path"
    " details summary abbr time button input label title".split()
)
_ATTRIBUTES = frozenset(
    "id href class start align style viewbox preserveaspectratio aria-hidden aria-label d title type open hidden lang"
    " datetime role tabindex scope width height fill data-ri data-platform colspan rel name for checked".split()
)
_SVG = frozenset("svg g rect text path title lineargradient stop clippath mask circle a".split())
_STYLE = re.compile(r"text-align: ?(left|right|center);?|--[a-z-]+: ?[\d.]+%?;?")
_TABLES = ExtensionOptions()
_TABLES.table = _TABLES.autolink = True

_RENDERERS: dict[str, Callable[[str], str]] = {
    "cmark-gfm": github_html,
    "comrak with links": lambda text: str(render_markdown(text, extension_options=_TABLES)),
    "markdown-it": MarkdownIt("commonmark", {"html": True}).enable("table").render,
}


def check_site(folder: Path, count: int, seed: int, jobs: int = 1) -> Iterator[Check]:
    """Write hostile images, publish them in every form, and judge each file; then each page in a browser."""
    names = write_images(folder / "archive", count, seed)
    options = BuildOptions(jobs=jobs, site=SiteTable(editions=("2018-01-02",), badges=True))
    build_site(folder / "archive", folder / "site", options)
    for path in sorted((folder / "site").rglob("*")):
        relative = path.relative_to(folder / "site").as_posix()
        if path.is_file() and "hostile" in relative:
            yield Check(group=_group(relative), name=relative, problems=tuple(_faults_of_file(path)))
    write_pages(Archive(folder / "archive"), folder / "pages")
    for path in sorted((folder / "pages").rglob("*.md")):
        name = path.relative_to(folder / "pages").as_posix()
        yield from _check_markdown("exported Markdown", name, path.read_text(encoding="utf-8"))
    sources = Sources(
        archive=folder / "archive", library_dir=None, docs_dir=None, arch=None, site_url="https://example.org/",
        source_url="", sections=SECTIONS,
    )  # fmt: skip
    for name in names:
        yield from _check_markdown("describe", name, report_on(parse_repository(name), sources, is_fitted=True).text)


def _group(path: str) -> str:
    suffix = path.rpartition(".")[2]
    kind = {"html": "pages", "json": "JSON", "gz": "JSON", "xml": "feeds", "svg": "badges and pictures"}.get(
        suffix, "other files"
    )
    return f"{kind} of editions" if path.startswith("editions/") or "/as-of/" in path else kind


def _faults_of_file(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    match path.suffix:
        case ".html":
            yield from faults_of_page(content.decode())
        case ".svg":
            yield from _faults_of_xml(content, _SVG)
        case ".xml":
            yield from _faults_of_feed(content)
        case ".json":
            json.loads(content)
        case ".gz":
            json.loads(gzip.decompress(content))


def faults_of_page(html: str) -> Iterator[str]:
    """The parts of a page that are not ours."""
    article = html.partition("<article")[2].partition(">")[2].partition("</article>")[0]
    yield from _faults_of_elements(elements(article))
    whole = [element.name for element in elements(html)]
    scripts = 0 if 'http-equiv="refresh"' in html else 2
    if whole.count("script") != scripts or {"iframe", "object", "embed", "base", "img"} & {*whole}:
        yield "an element that is not ours"
    if found := INVISIBLE.search(html):
        yield f"U+{ord(found[0]):04X}"


def _faults_of_elements(found: Sequence[Element]) -> Iterator[str]:
    for element in found:
        if element.name not in _OURS:
            yield f"<{element.name}>"
        yield from (f"<{element.name} {name}>" for name in element.attributes if name not in _ATTRIBUTES)
        if ":" in element.attributes.get("href", "").partition("?")[0].partition("#")[0]:
            yield f"a link to {element.attributes['href'][:100]!r}"
        if element.name == "input" and element.attributes.get("type") != "radio":
            yield "an <input> that is no choice of ours"
        if not _STYLE.fullmatch(element.attributes.get("style", "text-align: left")):
            yield f"a style: {element.attributes['style'][:100]!r}"


def _faults_of_xml(content: bytes, allowed: frozenset[str]) -> Iterator[str]:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter():
        name = etree.QName(element).localname.lower() if isinstance(element.tag, str) else str(element.tag)
        if name not in allowed:
            yield f"<{name}>"
        yield from (
            f"<{name} {key!r}>" for key in element.attrib if str(key).lower().startswith("on") or "href" in str(key)
        )


def _faults_of_feed(content: bytes) -> Iterator[str]:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if found := [element for element in root.iter() if element.get("type", "text") in {"html", "xhtml"}]:
        yield f"{len(found)} elements with HTML, where text is enough"
    if char := INVISIBLE.search(content.decode()):
        yield f"U+{ord(char[0]):04X}"


def _check_markdown(group: str, name: str, text: str) -> Iterator[Check]:
    for renderer, render in _RENDERERS.items():
        found = elements(render(_without_head(text)))
        links = [one for one in found if one.name not in {"a", "img"} or not _is_ours(one)]
        yield Check(group=f"{group}, {renderer}", name=name, problems=tuple(_faults_of_elements(links)))


def _without_head(text: str) -> str:
    """The text behind its front matter."""
    return text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text


def _is_ours(element: Element) -> bool:
    target = element.attributes.get("href") or element.attributes.get("src", "")
    return target.startswith("https://example.org/") and not {*element.attributes} - {"href", "src", "alt", "title"}


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """A browser for a campaign that has none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET])
        yield browser
        browser.close()


def check_in_browser(site: Path, browser: Browser, pages: int) -> Iterator[Check]:
    """Open pages with scripts and without: no canary runs, no request leaves the site, no error is logged."""
    found = sorted(path for path in site.rglob("index.html") if "hostile" in path.parts and _is_page(path))
    chosen = found[:: max(1, len(found) // pages)][:pages]
    addresses = [path.parent.relative_to(site).as_posix() for path in chosen]
    with served(site) as address:
        for scripts in (True, False):
            yield from _open_all(browser, address, addresses, scripts)


def _is_page(path: Path) -> bool:
    """Whether it is more than a redirect."""
    return 'http-equiv="refresh"' not in path.read_text(encoding="utf-8")


def _open_all(browser: Browser, address: str, pages: Sequence[str], scripts: bool) -> Iterator[Check]:
    context = browser.new_context(java_script_enabled=scripts)
    context.add_init_script("window.canary = () => { window.canaryRan = true }; window.parent.canary = window.canary")
    page = context.new_page()
    noted: list[str] = []
    page.on("dialog", lambda dialog: noted.append("a dialog"))
    page.on("popup", lambda popup: noted.append("a window"))
    page.on("pageerror", lambda error: noted.append(f"an error of a script: {error}"))
    page.on("request", lambda request: _note_request(noted, address, request.url))
    for path in pages:
        noted.clear()
        page.goto(f"{address}{path}/", wait_until="load")
        yield Check(
            group=f"Chromium {'with' if scripts else 'without'} JavaScript",
            name=path,
            problems=(*noted, *_faults_in_page(page, f"{address}{path}", scripts)),
        )
    context.close()


def _note_request(noted: list[str], address: str, url: str) -> None:
    if not url.startswith((address, "data:image/svg+xml", "blob:")):
        noted.append(f"a request for {url[:100]}")


def _faults_in_page(page: Page, address: str, scripts: bool) -> Iterator[str]:
    if scripts and page.evaluate("window.canaryRan === true"):
        yield "a script ran"
    if not page.url.startswith(address):
        yield f"it led to {page.url[:100]}"
