"""Editions: what tags pointed at on a day, from the facts known then; later facts do not change them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from collector.archive.facts import AbsentFact, ObservationFact
from collector.archive.store import Archive
from collector.configuration import SiteSettings, parse_editions
from collector.errors import UsageError
from collector.model.images import Layer
from collector.model.references import parse_repository
from collector.model.timelines import period_at
from collector.model.times import Time
from collector.pages.documents import Asset, Document, Item, Redirect
from collector.pages.editions import end_of
from collector.pages.site_pages import SitePages
from tests.diff.builders import image, named
from tests.pages.archives import Seen, alone, files_of, index_of, iter_items, write_archive

_PIN = re.compile(r"^docker pull (\S+)@(sha256:[0-9a-f]{64})$", re.MULTILINE)


def day(number: int) -> Time:
    return Time(f"2018-01-{number:02}T12:00:00Z")


def of_edition(archive: Path, edition: str) -> dict[str, Document]:
    """Its pages, by their addresses within it."""
    items = iter_items(archive, SiteSettings(editions=(edition,)))
    pages = (item for item in items if isinstance(item, Document) and item.past)
    return {page.address.removeprefix(f"{edition}/"): page for page in pages}


@pytest.mark.parametrize("edition", ["2016-09-09", "2016-12-31", "2017-06-30", "2018-01-05", "2018-01-29"])
def test_a_tag_has_a_page_with_its_digest_of_that_day(sample: Path, edition: str) -> None:
    pages = of_edition(sample, edition)
    archive = Archive(sample)
    found: dict[str, str] = {}
    expected: dict[str, str] = {}
    for repository in archive.repositories():
        for tag in archive.load_observations(repository).tags:
            period = period_at(archive.load_observations(repository).periods(tag), end_of(edition))
            if period and period.digest:
                expected[f"{repository.familiar}:{tag}"] = period.digest
    for page in pages.values():
        if page.kind == "tag":
            pins = _PIN.findall(page.markdown)
            assert len(pins) == 1
            found.update(pins)
    assert found == expected


def test_an_edition_has_the_files_of_its_pages_and_links_to_the_current_site_for_the_rest(tmp_path: Path) -> None:
    linux = image("FROM scratch")
    seen = [
        Seen(tag="1", time=day(1), state=index_of(linux, name="first")),
        Seen(tag="latest", time=day(1), state=index_of(linux, name="first")),
        Seen(tag="old", time=day(1), state=alone(image("FROM old"))),
        Seen(tag="old", time=day(2), gone="missing"),
        Seen(tag="1", time=day(5), state=index_of(image("FROM other"), name="second")),
        Seen(tag="2", time=day(6), state=alone(image("FROM two"))),
    ]
    archive = write_archive(tmp_path / "archive", app=seen, later=[Seen(tag="x", time=day(9), state=alone(linux))])
    pages = of_edition(archive, "2018-01-03")
    assert sorted(pages) == [
        "",
        "repos/app/",
        "repos/app/1/",
        "repos/app/1/linux-amd64/",
        "repos/app/latest/",
    ]
    assert pages["repos/app/1/"].past.now == pages["repos/app/1/linux-amd64/"].past.now == "repos/app/1/"  # type: ignore[union-attr]
    assert pages["repos/app/"].past.now == "repos/app/"  # type: ignore[union-attr]
    assert "](../1/linux-amd64/index.md?of=latest)" in pages["repos/app/latest/"].markdown
    assert "](../../../../repos/app/1/history/index.md)" in pages["repos/app/1/"].markdown
    assert "[`old`](../../../repos/app/old/index.md)" in pages["repos/app/"].markdown
    text = "\n".join(page.markdown for page in pages.values())
    assert "later" not in text
    assert "feed.xml" not in text
    assert not any(page.twin for page in pages.values())


def test_nothing_that_comes_later_changes_an_edition(tmp_path: Path) -> None:
    first, other = alone(image("FROM scratch")), alone(image("FROM other"))
    archive = write_archive(
        tmp_path / "archive",
        app=[Seen(tag="1", time=day(1), state=first), Seen(tag="2", time=day(1), gone="missing")],
        gone=[Seen(tag="1", time=day(2), state=first)],
    )
    edition = "2018-01-03"
    before = edition_files(archive, edition)
    write_archive(
        archive,
        app=[Seen(tag=tag, time=day(4), state=other) for tag in ("1", "2", "3")],
        gone=[Seen(tag="1", time=day(5), gone="removed")],
        new=[Seen(tag="1", time=day(5), state=first)],
    )
    assert edition_files(archive, edition) == before
    assert sorted(before[1]) == [f"{edition}/docker.io/library/app", f"{edition}/docker.io/library/gone"]


def edition_files(archive: Path, edition: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """An edition's files, and the keys of its tasks."""
    options = SiteSettings(editions=(edition,))
    files = dict(files_of(item for item in iter_items(archive, options)))
    keys = {task.name: task.key for task in SitePages(archive, options).plan() if task.name.startswith(edition)}
    return {path: content for path, content in files.items() if path.startswith(edition)}, keys


@pytest.mark.parametrize("edition", ["2016-12-31", "2017-06-15", "2018-01-05"])
def test_an_archive_that_grows_keeps_its_editions(sample: Path, tmp_path: Path, edition: str) -> None:
    """The whole sample, and what of its journals was written by then."""
    whole = Archive(sample)
    older = tmp_path / "older"
    for repository in whole.repositories():
        folder = older / repository.name
        for content in whole.journal_bytes(repository, until=end_of(edition)):
            name, _, lines = content.partition(b"\0")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name.decode()).write_bytes(lines)
    shutil.copy(sample / "archive.json", older)
    files, keys = edition_files(sample, edition)
    assert keys
    assert edition_files(older, edition) == (files, keys)


def test_an_older_source_that_is_imported_later_is_whole(tmp_path: Path) -> None:
    """Facts in both sources are only in the journal of the younger one."""
    state = alone(image("FROM scratch"))
    february = Time("2018-02-01T12:00:00Z")
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", time=february, state=state)])
    write_archive(archive, app=[Seen(tag="1", time=day(1), state=state)])
    page = of_edition(archive, "2018-01-31")["repos/app/1/"]
    assert "The archive lacks" not in page.markdown
    assert "linux/amd64" in page.markdown


def test_later_facts_about_an_object_do_not_change_an_edition(tmp_path: Path) -> None:
    """If all states are known, later journals are not even read."""
    february = Time("2018-02-01T12:00:00Z")
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", time=day(1), state=alone(image("FROM one")))])
    store = Archive(archive)
    repository = parse_repository("app")
    before = store.load(repository, until=end_of("2018-01-31"))
    layer = Layer(digest=named("dated later"), size=1, media_type="", last_modified=february)
    with store.writing():
        writer = store.writer(repository)
        assert writer.add_layer(february, layer)
        writer.flush()
    assert store.load(repository).layers == {**before.layers, layer.digest: layer}
    assert store.load(repository, until=end_of("2018-01-31")).layers == before.layers


def test_an_object_that_is_lost_later_is_in_earlier_editions(tmp_path: Path) -> None:
    """Of a state that the archive never had whole, later journals are looked through too."""
    missing = named("a manifest that the registry does not have")
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", time=day(1), state=alone(image("FROM one")))])
    store = Archive(archive)
    repository = parse_repository("app")
    with store.writing():
        writer = store.writer(repository)
        writer.observe(ObservationFact(tag="2", time=day(1), source="made up", digest=missing))
        writer.flush()
        writer = store.writer(repository)
        writer.add(Time("2018-02-01T12:00:00Z"), AbsentFact(digest=missing, time=Time("2018-02-01T12:00:00Z")))
        writer.flush()
    assert store.load(repository).absent
    assert not store.load(repository, until=end_of("2018-01-31")).absent


def test_data_of_docker_hub_counts_from_its_day_on(sample: Path) -> None:
    repository = parse_repository("python")
    holdings = Archive(sample).load(repository, until=end_of("2017-06-30"))
    assert holdings.tags
    assert all(fact.time <= end_of("2017-06-30") for fact in holdings.hub.values())


def test_the_list_of_versions_is_as_mike_and_material_read_it(sample: Path) -> None:
    items = list(iter_items(sample, SiteSettings(editions=("2017-12-31", "2016-12-31"))))
    assets: dict[str, Item] = {item.path: item for item in items if isinstance(item, Asset)}
    content = assets["versions.json"]
    assert isinstance(content, Asset)
    assert content.content == (
        b'[{"version":"latest","title":"Current","aliases":[]},'
        b'{"version":"2017-12-31","title":"2017-12-31","aliases":[]},'
        b'{"version":"2016-12-31","title":"2016-12-31","aliases":[]}]'
    )
    leads = {item.address: item.to for item in items if isinstance(item, Redirect)}
    assert leads["latest/"] == ""
    home = next(item for item in items if isinstance(item, Document) and not item.address)
    assert "[2016-12-31](2016-12-31/index.md)" in home.markdown


def test_a_site_without_editions_does_not_mention_them(items: list[Item], pages: dict[str, Document]) -> None:
    assert not any(isinstance(item, Asset) and item.path == "versions.json" for item in items)
    assert "Editions" not in pages[""].markdown


def test_spellings_of_a_day() -> None:
    assert parse_editions(["2016-12-31", "2017-12-31", "2016-12-31"]) == ("2017-12-31", "2016-12-31")
    for wrong in ("2017-02-30", "2017-2-3", "today", "2017-12-31/..", "2017-12-31\n", 17, "0001-01-01"):
        with pytest.raises(UsageError, match="not the day of an edition"):
            parse_editions([wrong])
    with pytest.raises(UsageError, match="9999-12-31 is not past yet"):
        parse_editions(["9999-12-31"])
