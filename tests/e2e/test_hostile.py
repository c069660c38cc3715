"""A hostile archive through all layers: its journals, the pages, the site, and a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collector.model.digests import hex_of
from collector.model.invisible import INVISIBLE
from collector.pages.addresses import twin_path
from tests.browser import Browse, overflow
from tests.diff.builders import named
from tests.e2e.hostile import ATTACKS, MARK, NAMES, SCRIPT, TAGS
from tests.e2e.hostile_registry import LABELS, LONG
from tests.e2e.hostile_registry import NAME as REGISTRY
from tests.support.html import elements

TEXT = {"h1", "h2", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "a", "strong"}
SWITCH = {"input", "label"}
PICTURE = {"div", "svg", "path", "text", "title"}
ATTRIBUTES = {"id", "href", "class", "start", "align", "style", "viewbox", "preserveaspectratio", "aria-hidden", "d"}
ATTRIBUTES |= {
    "height",
    "x",
    "y",
    "tabindex",
    "type",
    "name",
    "checked",
    "for",
    "role",
    "aria-label",
    "scope",
    "colspan",
}


def article(html: str) -> str:
    return html.partition("<article")[2].partition(">")[2].partition("</article>")[0]


def test_no_page_has_an_element_or_a_link_that_is_not_ours(hostile_site: Path) -> None:
    pages = sorted(page for name in ("owner", "modern") for page in (hostile_site / "repos" / name).rglob("index.html"))
    assert len(pages) > 100
    for page in pages:
        html = page.read_text()
        found = elements(article(html))
        assert {element.name for element in found} <= TEXT | PICTURE | SWITCH
        assert {name for element in found for name in element.attributes} <= ATTRIBUTES
        for element in found:
            assert ":" not in element.attributes.get("href", "").partition("?")[0]
        whole = [element.name for element in elements(html)]
        assert whole.count("script") == (0 if 'http-equiv="refresh"' in html else 2), "the site's own"
        assert whole.count("img") == 0
        assert not INVISIBLE.search(html)


def test_every_image_and_tag_has_its_page(hostile_site: Path) -> None:
    names = json.loads((hostile_site / "api/v1/names.json").read_text())
    assert sorted(image["name"] for image in names["images"]) == sorted([*NAMES, REGISTRY])
    for image in (image for image in names["images"] if image["name"] != REGISTRY):
        tags = [*image["tags"].split(), *image["gone"].split()]
        assert sorted(tags) == sorted([*TAGS, "gone"])
        for tag in tags:
            address = names["exceptions"].get(f"{image['name']}:{tag}", f"{image['address']}{tag}/")
            assert f"{image['name']}:{tag}</h1>" in (hostile_site / address / "index.html").read_text()
            assert (hostile_site / address / "history" / "index.html").is_file()


def assert_harmless(page: Page) -> None:
    assert MARK not in page.title().partition(" · ")[0].replace(SCRIPT, "")
    assert page.locator("article :is(script, img, iframe, object, embed, style)").count() == 0
    attributes = "[...document.querySelectorAll('*')].flatMap(element => element.getAttributeNames())"
    assert not [name for name in page.evaluate(attributes) if name.startswith("on")]
    strange = "[...document.links].filter(a => a.origin !== location.origin).map(a => a.href)"
    assert page.evaluate(strange) == []


PAGES = {
    "home": "",
    "image": "repos/owner/",
    "tag": "repos/owner/latest/",
    "tag that gave way to an image": "repos/owner/~name/",
    "tag named history": "repos/localhost+5000/app/history/",
    "history of history": "repos/localhost+5000/app/history/history/",
    "platform": "repos/owner/~0.json/linux-amd64/",
    "platform named history": "repos/owner/latest/history-_/",
    "gone": "repos/owner/gone/",
    "tag that a registry told": "repos/modern/app/latest/",
    "platform that a registry told": "repos/modern/app/latest/linux-amd64/",
    "platform with a strange history": "repos/modern/app/latest/linux-_script_document.title_pwned__script_/",
    "history that a registry told": "repos/modern/app/latest/history/",
    "artifact": "repos/modern/app/chart/",
}


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_in_a_browser_every_page_is_text(browse: Browse, hostile: str, address: str) -> None:
    page = browse(f"{hostile}{address}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_harmless(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) == 0


@pytest.mark.browser
def test_every_attack_is_shown_as_it_was_written(browse: Browse, hostile: str, hostile_site: Path) -> None:
    twin = json.loads((hostile_site / "api/v1/repos/owner/latest/linux-amd64.json").read_text())
    page = browse(f"{hostile}{twin.get('to') or 'repos/owner/latest/linux-amd64/'}")
    blocks = page.locator("article pre code").all_text_contents()
    for attack in ATTACKS:
        shown = attack.replace("\u202e", "⟨U+202E⟩").replace("\u200b", "⟨U+200B⟩")
        shown = shown.replace("\x1b", "⟨U+001B⟩").replace("\x00", "⟨U+0000⟩")
        assert [block for block in blocks if block.startswith(f"RUN {shown} after")], attack
    expect(page.locator("article")).to_contain_text(f"application/{SCRIPT}")
    expect(page.locator("article")).to_contain_text(f"A={SCRIPT}")
    assert_harmless(page)


@pytest.mark.browser
def test_text_from_a_registry_is_shown_unchanged_and_bounded(browse: Browse, hostile: str, hostile_site: Path) -> None:
    address = "repos/modern/app/latest/linux-amd64/"
    page = browse(f"{hostile}{address}")
    article = page.locator("article")
    expect(article.get_by_role("row", name="Base image")).to_contain_text("⟨U+202E⟩gnp.exe")
    expect(article.locator("#attestations ~ ul > li").first).to_contain_text(
        "built by ](javascript:document.title=1) ](javascript:"
    )
    expect(article.get_by_role("row", name=f"Label {SCRIPT}=")).to_be_visible()
    more = LABELS + 1 + len(ATTACKS) - 100
    expect(article.get_by_role("row", name=f"Label and {more:,} more in the JSON")).to_be_visible()
    expect(article.get_by_role("row", name="Label a-long-one=after xxx")).to_contain_text("characters more")
    assert_harmless(page)
    assert len((hostile_site / address / "index.html").read_text()) < 300_000
    twin = json.loads((hostile_site / twin_path(address)).read_text())
    labels = {name: value for kind, name, value in twin["settings"] if kind == "label"}
    assert len(labels) == LABELS + 1 + len(ATTACKS)
    assert len(labels["a-long-one"]) > LONG


@pytest.mark.browser
@pytest.mark.parametrize("image", ["owner", "modern/app"])
def test_a_change_opened_by_script_is_text(browse: Browse, hostile: str, image: str) -> None:
    page = browse(f"{hostile}repos/{image}/latest/history/")
    page.get_by_role("button", name="Show the change").first.click()
    opened = page.locator(".ri-change")
    expect(opened).to_contain_text("<script>")
    expect(opened).to_contain_text("⟨U+202E⟩")
    assert_harmless(page)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["owner:name", "constructor:__proto__", "owner:0.json", "localhost:5000/app:feed.xml"])
def test_awkward_names_are_found_by_name(browse: Browse, hostile: str, name: str) -> None:
    page = browse(hostile)
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.get_by_role("option").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.browser
def test_a_digest_of_it_leads_to_existing_pages(browse: Browse, hostile: str, hostile_site: Path) -> None:
    page = browse(f"{hostile}digest/?q={hex_of(named('before 0 3'))[:20]}")
    expect(page.locator("section").first).to_contain_text(named("before 0 3"))
    for other in page.locator("details:has(> summary > code) > summary").all():
        other.click()
    expect(page.locator("section")).to_have_count(len(NAMES))
    assert_harmless(page)
    links = page.evaluate("[...document.querySelectorAll('section a')].map(link => decodeURI(link.pathname))")
    pages = [link for link in links if link.startswith("/repos/")]
    assert len(pages) == len(NAMES) * (len(TAGS) + 1)
    assert [link for link in pages if not (hostile_site / link.strip("/") / "index.html").is_file()] == []
