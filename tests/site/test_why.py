"""Why a build changed: the page /why/ has the answers of `repo-info why`, and keeps the file to itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from collector.archive.store import Archive
from collector.dockerfiles import parse_images
from collector.lookup.build_changes import ImageChanges, changes_of
from collector.model.times import Time, parse_as_of
from collector.pages.reason_text import summary_text
from collector.pages.release_text import progress_text
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, overflow, served
from tests.dockerfiles.files import IMAGES
from tests.pages.archives import Seen, day, write_archive
from tests.releases.made_up import AMD64, ARM, base_of, built, state_of
from tests.site.conftest import NEW, OLD
from tests.support.folders import copy_site

pytestmark = pytest.mark.browser

PERIODS = (("2017-12-01", None), ("2016-09-30", "2017-11-03"), ("2030-01-01", None))
ODD = (
    "python@2017-01-01",
    "python:",
    "Python",
    "alpine:9",
    "library/python:3.6",
    "registry-1.docker.io/library/alpine:3.5",
)
YAML = "services:\n  a: {image: 'python:3.6-slim'}\n  b:\n    image: docker.io/library/alpine:${TAG:-3.5}\n    x: *no\n"
TWICE = (Time("2024-01-08T09:30:00Z"), Time("2024-01-08T14:05:00Z"))
_ANSWER = """async ([text, periods]) => {
  const address = (name) => new URL(`../assets/javascripts/${name}.js`, location);
  const { parseImages } = await import(address("dockerfiles/files"));
  const { changesOf } = await import(address("build_changes"));
  const { progressText } = await import(address("release_text"));
  const images = parseImages(text);
  const found = await Promise.all(
    periods.map(([since, until]) => Promise.all(images.map((image) => changesOf(image, since, until)))),
  );
  for (const release of found.flat().flatMap(({ releases }) => releases)) release.progress = progressText(release);
  return found;
}"""
FILE = (
    "ARG BASE=python:3.6-slim # hunter2\nFROM ${BASE} AS build\nRUN echo hunter2\nFROM private.example.org/secret:1\n"
)


def ask(page: Page, text: str, since: str = "2017-12-01", until: str = "") -> None:
    """Pastes a file and asks."""
    page.get_by_label("A Dockerfile, a compose file or a Kubernetes manifest").fill(text)
    page.get_by_label("A day on which it still worked").fill(since)
    page.get_by_label("The last day, if not now").fill(until)
    page.locator(".ri-why button").click()


def from_python(image: ImageChanges) -> tuple[Any, ...]:
    releases = [
        (one.since, one.updated, one.digest, summary_text(one.reasons), progress_text(one)) for one in image.releases
    ]
    known = bool(image.reference) and not image.problem
    return image.line, image.reference, image.is_pinned, image.before, image.after, releases, known


def from_page(image: dict[str, Any]) -> tuple[Any, ...]:
    releases = [
        (one["since"], one["updated"], one.get("newest", {}).get("digest"), one["summary"], one["progress"])
        for one in image["releases"]
    ]
    known = bool(image["reference"]) and not image["problem"]
    return image["line"], image["reference"], image["isPinned"], image["before"], image["after"], releases, known


def test_the_same_answers_as_the_command_line(browse: Browse, sample: str, root: Path) -> None:
    load = cache(Archive(root / "examples" / "archive").load)
    references = {reference for images in IMAGES.values() for _, reference in images}
    text = "".join(f"FROM {reference}\n" for reference in (*sorted(references), *ODD))
    periods = [(parse_as_of(since), parse_as_of(until) if until else None) for since, until in PERIODS]
    told = 0
    found = browse(f"{sample}why/").evaluate(_ANSWER, [text, periods])
    for (since, until), there in zip(periods, found, strict=True):
        here = [changes_of(image, load, since, until) for image in parse_images(text.encode())]
        assert list(map(from_page, there)) == list(map(from_python, here))
        told += sum(len(image.releases) for image in here)
    assert told > 100


def test_a_file_is_answered_in_words(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/")
    ask(page, FILE)
    expect(page.get_by_role("status")).to_contain_text("1 of 2 images changed after 2017-12-01 23:59 UTC")
    rows = page.locator("section tbody > tr")
    assert rows.locator("td:nth-child(2)").all_inner_texts() == [
        "PYTHON_VERSION 3.6.3 → 3.6.4; base image moved (on linux/s390x) · 7 of 7 platforms",
        "base image moved · 6 of 7 platforms, linux/s390x skipped",
    ]
    pin = page.locator("section pre code")
    expect(pin).to_have_text(
        "ARG BASE=python:3.6-slim@sha256:7154bd1a5d4a4f64ca3ec1719906c9a60b64fbac0132fd485d640acb30f76399 # hunter2"
    )
    expect(page.locator("section").last).to_contain_text("Line 4. Nothing is known of this image: the archive has no")
    assert page.url == f"{sample}why/?since=2017-12-01"
    rows.first.get_by_role("button").click()
    expect(page.locator("section .ri-change")).to_contain_text("PYTHON_VERSION3.6.33.6.4")


def test_nothing_of_the_file_is_sent(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108  # Playwright takes no built-in
    ask(page, FILE)
    page.locator("section").last.wait_for()
    assert sent
    for request in sent:
        text = f"{request.url} {request.post_data}"
        assert request.method == "GET"
        assert not any(word in text for word in ("hunter2", "secret", "private", "BASE"))


def test_without_scripts_nothing_can_be_sent(browse: Browse, sample: str) -> None:
    expect(browse(f"{sample}why/", scripts=False).locator(".ri-why button")).to_be_disabled()


def test_packages_are_in_the_change(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}why/?image=app:1&since=2025-10-01")
    page.locator("section").get_by_role("button", name="Show the change").click()
    expect(page.locator("section .ri-change")).to_contain_text(f"openssl{OLD}{NEW}")
    page.get_by_role("link", name="all that changed in that time").click()
    expect(page.get_by_role("status")).to_contain_text(f"openssl{OLD}{NEW}")


@pytest.fixture
def based_site(frame: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a site on which debian:stretch moved on one platform, and python:3.6 with it; and again, twice."""
    bases = [state_of([base_of(AMD64, moved), base_of(ARM, 1)]) for moved in (1, 3, 5, 6)]
    builds = [
        state_of([built(AMD64, version="1", base=1), built(ARM, version="1")]),
        *(state_of([built(AMD64, version="2", base=base), built(ARM, version="2")]) for base in (3, 5, 6)),
    ]
    times = [[day(1), day(3), *TWICE], [day(2), day(4), Time("2024-01-08T10:00:00Z"), day(9)]]
    debian, python = (
        [Seen(tag=tag, time=time, state=state) for time, state in zip(of_tag, states, strict=True)]
        for tag, of_tag, states in zip(("stretch", "3.6"), times, (bases, builds), strict=True)
    )
    archive = write_archive(tmp_path / "archive", debian=debian, python=python)
    site = copy_site(frame, tmp_path / "site")
    build_site(archive, site, BuildOptions(jobs=1))
    with served(site) as address:
        yield address


def test_a_base_that_moved_leads_to_its_release(browse: Browse, based_site: str) -> None:
    page = browse(f"{based_site}why/?image=python:3.6&since={day(2)[:10]}")
    cells = page.locator("section tbody > tr > td:nth-child(2)")
    # Releases of one day are named with their minutes.
    for number, minute in enumerate(("14:05", "09:30")):
        expect(cells.nth(number)).to_contain_text(f"base debian:stretch, 2024-01-08 {minute} UTC")
    cell = cells.last
    expect(cell).to_contain_text(f" · base debian:stretch, {day(3)[:10]} on linux/amd64 · 2 of 2 platforms")
    cell.get_by_role("link").click()
    page.wait_for_url(f"{based_site}repos/debian/stretch/#at-{day(3)}")
    page.get_by_text("This comparison on its own page").wait_for()


TEXTS = {
    "hello": "Not read: line 1 is not YAML",
    "a: b\nc: [": "Not read: line 2 is not YAML",
    "a: b\n": "Not read: no FROM and no image.",
    YAML: "Not read: line 5 is not YAML",
    "FROM a\n" * 1_001: "Not read: more than 1000 images.",
    " " * (2**20 + 1): "Not read: longer than 1 MiB.",
    "FROM <img/src=x/onerror=document.title=1>:1": "Nothing is known of this image: “<img/src=x",
    "FROM __proto__:constructor\n": "“__proto__:constructor” is not a reference to an image.",
    "FROM python:constructor\n": "the archive has no tag “constructor” of python.",
    "FROM a\u202eb\n": "“a⟨U+202E⟩b” is not a reference to an image.",
    f"FROM {'a' * 4_000}\n": f"“{'a' * 100}…” is not a reference to an image.",
    f"FROM {'a' * 100_000}\n": "Nothing is known of this image: its value has more than 4096 characters.",
    "FROM $A\n": "Nothing is known of this image: ARG A has no default.",
    f"FROM python@sha256:{'a' * 64}\n": "It is pinned: the build gets the same image whenever the tag moves.",
    "FROM python:3.6.1-slim\n": "0 of 1 image changed after",
    "FROM hello\n" * 300: "And 200 more images",
}


def test_any_text_is_answered(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/", width=320)
    for text, words in TEXTS.items():
        ask(page, text)
        expect(page.get_by_role("status")).to_contain_text(words)
        assert page.locator("article img").count() == 0
        assert overflow(page) == 0


def test_days_in_the_wrong_order(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/?image=python&since=2017-12-01&until=2017-01-01")
    expect(page.get_by_role("status")).to_have_text("Not read: the last day is before the first.")


def test_with_only_the_keyboard(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/")
    page.locator("article textarea").focus()
    page.keyboard.type("FROM alpine:3.7")
    page.keyboard.press("Tab")
    page.keyboard.type("12012017")  # month, day and year, each a part of the box
    page.keyboard.press("Enter")
    expect(page.locator("section pre code")).to_contain_text("FROM alpine:3.7@sha256:")


def test_an_example_leads_to_an_answer(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}why/")
    page.get_by_role("link", name="a build FROM").click()
    expect(page.locator("section h2").first).to_be_visible()
