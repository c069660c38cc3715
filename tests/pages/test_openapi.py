"""The OpenAPI description, compared with the published files and checked by a validator."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from collector.configuration import SiteSettings
from collector.model.times import Time
from collector.pages.documents import Item
from tests.diff.builders import image
from tests.e2e.hostile import write_hostile_archive
from tests.pages import collected
from tests.pages.archives import Seen, alone, files_of, iter_published, write_archive

JSON, GZIP = "application/json", "application/gzip"
BASE = "https://example.org/api/v1/"
VERY_LONG = {"/api/v1/repos/{image}/{tag}/history/{part}.json", "/api/v1/repos/{image}/-tags-{part}.json"}
"""Kinds of files that the sample lacks."""
PACKAGES = {
    "/api/v1/repos/{image}/{tag}/{platform}/packages.json",
    "/api/v1/packages/{type}/{source}.json",
    "/api/v1/packages/names/{shard}.json.gz",
    "/api/v1/repos/{image}/package-lists/-{file}.json.gz",
    "/api/v1/packages/uses/{shard}.json.gz",
}
"""The sample's packages are not known."""
_BEGINNINGS = {"application/atom+xml": b"<?xml", "image/svg+xml": b"<svg"}


class Description:
    """openapi.json as a program reads it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.document = json.loads(files["api/v1/openapi.json"])
        names = json.loads(files["api/v1/names.json"])["images"]
        # An image's name may have slashes; which names there are, names.json says.
        self._images = sorted((entry["address"][len("repos/") : -1] for entry in names), key=len, reverse=True)
        self._patterns = {
            (template, image): self._pattern(template, image)
            for template in self.document["paths"]
            for image in (self._images if "{image}" in template else [""])
        }
        schema = DRAFT202012.create_resource(json.loads(files["api/v1/schema.json"]))
        self._registry: Registry[Any] = Registry().with_resource(f"{BASE}schema.json", schema)

    def _pattern(self, template: str, image: str) -> re.Pattern[str]:
        def of(name: str) -> str:
            if name == "image":
                return re.escape(image)
            schema = self.document["components"]["parameters"][name]["schema"]
            return f"(?:{schema['pattern'].removeprefix('^').removesuffix('$')})"

        parts = re.split(r"{(\w+)}", template)
        return re.compile("".join(of(part) if place % 2 else re.escape(part) for place, part in enumerate(parts)))

    def templates_of(self, path: str) -> list[str]:
        """Of several images whose names fit, as `owner` and `owner/name`, the longest is meant."""
        for name in ("", *self._images):
            patterns = ((template, one) for (template, of), one in self._patterns.items() if of == name)
            fitting = [template for template, one in patterns if one.fullmatch(f"/{path}")]
            if fitting:
                return fitting
        return []

    def judge(self, template: str) -> tuple[str, Draft202012Validator]:
        """The media type of a path, and a validator for its content."""
        ((media_type, content),) = self.document["paths"][template]["get"]["responses"]["200"]["content"].items()
        schema = {"$id": f"{BASE}openapi.json", **content["schema"].get("contentSchema", content["schema"])}
        return media_type, Draft202012Validator(schema, registry=self._registry)


def published(items: Iterator[Item]) -> dict[str, bytes]:
    """What is for programs, by path."""

    def is_for_programs(path: str) -> bool:
        return path.startswith("api/") or path.endswith("feed.xml") or "/badge/" in path

    return {path: content for path, content in files_of(items) if is_for_programs(path)}


def check(files: dict[str, bytes]) -> Counter[str]:
    """Check every file against the description; returns their number by template of path."""
    description = Description(files)
    judges = {template: description.judge(template) for template in description.document["paths"]}
    counts: Counter[str] = Counter()
    for path, content in files.items():
        (template,) = description.templates_of(path)
        media_type, judge = judges[template]
        text = gzip.decompress(content) if media_type == GZIP else content
        if media_type in {JSON, GZIP}:
            assert not list(judge.iter_errors(json.loads(text))), path
        else:
            assert content.startswith(_BEGINNINGS[media_type]), path
        counts[template] += 1
    assert counts.keys() <= judges.keys()
    return counts


@pytest.fixture(scope="module")
def sample_files(sample: Path) -> dict[str, bytes]:
    return published(iter_published(sample, SiteSettings(badges=True)))


def test_it_is_an_openapi_document(sample_files: dict[str, bytes]) -> None:
    # With the schemas in the document itself: the judge would look for another file on the network.
    parts = [
        sample_files[f"api/v1/{name}"].replace(old, b"#/components/schemas/")
        for name, old in (("openapi.json", b"schema.json#/$defs/"), ("schema.json", b"#/$defs/"))
    ]
    document, schema = map(json.loads, parts)
    document["components"]["schemas"] = schema["$defs"]
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


def test_every_file_of_the_sample_is_described_and_every_path_has_files(
    sample_files: dict[str, bytes], tmp_path: Path
) -> None:
    counts = check(sample_files)
    paths = json.loads(sample_files["api/v1/openapi.json"])["paths"]
    assert paths.keys() - counts.keys() == VERY_LONG | PACKAGES
    seen = [Seen(tag=tag, state=alone(image(f"{n}")), time=_minute(n)) for n in range(500) for tag in ("1", f"1.{n}")]
    counts = check(published(iter_published(write_archive(tmp_path / "archive", app=seen))))
    assert all(counts[path] for path in VERY_LONG)


def test_every_file_about_packages_is_described(tmp_path: Path) -> None:
    counts = check(published(iter_published(collected.write(tmp_path / "archive"))))
    assert all(counts[path] for path in PACKAGES)


def test_a_site_with_plain_data_has_each_of_these_files_twice(sample: Path) -> None:
    files = published(iter_published(sample, SiteSettings(plain_data=True)))
    counts = check(files)
    data = {template for template in counts if template.endswith(".gz")}
    assert len(data) == 4
    assert {counts[template.removesuffix(".gz")] for template in data} == {counts[template] for template in data}
    compressed = {path: content for path, content in files.items() if path.endswith(".gz")}
    assert all(gzip.decompress(content) == files[path.removesuffix(".gz")] for path, content in compressed.items())


def _minute(number: int) -> Time:
    return Time(f"2024-01-01T{number // 60:02}:{number % 60:02}:00Z")


def test_every_file_of_awkward_names_is_described(tmp_path: Path) -> None:
    counts = check(published(iter_published(write_hostile_archive(tmp_path / "archive"))))
    assert counts["/api/v1/repos/{image}.json"] >= 6


def test_examples_of_parameters_name_existing_files(sample_files: dict[str, bytes]) -> None:
    document = json.loads(sample_files["api/v1/openapi.json"])
    examples = {name: one["example"] for name, one in document["components"]["parameters"].items()}
    for template in document["paths"]:
        path = template.format_map(examples).removeprefix("/")
        assert path in sample_files or template in VERY_LONG | PACKAGES


def test_a_wrong_description_is_found(sample_files: dict[str, bytes]) -> None:
    files = {**sample_files, "api/v1/repos/python/3.6.json": sample_files["api/v1/repos/python.json"]}
    with pytest.raises(AssertionError, match=r"repos/python/3\.6\.json"):
        check(files)
    with pytest.raises(ValueError, match="unpack"):
        check({**sample_files, "api/v1/other.txt": b""})
