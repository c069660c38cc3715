"""CycloneDX documents in JSON, from version 1.0 on: components may contain components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from collector.errors import InvalidValue
from collector.model.packages import DATABASES, MAX_ENTRIES, PackageListBuilder, Scan
from collector.model.purls import Purl, parse_purl
from collector.sbom.scanners import scanner_name, usual_system

_MAX_DEPTH = 8
"""Components within components; deeper ones are left out and counted."""
_MAX_TOOLS = 2**20
"""The size, in bytes, of the largest list of tools that is read."""
_KINDS = frozenset({"application", "framework", "library", "platform", "firmware", ""})
"""Types of components that are packages where they have no package URL; files, systems and containers are not."""


class _License(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class _Choice(msgspec.Struct):
    license: _License | None = None
    expression: str | None = None


class _Component(msgspec.Struct):
    type: str | None = None
    group: str | None = None
    name: str | None = None
    version: str | None = None
    purl: str | None = None
    licenses: list[_Choice] | None = None
    components: msgspec.Raw = msgspec.Raw(b"null")
    """Decoded level by level, so that the depth is bounded."""


class _Metadata(msgspec.Struct):
    tools: msgspec.Raw = msgspec.Raw(b"null")
    """The tools, in one of two forms; a long list is not read."""


class _Document(msgspec.Struct):
    components: list[_Component] | None = None
    metadata: _Metadata | None = None


_DECODER = msgspec.json.Decoder(_Document)
_COMPONENTS = msgspec.json.Decoder(list[_Component] | None)


def parse_cyclonedx(raw: bytes | msgspec.Raw) -> Scan | None:
    """The packages; None for a document that has no components at all.

    Raises:
        msgspec.MsgspecError: it is not CycloneDX in JSON.
    """
    document = _DECODER.decode(raw)
    if document.components is None:
        return None
    builder, systems = PackageListBuilder(), []
    for number, component in enumerate(_iter_nested(document.components, builder)):
        if number >= MAX_ENTRIES:
            builder.left_out += 1
            continue
        purl = _purl_of(component)
        if purl is None and (component.type or "") not in _KINDS:
            continue
        if purl is not None and purl.type in DATABASES:
            systems.append(purl.system)
        _add(builder, component, purl)
    return Scan(
        packages=builder.build(),
        by=scanner_name(_iter_tools(document.metadata.tools) if document.metadata else ()),
        system=usual_system(systems),
        left_out=builder.left_out,
    )


def _iter_nested(components: list[_Component], builder: PackageListBuilder, depth: int = 1) -> Iterator[_Component]:
    for component in components:
        yield component
        if depth < _MAX_DEPTH:
            yield from _iter_nested(_COMPONENTS.decode(component.components) or [], builder, depth + 1)
        elif bytes(component.components) not in {b"null", b"[]"}:
            builder.left_out += 1


def _add(builder: PackageListBuilder, component: _Component, purl: Purl | None) -> None:
    licences = list(_iter_licences(component))
    if purl is None:
        name = "/".join(part for part in (component.group, component.name) if part)
        builder.add(type="generic", name=name, version=component.version or "", licences=licences)
        return
    builder.add(
        type=purl.type,
        name=purl.name,
        version=purl.version or component.version or "",
        source=purl.source,
        source_version=purl.source_version,
        licences=licences,
        architecture=purl.architecture,
    )


def _iter_licences(component: _Component) -> Iterator[str]:
    for choice in component.licenses or ():
        if choice.expression:
            yield choice.expression
        elif choice.license:
            yield choice.license.id or choice.license.name or ""


def _purl_of(component: _Component) -> Purl | None:
    try:
        return parse_purl(component.purl) if component.purl else None
    except InvalidValue:
        return None


def _iter_tools(raw: msgspec.Raw) -> Iterator[str]:
    """Both forms: a list of tools, and since 1.5 an object with components."""
    tools: Any = msgspec.json.decode(raw) if len(bytes(raw)) <= _MAX_TOOLS else None
    found = tools.get("components") if isinstance(tools, dict) else tools
    for tool in found if isinstance(found, list) else ():
        name, version = (tool.get("name"), tool.get("version")) if isinstance(tool, dict) else (None, None)
        if isinstance(name, str):
            yield f"{name} {version}" if isinstance(version, str) and version else name
