"""Search in a real browser, on the site of the bundled sample."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from collector.pages.addresses import twin_path
from tests.browser import Browse

pytestmark = pytest.mark.browser

UNKNOWN = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def digests(sample_site: Path) -> Mapping[str, str]:
    """Of python:3.6-slim on linux/amd64."""
    tag = sample_site / "api/v1/repos/python/3.6-slim"
    # Tags of the same image share one page that tells of it.
    told_at = json.loads((tag / "linux-amd64.json").read_text())["to"]
    platform = json.loads((sample_site / twin_path(told_at)).read_text())
    return {
        "Index": json.loads(tag.with_name(f"{tag.name}.json").read_text())["digest"],
        "Manifest": platform["manifest"],
        "Image ID": platform["config"],
        "Layer": platform["layers"][-1]["digest"],
    }


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)


@pytest.mark.parametrize("query", ["python:3.6-slim", "python 3.6-slim", "3.6-slim", "docker pull python:3.6-slim"])
def test_a_tag_is_found_by_name(browse: Browse, sample: str, query: str) -> None:
    page = browse(sample)
    search(page, query)
    expect(page.get_by_role("option").first).to_have_text("python:3.6-slim")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/")


FORMS: Mapping[str, Callable[[str], str]] = {
    "Index": lambda digest: digest,
    "Manifest": lambda digest: digest.replace(":", "-"),
    "Image ID": lambda digest: digest.removeprefix("sha256:")[:12],
    "Layer": lambda digest: f"python:3.6-slim@{digest[:19]}",
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_digest_is_answered_in_place(browse: Browse, sample: str, digests: Mapping[str, str], kind: str) -> None:
    page = browse(f"{sample}about/")
    search(page, FORMS[kind](digests[kind]))
    option = page.get_by_role("option").first
    expect(option).to_contain_text("python:3.6")
    expect(option).to_contain_text(kind)
    expect(option).to_contain_text("– now")
    if kind != "Index":
        expect(option).to_contain_text("linux/amd64")
    expect(page.get_by_role("status")).to_contain_text(f"{kind} {digests[kind][:19]}")


@pytest.mark.parametrize("kind", FORMS)
def test_the_digest_page_shows_everything_known_of_a_digest(
    browse: Browse, sample: str, digests: Mapping[str, str], kind: str
) -> None:
    page = browse(sample)
    search(page, FORMS[kind](digests[kind]))
    page.get_by_role("option", name="All about this digest").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(f"{kind} of python{digests[kind]}")
    row = page.get_by_role("row", name="python:3.6-slim").first
    expect(row).to_contain_text("now")
    row.get_by_role("link", name="python:3.6-slim", exact=True).click()
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/")


def is_of_look_up(url: str) -> bool:
    """The file of visits is loaded by every page, whatever is looked up."""
    return ".json" in url and not url.endswith("visits.json")


@pytest.mark.parametrize("kind", FORMS)
def test_a_digest_costs_two_small_files(browse: Browse, sample: str, digests: Mapping[str, str], kind: str) -> None:
    """However it is typed; the page of the digest, which also tells what it contained, begins with the same two."""
    page = browse(f"{sample}about/")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if is_of_look_up(answer.url) else None)
    search(page, digests[kind])
    expect(page.get_by_role("option").first).to_contain_text(kind)
    page.wait_for_load_state("networkidle")
    found = [answer for answer in answers if not answer.url.endswith("names.json")]
    assert len(found) == 2
    assert sum(len(answer.body()) for answer in found) < 30_000
    answers.clear()
    page.goto(f"{sample}digest/?q={digests[kind]}")
    expect(page.get_by_role("heading", level=2).first).to_contain_text(kind)
    assert [answer.url for answer in answers[:2]] == [answer.url for answer in found]


@pytest.mark.parametrize("query", [UNKNOWN, f"sha256:{UNKNOWN[:20]}", f"python@sha256:{UNKNOWN}"])
def test_an_unknown_digest_is_refused_politely(browse: Browse, sample: str, query: str) -> None:
    page = browse(sample)
    search(page, query)
    expect(page.get_by_role("status")).to_have_text("This digest is not in this archive")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("Not in this archive")
    expect(page.locator("article")).to_contain_text(query)


def test_a_name_on_the_digest_page(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}digest/?q=slim")
    expect(page.get_by_role("row")).not_to_have_count(0)
    expect(page.get_by_role("row").nth(1)).to_have_text("python:slimcurrent")
    page.goto(f"{sample}digest/?q=no-such-name")
    expect(page.get_by_role("heading", level=2)).to_have_text("Nothing found")


def test_the_question_is_text_wherever_it_is_shown(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}digest/?q=%3Cimg+src=x+onerror=document.title=1%3E")
    expect(page.locator("article h2 + p code")).to_have_text("<img src=x onerror=document.title=1>")
    assert page.locator("article img").count() == 0


def test_the_keyboard(browse: Browse, sample: str) -> None:
    page = browse(sample)
    box = page.get_by_role("combobox")
    for key in "/sf":
        page.keyboard.press(key)
        expect(page.locator("#ri-search")).to_be_focused()
        page.locator("#ri-search").blur()
    page.keyboard.press("/")
    page.keyboard.type("python")
    expect(box).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("python")
    last = options.count() - 1
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", last)):
        page.keyboard.press(key)
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_have_count(0 if at is None else 1)
        if at is None:
            assert box.get_attribute("aria-activedescendant") is None
        else:
            expect(options.nth(at)).to_have_attribute("aria-selected", "true")
            assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("python")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")


def test_leaving_the_box_closes_the_list(browse: Browse, sample: str) -> None:
    page = browse(sample)
    search(page, "alpine")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_enter_without_a_choice_shows_all_matches(browse: Browse, sample: str) -> None:
    page = browse(sample)
    search(page, "python 3.6")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{sample}digest/?q=python+3.6")
    expect(page.get_by_role("heading", level=2)).to_contain_text("matches")


def test_indexes_are_loaded_only_for_a_search(browse: Browse, sample: str) -> None:
    page = browse("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(sample)))
    page.goto(f"{sample}repos/python/")
    page.wait_for_load_state("networkidle")
    assert [path for path in asked if path.startswith("api/")] == ["api/v1/visits.json"]
    assert not [path for path in asked if "search" in path and path.endswith(".js")]
    with page.expect_response("**/api/v1/names.json"):
        page.keyboard.press("/")


def test_without_scripts_the_box_leads_to_a_page_that_says_how(browse: Browse, sample: str) -> None:
    page = browse(sample, scripts=False)
    page.locator("#ri-search").fill("sha256:abcdef0")
    page.locator("#ri-search").press("Enter")
    expect(page).to_have_url(f"{sample}digest/?q=sha256%3Aabcdef0")
    expect(page.get_by_text("repo-info find sha256:")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_button_searches_too(browse: Browse, sample: str, scripts: bool) -> None:
    page = browse(f"{sample}repos/python/", scripts=scripts)
    page.locator("#ri-search").fill("sha256:abcdef0")
    page.get_by_role("banner").get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(f"{sample}digest/?q=sha256%3Aabcdef0")


def test_the_list_closes_when_the_focus_goes_on_to_the_button(browse: Browse, sample: str) -> None:
    page = browse(sample)
    search(page, "python:3.6")
    expect(page.get_by_role("listbox", name="Search results")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("banner").get_by_role("button", name="Search", exact=True)).to_be_focused()
    expect(page.get_by_role("listbox", name="Search results")).to_be_hidden()
