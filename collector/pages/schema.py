"""The JSON schema of all published JSON, generated from its types."""

from __future__ import annotations

from typing import Any, Union

import msgspec

from collector.diff.changes import Change
from collector.pages.badges import Badge
from collector.pages.documents import LateAsset, key_of
from collector.pages.kinds import KINDS
from collector.pages.objects.package_lists import PackageListChunk
from collector.pages.objects.shapes import OBJECTS, Chunk
from collector.pages.package_index import NamesShard, UsesShard
from collector.pages.reason_text import ReasonText
from collector.pages.schema_patterns import add_patterns
from collector.pages.search_indexes import DigestShard, NameIndex
from collector.pages.states_by_date import TagStates
from collector.pages.version_uses import VersionsFile
from collector.pages.visits import VisitsFile

_FILES = (
    "page",
    "names",
    "visits",
    "digests",
    "states",
    "badge",
    "packageNames",
    "packageUses",
    "versions",
    "packageLists",
    "objects",
)


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12). Each kind of file is a definition; the schema itself accepts the twin of any page.

    `Change` is not a file; `repo-info diff --json` prints it.
    """
    page: Any = Union[tuple(view for kind in KINDS for view in kind.views)]  # noqa: UP007 - the members are computed
    kinds = [
        page,
        NameIndex,
        VisitsFile,
        DigestShard,
        TagStates,
        Badge,
        NamesShard,
        UsesShard,
        VersionsFile,
        PackageListChunk,
        Chunk,
        *OBJECTS,
        ReasonText,
        Change,
    ]
    schemas, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    add_patterns(definitions, kinds)
    named = dict(zip(_FILES, schemas, strict=False))
    # The first field of an object shows its kind, which msgspec cannot express.
    objects = {"type": "array", "items": {"anyOf": [{"type": "string"}, *schemas[len(_FILES) : -2]]}}
    definitions["Reason"] = definitions.pop("ReasonText")  # published with its sentence
    definitions["Chunk"]["properties"]["objects"] |= objects
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "repo-info JSON, version 1",
        "$ref": "#/$defs/page",
        "$defs": {**definitions, **named},
    }


def schema_asset() -> LateAsset:
    """The schema as a file, which depends only on this program."""
    return LateAsset(path="api/v1/schema.json", key=key_of("schema"), make=_render)


def _render() -> bytes:
    return msgspec.json.format(msgspec.json.encode(json_schema(), order="sorted"), indent=1) + b"\n"
