"""All published JSON against the published schema, checked by an independent library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from collector.archive.store import Archive
from collector.model.references import parse_repository
from collector.pages.documents import Document
from collector.pages.histories import Histories
from collector.pages.reason_text import published_change

_KINDS = {
    "objects": "/objects/",
    "digests": "/digests/",
    "names": "/names.json",
    "visits": "/visits.json",
    "states": "/-states.json",
    "versions": "api/v1/versions/",
}
"""Definitions of the schema, and what the paths hold that they are of."""

_DESCRIBING = {"api/v1/schema.json", "api/v1/openapi.json"}


@pytest.fixture(scope="module")
def schema(assets: dict[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(assets["api/v1/schema.json"])
    return found


@pytest.fixture(scope="module")
def judge(schema: dict[str, Any]) -> Callable[[str], Draft202012Validator]:
    def of(definition: str) -> Draft202012Validator:
        return Draft202012Validator({**schema, "$ref": f"#/$defs/{definition}"})

    return of


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize(
    ("definition", "field", "wrong"),
    [
        ("tag", "digest", "sha256:0"),
        ("tag", "since", "2018-01-29 12:00"),
        ("tag", "absent", ["python:3.6"]),
        ("platform", "manifest", "3.6"),
        ("platform", "created", "today"),
    ],
)
def test_it_refuses_invalid_digests_and_times(
    schema: dict[str, Any], pages: dict[str, Document], definition: str, field: str, wrong: object
) -> None:
    twin = next(json.loads(page.twin) for page in pages.values() if page.kind == definition)
    assert not list(Draft202012Validator(schema).iter_errors(twin))
    assert list(Draft202012Validator(schema).iter_errors({**twin, field: wrong}))


def test_every_twin_follows_it(schema: dict[str, Any], pages: dict[str, Document]) -> None:
    whole = Draft202012Validator(schema)
    kinds: Counter[str] = Counter()
    for page in pages.values():
        twin = json.loads(page.twin)
        assert not list(whole.iter_errors(twin)), page.address
        assert twin["kind"] == page.kind
        assert twin["address"] == page.address
        kinds[page.kind] += 1
    assert kinds == {"home": 1, "image": 3, "tag": 36, "history": 23, "platform": 77}


def test_every_other_file_follows_its_part(
    judge: Callable[[str], Draft202012Validator], assets: dict[str, bytes]
) -> None:
    kinds: Counter[str] = Counter()
    judges = {kind: judge(kind) for kind in _KINDS}
    for path, content in assets.items():
        if not path.startswith("api/"):
            continue
        (kind,) = (kind for kind, part in _KINDS.items() if part in path) if path not in _DESCRIBING else ("",)
        if kind:
            assert not list(judges[kind].iter_errors(json.loads(content))), path
        kinds[kind] += 1
    assert kinds["names"] == 1
    assert kinds["digests"] == 256
    assert kinds["versions"] == 16
    assert kinds["objects"] >= 3


def test_changes_follow_it(judge: Callable[[str], Draft202012Validator], sample: Path) -> None:
    timelines = Histories(Archive(sample).load(parse_repository("python")))
    changes = [change.shared.change for change in timelines.changes["3.6"]]
    assert len(changes) > 50
    for change in changes:
        assert not list(judge("Change").iter_errors(json.loads(msgspec.json.encode(published_change(change)))))


def broken(page: Document, **replaced: object) -> dict[str, Any]:
    return {**json.loads(page.twin), **replaced}


@pytest.mark.parametrize(
    "replaced",
    [
        {"kind": "book"},
        {"kind": "platform"},
        {"digest": 3},
        {"platforms": [{}]},
        {"platforms": "linux/amd64"},
        {"gone": "lost"},
        {"since": None},
        {"change": {"since": "2018-01-01T00:00:00Z"}},
        {"states": "76"},
    ],
)
def test_it_refuses_a_broken_twin(
    schema: dict[str, Any], pages: dict[str, Document], replaced: dict[str, object]
) -> None:
    assert not Draft202012Validator(schema).is_valid(broken(pages["repos/python/3.6-slim/"], **replaced))


@pytest.mark.parametrize("missing", ["kind", "address", "image", "digest", "since", "platforms", "history"])
def test_it_refuses_a_twin_that_lacks_something(
    schema: dict[str, Any], pages: dict[str, Document], missing: str
) -> None:
    twin = json.loads(pages["repos/python/3.6-slim/"].twin)
    del twin[missing]
    assert not Draft202012Validator(schema).is_valid(twin)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("digests", {"012345678": 1}),
        ("digests", {"python": {"012345678": ["1"]}}),
        ("digests", {"python": [1]}),
        ("objects", {"objects": [{"layer": "sha256:0"}], "where_of": [0], "where": []}),
        ("objects", {"objects": [{"layer": "sha256:0", "size": 1, "digest": 1}], "where_of": [0], "where": []}),
        ("objects", {"objects": [7], "where_of": [None], "where": []}),
        ("objects", {"objects": ["RUN a"], "where_of": ["0"], "where": []}),
        ("objects", {"objects": []}),
        ("names", {"images": []}),
        ("names", {"images": [{"name": "python"}], "exceptions": {}}),
        ("Change", {"reason": {"code": "because", "text": ""}}),
        ("Change", {}),
    ],
)
def test_it_refuses_broken_indexes(judge: Callable[[str], Draft202012Validator], kind: str, file: object) -> None:
    assert not judge(kind).is_valid(file)
