"""Texts that people paste into the search box lead to what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from collector.pages.addresses import twin_path
from tests.browser import Browse

pytestmark = pytest.mark.browser

PARSE = """async (text) => {
  const { parseQuery } = await import("/assets/javascripts/queries.js");
  return parseQuery(text);
}"""

HEX = "0123456789abcdef" * 4

NAMES = {
    "https://hub.docker.com/_/python": "python",
    "hub.docker.com/_/python/tags?name=3.6-slim": "python:3.6-slim",
    "https://hub.docker.com/_/python?tab=tags&page=1&name=3.6": "python:3.6",
    "https://hub.docker.com/r/bitnami/redis/tags": "bitnami/redis",
    "https://hub.docker.com/r/library/python": "python",
    "https://registry.hub.docker.com/r/bitnami/redis/": "bitnami/redis",
    "FROM python:3.6-slim AS build": "python:3.6-slim",
    "FROM --platform=$BUILDPLATFORM python:3.6 as build": "python:3.6",
    "from python": "python",
    "docker pull python:3.6-slim": "python:3.6-slim",
    "docker image pull docker.io/library/python:3.6": "python:3.6",
    "docker run --rm -it -p 8080:80 -e A=b python:3.6 sh -c 'echo 1'": "python:3.6",
    "sudo podman run python:3.6": "python:3.6",
    "skopeo inspect docker://docker.io/library/python:3.6": "python:3.6",
    "index.docker.io/library/python:3.6": "python:3.6",
    "registry-1.docker.io/library/python": "python",
    "mirror.gcr.io/library/python:3.6": "python:3.6",
    "public.ecr.aws/docker/library/python:3.6": "python:3.6",
    "image: 'python:3.6'": "python:3.6",
    '- image: "ghcr.io/owner/name:1"': "ghcr.io/owner/name:1",
    "$ docker pull python:3.6": "python:3.6",
    "root@host:~# sudo docker run -d python:3.6": "python:3.6",
    "FROM python:3.6-slim RUN pip install x": "python:3.6-slim",
    "\u201cpython:3.6\u201d": "python:3.6",
    "oci://docker.io/library/python:3.6": "python:3.6",
    "image=python:3.6": "python:3.6",
    "kubectl set image deployment/web app=docker.io/library/python:3.6": "python:3.6",
    "3.6-slim: Pulling from library/python": "python:3.6-slim",
    "Status: Downloaded newer image for python:3.6": "python:3.6",
    "Unable to find image 'python:3.6' locally": "python:3.6",
    "openssl=3.0.11-1": "openssl=3.0.11-1",
    "python 3.6 slim": "python 3.6 slim",
    "from": "from",
    "docker": "docker",
    "docker:dind": "docker:dind",
    "https://hub.docker.com/": "",
    "library/": "library/",
    "docker run": "docker run",
}

DIGESTS = {
    f"python@sha256:{HEX}": True,
    f"FROM python:3.6@sha256:{HEX} AS build": True,
    f"https://hub.docker.com/layers/library/python/3.6/images/sha256-{HEX}?context=explore": True,
    f'ERROR: failed to solve: "python": {HEX}: not found': True,
    f"Digest: sha256:{HEX}": True,
    f"pulled (sha256:{HEX[:12]})": True,
    f"python  3.6  {HEX[:12]}  2 weeks ago  900MB": False,
    HEX[:7]: False,
}


@pytest.fixture(scope="module")
def page(chromium: Browser, sample: str) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(f"{sample}about/")
    yield page
    page.close()


@pytest.mark.parametrize("text", NAMES)
def test_names(page: Page, text: str) -> None:
    assert page.evaluate(PARSE, text) == {"hex": None, "isSure": False, "name": NAMES[text]}


@pytest.mark.parametrize("text", DIGESTS)
def test_digests(page: Page, text: str) -> None:
    read = page.evaluate(PARSE, text)
    assert (HEX.startswith(read["hex"]), read["isSure"]) == (True, DIGESTS[text])


@pytest.mark.parametrize(
    "text",
    ["", " ", "%", "https://hub.docker.com/%", "hub.docker.com/_/%%%", "from \\", "sha256:", "\x00", "/" * 5_000],
)
def test_any_pasted_text_is_answered(page: Page, text: str) -> None:
    assert page.evaluate(PARSE, text)["hex"] is None


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").first.fill(text)
    expect(page.get_by_role("status")).not_to_be_empty()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("python:3.6", "repos/python/3.6/"),
        ("python", "repos/python/"),
        ("FROM python:3.6-slim AS build", "repos/python/3.6-slim/"),
        ("https://hub.docker.com/_/python/tags?name=3.6-slim", "repos/python/3.6-slim/"),
        ("docker run --rm -it python:3.6-slim sh", "repos/python/3.6-slim/"),
        ("mirror.gcr.io/library/python:3.6", "repos/python/3.6/"),
        (" Python : 3.6 ", "repos/python/3.6/"),
        ("python:", "repos/python/"),
    ],
)
def test_enter_opens_the_name_that_was_written_out(browse: Browse, sample: str, text: str, address: str) -> None:
    page = browse(f"{sample}about/")
    search(page, text)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{sample}{address}")


def test_a_part_of_a_tag_is_completed_to_the_shortest(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    search(page, "python:3.6-sl")
    expect(page.get_by_role("option").first).to_have_text("python:3.6-slim")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/")


def test_a_line_of_docker_images_leads_to_the_image_of_that_time(
    browse: Browse, sample: str, sample_site: Path
) -> None:
    told_at = json.loads((sample_site / "api/v1/repos/python/3.6-slim/linux-amd64.json").read_text())["to"]
    config = json.loads((sample_site / twin_path(told_at)).read_text())["config"].removeprefix("sha256:")
    page = browse(f"{sample}about/")
    search(page, f"python    3.6-slim    {config[:12]}    2 weeks ago    138MB")
    expect(page.get_by_role("option").first).to_contain_text("Image ID")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Image ID")


@pytest.mark.parametrize("text", ["3.6.2", "python 3.6.2", "python:3.6.2", "docker pull python:3.6.2", "v3.6.2"])
def test_a_version_that_a_tag_once_was_is_two_clicks_away(browse: Browse, sample: str, text: str) -> None:
    page = browse(sample)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if "/versions/" in answer.url else None)
    search(page, text)
    option = page.get_by_role("option", name="was PYTHON_VERSION 3.6.2").first
    expect(option).to_have_text("python:3.6 and 2 morewas PYTHON_VERSION 3.6.2 · 2017-07-19 – 2017-10-04")
    assert [len(answer.body()) < 30_000 for answer in answers] == [True]
    option.click()
    expect(page).to_have_url(re.compile(r"repos/python/3\.6/history/#r-[0-9a-f]{12}$"))
    row = page.locator(f"tr[id='{page.url.partition('#')[2]}']")
    expect(row).to_contain_text("3.6.1 → 3.6.2")


def test_enter_on_a_version_lists_all_tags_that_were_it(browse: Browse, sample: str) -> None:
    page = browse(sample)
    search(page, "3.6.2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Tags that are, or were, this version")
    row = page.get_by_role("row").nth(1)
    expect(row).to_have_text("python:3.63, latestPYTHON_VERSION 3.6.22017-07-19 00:46 UTC2017-10-04 01:46 UTC")
    page.goto(f"{sample}digest/?q=3.6.99")
    expect(page.get_by_role("heading", level=2)).to_have_text("Nothing found")


def test_late_answers_do_not_change_the_chosen_option(browse: Browse, sample: str) -> None:
    """The tags that were a version come behind the names, one request later."""
    page = browse(f"{sample}about/")
    held: list[Route] = []
    page.route("**/api/v1/versions/*", lambda route: held.append(route))  # noqa: PLW0108  # Playwright takes no built-in
    with page.expect_request("**/api/v1/versions/*"):
        search(page, "3.6")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    before = chosen.get_attribute("href")
    held[0].fulfill(json={"3.6": [["3.6", "A", "python", "3", 1, "2017-01-01T00:00:00Z", None, "repos/python/3/"]]})
    expect(page.get_by_role("option", name="is A 3.6")).to_be_visible()
    assert chosen.get_attribute("href") == before


@pytest.mark.parametrize("text", ["pyton", "pythno", "ptyhon:3.6", "pyton 3.6"])
def test_a_mistyped_name_is_answered_with_a_suggestion(browse: Browse, sample: str, text: str) -> None:
    page = browse(f"{sample}about/")
    search(page, text)
    expect(page.get_by_role("status")).to_have_text("No such image or tag. Did you mean python?")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="python", exact=True).click()
    expect(page).to_have_url(f"{sample}repos/python/")


def test_a_mistyped_tag_is_answered_with_one_of_the_image_and_with_the_image(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    search(page, "python:3.6-slmi")
    expect(page.get_by_role("status")).to_have_text("No such image or tag. Did you mean python:3.6-slim or python?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="python", exact=True)).to_be_visible()
    page.get_by_role("link", name="python:3.6-slim", exact=True).click()
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/")
