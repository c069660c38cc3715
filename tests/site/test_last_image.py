"""The page of a platform that its tag does not have now: a script shows the last image that the tag had for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collector.configuration import SiteTable
from collector.model.images import Image
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, overflow, served
from tests.support.archives import ArchiveBuilder, docker_image, index, single
from tests.support.folders import copy_site

pytestmark = pytest.mark.browser

S390X = "linux/s390x"
MAX_REQUESTS = 3
"""The names, the history, and the file with the image."""


def built(name: str, version: str, platform: str = "linux/amd64") -> Image:
    steps = ("ADD file:1 in /", f"ENV APP_VERSION={version}", 'CMD ["sh"]')
    return docker_image(
        f"{name} {version} {platform}", platform=platform, steps=steps, layers=("base", f"{name} {version}")
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tags that have lost a platform: until it follows, for long, with the tag, and without another update."""
    root = tmp_path_factory.mktemp("archive") / "archive"
    builder = ArchiveBuilder(root)
    for tag in ("follows", "late", "dropped", "missing", "unfollowed", "absent"):
        day = "2025-10-01" if tag == "dropped" else "2025-12-01"
        builder.see(f"app:{tag}", day, index(tag, built(tag, "1"), built(tag, "1", S390X)))
    for tag, day in (("follows", "2025-12-05"), ("dropped", "2025-10-05")):
        builder.see(f"app:{tag}", day, index(f"new {tag}", built(tag, "<b>2")))
    for number in range(2, 6):
        day = f"2025-12-0{number}"
        builder.see(
            "app:late",
            day,
            index(f"late {number}", built("late", str(number)), built("late", str(number), "linux/386")),
        )
    builder.see("app:absent", "2025-12-05", index("new absent", built("absent", "1")))
    builder.see("app:missing", "2025-12-05", gone="missing")
    builder.see("app:unfollowed", "2025-12-05", gone="removed")
    builder.see("app:one", "2025-12-01", single(built("one", "1")))
    builder.see("app:one", "2025-12-05", gone="missing")
    return root


@pytest.fixture(scope="module")
def address(whole: Path) -> Iterator[str]:
    with served(whole) as found:
        yield found


@pytest.fixture(scope="module")
def limited(archive: Path, frame: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site without all that can be left out, such as histories."""
    site = copy_site(frame, tmp_path_factory.mktemp("limited") / "site")
    build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(limit_files=1)))
    with served(site) as found:
        yield found


STATES = {
    "follows": "To follow: the release of 2025-12-05 12:00 UTC has not reached linux/s390x yet (APP_VERSION 1 → <b>2).",
    "late": "To follow: the release of 2025-12-05 12:00 UTC has not reached linux/s390x yet (APP_VERSION 4 → 5).",
    "dropped": "Dropped: app:dropped has had no image for linux/s390x for longer than 30 days.",
    "absent": "To follow: app:absent has had no image for linux/s390x since 2025-12-05 12:00 UTC.",
    "missing": "This tag has been gone since 2025-12-05 12:00 UTC: the registry had no such tag.",
    "unfollowed": (
        "This tag has been gone since 2025-12-05 12:00 UTC: the archive's source no longer follows it, "
        "and the registry may still have it."
    ),
}


def says(page: Page, text: str) -> None:
    """Waits for a sentence, without what says how long ago a time was."""
    words = re.escape(text).replace(r"\ UTC", r"\ UTC(?:\ \([^)]*ago\))?")
    expect(page.locator("article")).to_contain_text(re.compile(f"{words} This is the last image that the tag had"))


@pytest.mark.parametrize(("tag", "text"), STATES.items())
def test_the_last_image_of_a_platform(browse: Browse, address: str, tag: str, text: str) -> None:
    page = browse(f"{address}about/", width=390)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto(f"{address}repos/app/{tag}/linux-s390x/")
    says(page, text)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"app:{tag} on linux/s390x")
    expect(page).to_have_title(re.compile(rf"^app:{tag} on linux/s390x · "))
    last = built(tag, "1", S390X)
    expect(page.locator("pre")).to_contain_text(f"docker pull app@{last.manifest}")
    expect(page.locator("table")).to_contain_text(last.config.digest)
    assert len(asked) <= MAX_REQUESTS
    assert page.locator("article b").count() == 0
    assert overflow(page) == 0
    links = page.locator("article p").last.get_by_role("link")
    places = links.evaluate_all("links => links.map((link) => link.href)")
    assert places[1:] == [f"{address}repos/app/{tag}/", f"{address}repos/app/{tag}/history/"]
    links.first.click()
    expect(page.get_by_role("heading", name="Steps and layers")).to_be_visible()


@pytest.mark.parametrize("path", ["linux-s390x", "linux-s390x/index.html", "linux-s390x/index.md"])
def test_other_forms_of_the_address_lead_there(browse: Browse, address: str, path: str) -> None:
    page = browse(f"{address}repos/app/follows/{path}?of=x")
    says(page, STATES["follows"])
    expect(page).to_have_url(f"{address}repos/app/follows/linux-s390x/?of=x")


@pytest.mark.parametrize("tag", ["follows", "missing", "one"])
@pytest.mark.parametrize("platform", ["linux-riscv64", "plan9-mips", "constructor-x", "__proto__-x"])
def test_a_platform_that_was_never_there_has_no_page(browse: Browse, address: str, tag: str, platform: str) -> None:
    page = browse(f"{address}repos/app/{tag}/{platform}/")
    expect(page.get_by_role("status")).to_have_text(f"There is no such page of app:{tag}.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


@pytest.mark.parametrize("tag", ["missing", "unfollowed"])
def test_a_site_that_leaves_histories_out_answers_from_its_states(browse: Browse, limited: str, tag: str) -> None:
    page = browse(f"{limited}repos/app/{tag}/linux-s390x/")
    says(page, STATES[tag])
    expect(page.locator("pre")).to_contain_text(f"docker pull app@{built(tag, '1', S390X).manifest}")


def test_an_answer_that_fails_to_load_says_so(browse: Browse, address: str) -> None:
    page = browse(f"{address}about/")
    page.route("**/api/v1/repos/app/objects/*", lambda route: route.fulfill(body="{}", content_type="application/json"))
    page.goto(f"{address}repos/app/follows/linux-s390x/")
    expect(page.get_by_role("status")).to_contain_text("This could not be loaded")
