"""A change has the same facts on a built page, in the row of a history, and on the page that compares two states."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Page, expect

from collector.archive.store import Archive
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.histories import Histories
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served
from tests.diff.cases import FIXTURES, Pair
from tests.diff.in_browser import facts_of
from tests.e2e.hostile import write_hostile_archive
from tests.pages import collected
from tests.pages.archives import Seen, write_archive
from tests.site.conftest import NEW, OLD
from tests.site.differences import read_inside, read_section

pytestmark = pytest.mark.browser

_ABSENT = re.compile(r"^Platform (?:temporarily absent|to follow): (.*?)(?:, back on .*)?$")
_REMOVED = r"Platform removed: \1"
_BACK = re.compile("^Platform back: ")
PAIRS = sorted(path.stem for path in FIXTURES.glob("*.json") if not path.stem.endswith("-history"))


def write_pairs(root: Path) -> Path:
    """Each recorded pair as a tag of its own."""
    tags: list[Seen] = []
    for name in PAIRS:
        pair = msgspec.json.decode((FIXTURES / f"{name}.json").read_bytes(), type=Pair)
        tags.append(Seen(tag=name, time=Time("2018-01-01T00:00:00Z"), state=pair.before))
        tags.append(Seen(tag=name, time=Time("2018-03-02T00:00:00Z"), state=pair.after))
    return write_archive(root, pairs=tags)


@contextmanager
def site_of(folder: Path, write: Callable[[Path], Path]) -> Iterator[str]:
    build_site(write(folder / "archive"), folder / "site", BuildOptions(jobs=1))
    with served(folder / "site") as address:
        yield address


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site_of(tmp_path_factory.mktemp("recorded"), write_pairs) as address:
        yield address


def assert_same_everywhere(page: Page) -> None:
    """The newest difference of a history as it was built, as its row shows it, and as a comparison of the two."""
    page.locator("#the-latest-change").wait_for()
    built = read_section(page, "#the-latest-change")
    page.get_by_role("button", name="Show the change").first.click()
    own_page = page.get_by_role("link", name="This comparison on its own page")
    own_page.wait_for()
    shown = read_inside(page, ".ri-change")
    own_page.click()
    page.get_by_role("heading", name="What changed").wait_for()
    compared = read_section(page, "[role=status] > h2")
    assert len(built) > 1
    assert str(built[0][1]).partition(": ")[2] == f"{shown[0][1]}."
    assert built[1:] == shown[1:-1]
    assert [_as_of_a_state(part) for part in compared[1:]] == shown[1:-1]
    assert compared[0][1]


def _as_of_a_state(part: list[object]) -> list[object]:
    """A part of a comparison in the words for a state, which has, or lacks, a platform whatever follows."""
    return [
        text if not isinstance(text, str) else _BACK.sub("Platform added: ", _ABSENT.sub(_REMOVED, text))
        for text in part
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What registries told."""
    with site_of(tmp_path_factory.mktemp("told"), collected.write) as address:
        yield address


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site_of(tmp_path_factory.mktemp("hostile"), write_hostile_archive) as address:
        yield address


@pytest.mark.parametrize("name", PAIRS)
def test_recorded_pairs(browse: Browse, recorded: str, name: str) -> None:
    assert_same_everywhere(browse(f"{recorded}repos/pairs/{name}/history/"))


def test_facts_from_registries(browse: Browse, told: str) -> None:
    assert_same_everywhere(browse(f"{told}repos/example/tool/latest/history/"))


@pytest.mark.parametrize("address", ["modern/app/latest", "owner/latest", "owner/__proto__", "constructor/~feed.xml"])
def test_attacks(browse: Browse, hostile: str, address: str) -> None:
    assert_same_everywhere(browse(f"{hostile}repos/{address}/history/"))


ALL_CHANGES = """async (address) => {
  const { changeBetween } = await import("/assets/javascripts/histories.js");
  const { rowsOf } = await import("/assets/javascripts/historyparts.js");
  const rows = [];
  for await (const row of rowsOf(address)) rows.push(row);
  const states = rows.map(({ since, digest }) => ({ when: since.slice(0, 16), digest }));
  const changes = await Promise.all(states.map((state) => changeBetween(address, state, state)));
  return changes.map(({ change }) => change);
}"""


def test_the_changes_of_a_rebuild(browse: Browse, package_site: str, package_archive: Path) -> None:
    """A tag whose image has another openssl."""
    page = browse(f"{package_site}repos/app/1/")
    page.get_by_role("button", name="Show the change").first.click()
    row = page.get_by_role("row", name=f"openssl {OLD} {NEW} libssl3, openssl")
    expect(row).to_be_visible()
    page.get_by_role("link", name="This comparison on its own page").click()
    expect(row).to_be_visible()
    expect(page.locator("main")).to_contain_text("2 packages changed")
    changes = Histories(Archive(package_archive).load(parse_repository("app"))).changes["1"]
    expected = [facts_of(change.shared.change) for change in reversed(changes)]
    assert page.evaluate(ALL_CHANGES, "repos/app/1/history/") == expected


def test_every_change_of_every_tag_of_the_sample(browse: Browse, sample: str, root: Path) -> None:
    page = browse(f"{sample}about/")
    names = json.loads(page.request.get(f"{sample}api/v1/names.json").text())
    archive = Archive(root / "examples" / "archive")
    for image in names["images"]:
        histories = Histories(archive.load(parse_repository(image["name"])))
        for tag, changes in histories.changes.items():
            address = names["exceptions"].get(f"{image['name']}:{tag}", f"{image['address']}{tag}/")
            expected = [facts_of(change.shared.change) for change in reversed(changes)]
            assert page.evaluate(ALL_CHANGES, f"{address}history/") == expected
