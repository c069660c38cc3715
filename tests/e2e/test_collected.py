"""From a real registry to the pages: collected by the command line, built, and read in a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse, overflow, served
from tests.links import check_site
from tests.support.modern import BUILDER, HELM, OCI, SOURCE, artifact, attested, tool
from tests.support.registry import Image, RunningRegistry, push_image, push_index, running_registry
from tests.support.shared_once import made_once

pytestmark = pytest.mark.browser

PATH = "team/tool"


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """The site of the pushed images, and the address of the image in it."""

    site: Path
    name: str
    address: str


@pytest.fixture(scope="session")
def pushed(shared_tmp: Path) -> Pushed:
    """`latest` moves twice: its base, then its source. `chart` is a Helm chart."""

    def make(folder: Path) -> None:
        folder.mkdir()
        with running_registry(folder / "registry") as registry:
            (folder / "name").write_text(f"{registry.address}/{PATH}")
            push_image(registry, PATH, artifact(), tag="chart")
            for version, base, revision in (("1.0", "a", "1"), ("1.0", "b", "1"), ("1.1", "b", "2")):
                platforms = ("amd64", "arm64")
                _push(registry, [tool(version, base=base, revision=revision, architecture=each) for each in platforms])
                _wait_for_the_next_second()
                _run("collect", f"{registry.address}/{PATH}", "--archive", folder / "archive")
        _run("build", "--archive", folder / "archive", "--site", folder / "site", "--jobs", "1")

    folder = made_once(shared_tmp, "e2e-collected", make)
    name = (folder / "name").read_text()
    return Pushed(site=folder / "site", name=name, address=f"repos/{name.replace(':', '+')}/")


def _push(registry: RunningRegistry, images: list[Image]) -> None:
    annotations = {f"{OCI}.source": SOURCE, "com.example.index": "yes"}
    push_index(registry, PATH, "latest", [*images, attested(images[0])], annotations=annotations)


def _wait_for_the_next_second() -> None:
    """Observations need different seconds."""
    time.sleep(1 - time.time() % 1)


def _run(*arguments: str | Path) -> None:
    command = [sys.executable, "-c", "from collector.cli import main; main(prog_name='repo-info')"]
    done = subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, "DOCKER_CONFIG": os.devnull},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def home(pushed: Pushed) -> Iterator[str]:
    with served(pushed.site) as address:
        yield address


def row(page: Page, label: str) -> str:
    """The value beside a label in a table of facts, or all of them."""
    rows = page.locator("article tr").filter(has=page.locator("td:first-child", has_text=re.compile(f"^{label}$")))
    return " · ".join(" ".join(text.split()) for text in rows.locator("td:last-child").all_inner_texts())


def test_the_page_of_a_platform(browse: Browse, home: str, pushed: Pushed) -> None:
    page = browse(f"{home}{pushed.address}latest/linux-amd64/")
    assert row(page, "Base image").startswith("debian:12-slim · sha256:bbbb")
    assert row(page, "Version") == "1.1"
    assert row(page, "Source") == SOURCE
    assert row(page, "Revision") == "2" * 40
    assert row(page, "Annotated date") == "2024-05-01 10:00 UTC"
    assert row(page, "Annotation") == "com.example.team=blue | green"
    assert row(page, "Entrypoint") == '["/app/run"]'
    assert row(page, "Port") == "53/udp · 8080/tcp"
    assert row(page, "Volume") == "/data"
    assert row(page, "Working directory") == "/app"
    assert row(page, "User") == "app:app"
    assert row(page, "Stop signal") == "SIGQUIT"
    assert row(page, "Health check") == "curl -f http://localhost:8080/ || exit 1 (every 30 s, timeout 3 s, 3 retries)"
    assert row(page, "Label") == f"maintainer=team@example.org · {OCI}.title=Tool"
    steps = page.locator("article ol > li")
    assert ["no layer" in text for text in steps.all_inner_texts()] == [False, True, True, False, True]
    assert page.locator("article a[href^='https:']").count() == 0


def test_its_attestations(browse: Browse, home: str, pushed: Pushed) -> None:
    page = browse(f"{home}{pushed.address}latest/linux-amd64/")
    provenance, sbom = page.locator("#attestations ~ ul > li").all()
    expect(provenance).to_contain_text(f"Provenance: built by {BUILDER}, from {SOURCE}, revision {'1' * 40}")
    expect(sbom).to_contain_text("SBOM: 214 packages")
    sbom.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Attestation statement")).to_be_visible()
    page.get_by_role("link", name=f"{pushed.name}:latest").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{pushed.name}:latest")
    other = browse(f"{home}{pushed.address}latest/linux-arm64-v8/")
    expect(other.get_by_role("heading", name="Attestations")).to_have_count(0)


def test_the_page_of_the_tag(browse: Browse, home: str, pushed: Pushed) -> None:
    page = browse(f"{home}{pushed.address}latest/")
    expect(page.locator("article")).to_contain_text(re.compile(r"Latest release \d{4}-\d\d-\d\d"))
    expect(page.locator("article")).to_contain_text("version 1.0 → 1.1")
    expect(page.locator("article")).to_contain_text("The index also has 1 attestation manifest")
    expect(page.get_by_role("row", name="base debian:12-slim moved")).to_be_visible()
    assert row(page, "Annotation") == "com.example.index=yes"


def test_the_newest_difference_and_an_older_one(browse: Browse, home: str, pushed: Pushed) -> None:
    page = browse(f"{home}{pushed.address}latest/history/")
    expect(page).to_have_url(f"{home}{pushed.address}latest/#changes")
    expect(page.get_by_role("row", name=f"Annotation {OCI}.revision {'1' * 40} {'2' * 40}")).to_be_visible()
    moved = page.get_by_role("row", name="base debian:12-slim moved")
    moved.get_by_role("button", name="Show the change").press("Enter")
    expect(page.locator(".ri-change").get_by_role("row", name=f"annotation {OCI}.base.digest")).to_contain_text("bbbb")


def test_the_page_of_an_artifact(browse: Browse, home: str, pushed: Pushed) -> None:
    page = browse(f"{home}{pushed.address}chart/")
    expect(page.locator("article")).to_contain_text("This tag is not a container image (Helm chart)")
    expect(page.locator("article pre")).to_have_count(1)
    expect(page.locator("article pre code")).to_have_text(f"{pushed.name}:chart@{artifact().digest}\n")
    expect(page.get_by_role("listitem").filter(has_text="Helm chart")).to_contain_text(HELM)
    image = browse(f"{home}{pushed.address}")
    expect(image.get_by_role("row", name="chart", exact=False).first).to_contain_text("Helm chart")
    expect(image.locator("article pre code")).to_have_text(f"docker pull {pushed.name}:latest\n")


def test_no_page_has_a_fault(pushed: Pushed) -> None:
    faults = check_site(pushed.site)
    assert [fault for fault in faults if fault.startswith(pushed.address)] == []


@pytest.mark.parametrize("place", ["", "latest/", "latest/linux-amd64/", "latest/history/", "chart/"])
def test_on_a_phone(browse: Browse, home: str, pushed: Pushed, place: str) -> None:
    page = browse(f"{home}{pushed.address}{place}", width=320, dark=True)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert overflow(page) == 0
