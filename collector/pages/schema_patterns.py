"""Adds the patterns of digests and times to a schema, which msgspec leaves out because both are plain strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

import msgspec

from collector.model import digests, times

_PATTERNS: dict[object, dict[str, str]] = {
    digests.Digest: {"pattern": digests.PATTERN},
    times.Time: {"pattern": times.PATTERN},
}

Schema = dict[str, Any]


def add_patterns(definitions: dict[str, Schema], kinds: Iterable[object]) -> None:
    """Add the patterns to the definitions of all structs in these types."""
    for struct in dict.fromkeys(_iter_structs(kinds, set())):
        # A generic struct has no name, and one that is written as an array has no properties.
        properties = definitions.get(struct.__name__, {}).get("properties", {})
        for field in msgspec.structs.fields(struct):
            if field.encode_name in properties:
                _add(properties[field.encode_name], field.type)


def _iter_structs(kinds: Iterable[object], seen: set[object]) -> Iterator[type[msgspec.Struct]]:
    for kind in kinds:
        if kind in seen:
            continue
        seen.add(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield kind
            yield from _iter_structs([field.type for field in msgspec.structs.fields(kind)], seen)
        else:
            yield from _iter_structs(get_args(kind), seen)


def _add(schema: Schema, kind: object) -> None:
    """Add the patterns to the strings in the schema of a value of this type."""
    if get_origin(kind) is tuple:
        _add(schema["items"] or {}, get_args(kind)[0])
    for pattern in filter(None, map(_PATTERNS.get, (kind, *get_args(kind)))):
        for one in (schema, *schema.get("anyOf", ())):
            if one.get("type") == "string":
                one.update(pattern)
