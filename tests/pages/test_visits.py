"""When the archive last looked: one file of the site, from the visits that it recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from collector.archive.visits import Visit, add_visit, last_looks
from collector.model.times import Time
from collector.pages.visits import visits_asset
from tests.pages.archives import day

SEEN = {"docker.io/library/python": day(3), "docker.io/library/ruby": day(5), "ghcr.io/some/one": day(4)}


def visit(root: Path, name: str, time: str, *tags: str, rehearsed: bool = False) -> None:
    add_visit(root, Visit(repository=name, time=Time(time), tags=tags or None, rehearsed=rehearsed))


def file_of(root: Path) -> Any:
    return msgspec.json.decode(visits_asset(SEEN, last_looks(root, SEEN)).content)


def test_after_an_import_everything_is_known_until_the_end(tmp_path: Path) -> None:
    assert file_of(tmp_path) == {"end": day(5), "visits": {}}
    assert visits_asset({}, last_looks(tmp_path, ())).content == b'{"end":null,"visits":{}}'


def test_the_last_visit_of_each_image_and_of_tags_that_were_visited_later(tmp_path: Path) -> None:
    visit(tmp_path, "docker.io/library/python", "2024-02-01T03:04:05Z")
    visit(tmp_path, "docker.io/library/python", "2024-02-02T03:04:05Z", "3.6", "3")
    visit(tmp_path, "docker.io/library/ruby", "2024-02-01T03:04:55Z", "2")
    visit(tmp_path, "docker.io/library/ruby", "2024-02-01T03:04:59Z")
    visit(tmp_path, "docker.io/library/gone", "2024-03-01T00:00:00Z")
    assert file_of(tmp_path) == {
        "end": "2024-02-02T03:04:05Z",
        "visits": {
            "2024-02-02T03:04:00Z": "python:3 python:3.6",
            "2024-02-01T03:04:00Z": "python ruby",
            # It is not visited: nothing later than its last observation is known of it.
            "2024-01-04T00:00:00Z": "ghcr.io/some/one",
        },
    }


def test_a_rehearsed_visit_is_none(tmp_path: Path) -> None:
    visit(tmp_path, "docker.io/library/python", "2030-01-01T00:00:00Z", rehearsed=True)
    assert file_of(tmp_path) == {"end": day(5), "visits": {}}
