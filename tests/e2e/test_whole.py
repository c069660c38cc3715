"""A part of the real archive: imported, built, and every page of it checked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from collector.site.build import BuildOptions, build_site
from tests.links import check_site
from tests.support.shared_once import made_once

pytestmark = pytest.mark.slow

IMAGES = ("busybox", "docker", "elasticsearch", "golang", "hello-world", "nats")
"""Windows, tags that never were, indexes and single manifests, one tag and many."""


@pytest.fixture(scope="module")
def site(bare_repo: Path, shared_tmp: Path) -> Path:
    def make(folder: Path) -> None:
        images = [parse_repository(name) for name in IMAGES]
        import_source(bare_repo, Archive(folder / "archive", create=True), images=images)
        build_site(folder / "archive", folder / "site", BuildOptions(jobs=2))

    return made_once(shared_tmp, "e2e-part", make) / "site"


def test_no_page_of_it_has_a_fault(site: Path) -> None:
    assert check_site(site) == []


def test_every_image_and_tag_has_its_page(site: Path) -> None:
    home = json.loads((site / "api/v1/index.json").read_text())
    assert sorted(row["image"] for row in home["images"]) == sorted(IMAGES)
    kinds = Counter(json.loads(path.read_bytes())["kind"] for path in (site / "api/v1/repos").rglob("[!-]*.json"))
    assert kinds["tag"] == kinds["history"] == home["tags"] == sum(row["tags"] + row["gone"] for row in home["images"])
    assert kinds["tag"] > 300
    assert kinds["platform"] > 100
    assert kinds["lead"] > 100


def test_its_twins_follow_the_schema(site: Path) -> None:
    schema = json.loads((site / "api/v1/schema.json").read_text())
    judge = Draft202012Validator(schema)
    for path in sorted((site / "api/v1/repos").rglob("[!-]*.json"))[::10]:
        assert not list(judge.iter_errors(json.loads(path.read_bytes()))), path
