"""Every fact of the real pages of 2018 to 2026, as a second reader finds it, is in the JSON twins of that day."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.pages.documents import Document, Redirect
from tests.pages.archives import iter_items
from tests.pages.page_reader import Page, Section, read_page
from tests.support.histories import Files, History
from tests.support.later_pages import commit_day, iter_days

Compared = tuple[str, str, Page | None, dict[str, Any]]
"""A day, the address of a tag, its page, and the JSON twins of that day."""

_REMOTE = re.compile(r"repos/([^/]+)/remote/(.+)\.md")


def iter_remote(files: Files) -> Iterator[tuple[str, Page | None]]:
    """The address of each page's tag, and the page; None: the tag is not there."""
    for path, content in files.items():
        found = _REMOTE.fullmatch(path)
        if found and isinstance(content, bytes):
            yield f"repos/{found[1]}/{found[2]}/", read_page(content.decode())


def twins_of(archive: Path) -> dict[str, Any]:
    items = (item for item in iter_items(archive) if isinstance(item, Document | Redirect))
    return {item.address: json.loads(item.twin) for item in items}


@pytest.fixture(scope="module")
def compared(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    folder = tmp_path_factory.mktemp("later")
    history, archive = History(folder / "source.git"), Archive(folder / "archive", create=True)
    found = []
    for day, files in iter_days(data_dir):
        commit_day(history, day, files)
        import_source(history.path, archive)
        if pages := list(iter_remote(files)):
            twins = twins_of(archive.root)
            found += [(day, address, page, twins) for address, page in pages]
    return found


def test_every_page_is_compared(compared: list[Any]) -> None:
    assert len(compared) > 30
    assert sum(len(page.sections) for _, _, page, _ in compared if page) > 100
    assert [twins[address]["gone"] for _, address, page, twins in compared if page is None] == ["missing"]


def test_the_index_and_its_platforms(compared: list[Compared]) -> None:
    for day, address, page, twins in compared:
        if page is None:
            continue
        tag = twins[address]
        images = [section for section in page.sections if section.platform != "unknown/unknown"]
        assert [section.platform for section in page.sections] == page.platforms
        assert (tag["digest"], tag["is_unreadable"], tag["gone"]) == (page.digest, False, None), (day, address)
        if page.media_type:
            assert tag["media_type"] == page.media_type
        rows = [(row["platform"], row["manifest"], row["config"], row["size"]) for row in tag["platforms"]]
        assert rows == [(one.platform, one.manifest or page.digest, one.config, one.size) for one in images]
        assert [row["layers"] for row in tag["platforms"]] == [len(one.layers) for one in images]
        assert tag["attestations"] == len(page.sections) - len(images)
        assert tag["change"]["digest"] == page.digest


def test_every_platform_with_its_steps_and_layers(compared: list[Compared]) -> None:
    dates: dict[str, set[str | None]] = defaultdict(set)
    for _, address, page, twins in compared:
        if page is None:
            continue
        images = [section for section in page.sections if section.platform != "unknown/unknown"]
        for row, section in zip(twins[address]["platforms"], images, strict=True):
            for layer in section.layers:
                dates[layer.digest].add(layer.last_modified)
            assert_same(twins[row["address"]], section, dates)


def test_the_media_type_of_a_manifest_in_an_oci_index_is_not_repeated(compared: list[Compared]) -> None:
    found = set()
    for _, address, page, twins in compared:
        for row in twins[address]["platforms"] if page else ():
            if row["address"].startswith(address):  # else the image is on the page of another index
                found.add((twins[address]["media_type"], twins[row["address"]]["media_type"]))
    docker = "application/vnd.docker.distribution.manifest"
    assert found == {
        ("application/vnd.oci.image.index.v1+json", None),
        (f"{docker}.list.v2+json", f"{docker}.v2+json"),
    }


def assert_same(twin: dict[str, Any], section: Section, dates: dict[str, set[str | None]]) -> None:
    assert (twin["platform"], twin["config"], twin["size"]) == (section.platform, section.config, section.size)
    for name in ("docker_version", "entrypoint", "cmd", "shell"):
        assert twin[name] == getattr(section, name), (name, twin["address"])
    assert [(step["created"], step["text"]) for step in twin["steps"]] == section.steps
    assert twin["created"] == section.steps[-1][0]
    assert sum(layer["size"] for layer in twin["layers"]) == section.size
    layers = [(layer["digest"], layer["size"], layer["media_type"]) for layer in twin["layers"]]
    assert layers == [(layer.digest, layer.size, layer.media_type) for layer in section.layers]
    # When a layer was uploaded is not the same on every page since 2025-10.
    for layer in twin["layers"]:
        assert layer.get("last_modified") in dates[layer["digest"]]
