"""The OpenAPI 3.1 description of everything that is published for programs, with a path for each kind of file.

Its schemas are in `schema.json` beside it. All files are static, so parameters occur only in paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from collector.pages.badges import BADGES
from collector.pages.data_files import SUFFIX
from collector.pages.documents import LateAsset, key_of
from collector.pages.kinds import KINDS
from collector.pages.kinds.kind import JSON, PublishedFile

_ATOM = "application/atom+xml"
_GZIP = "application/gzip"


class _Parameter(msgspec.Struct, frozen=True, kw_only=True):
    description: str
    pattern: str
    example: str


_PARAMETERS = {
    "image": _Parameter(
        description="The image's address: its name as in `docker pull`. It may have several parts, `bitnami/redis` or "
        "`ghcr.io/owner/name`, whose slashes are written as they are; the colon of a port is written `+`. "
        "`names.json` has the addresses of all images.",
        pattern="^[^/]+(/[^/]+)*$",
        example="python",
    ),
    "tag": _Parameter(
        description="The tag's name. A few addresses contain a `~`; they are in `exceptions` of `names.json`.",
        pattern="^~*[A-Za-z0-9_][A-Za-z0-9._-]*$",
        example="3.6-slim",
    ),
    "platform": _Parameter(
        description="The platform with hyphens: its `slug` in the tag's JSON.",
        pattern="^[^/-][^/]*-[^/]*$",
        example="linux-amd64",
    ),
    "part": _Parameter(
        description="The part of a very long page: `older` of a history and `more` of an image have its address.",
        pattern="^[1-9][0-9]*$",
        example="1",
    ),
    "prefix": _Parameter(
        description="The first three hex digits of a digest, without its `sha256:`; fewer on a small site.",
        pattern="^[0-9a-f]{1,3}$",
        example="33",
    ),
    "type": _Parameter(description="The type of the package.", pattern="^(apk|deb|rpm)$", example="deb"),
    "source": _Parameter(
        description="The name of a source package.", pattern="^[a-z0-9][a-z0-9.+-]*$", example="openssl"
    ),
    "shard": _Parameter(
        description="The first hex digits of the CRC-32 of the key, in UTF-8; how many, "
        "`assets/javascripts/packageindex.js` says.",
        pattern="^[0-9a-f]{1,3}$",
        example="33",
    ),
    "digits": _Parameter(
        description="The first hex digits of the CRC-32 of a version's number; how many, `version_digits` in "
        "`names.json` says.",
        pattern="^[0-9a-f]{1,3}$",
        example="8",
    ),
    "badge": _Parameter(description="The name of the badge.", pattern=f"^({'|'.join(BADGES)})$", example=BADGES[0]),
    "file": _Parameter(
        description="The number of the file. An object, or a list, has the number `file * 64 + place`.",
        pattern="^(0|[1-9][0-9]*)$",
        example="0",
    ),
}


_FILES = (
    *(file for kind in KINDS for file in kind.files),
    PublishedFile("/api/v1/names.json", "names", "The names of all images and tags, and their addresses.", "names"),
    PublishedFile("/api/v1/visits.json", "visits", "When the archive last looked at its images.", "visits"),
    PublishedFile("/api/v1/schema.json", "schema", "The JSON Schema of all these files."),
    PublishedFile("/api/v1/openapi.json", "openapi", "This description."),
    PublishedFile("/feed.xml", "siteFeed", "The latest changes of all images.", media_type=_ATOM),
    PublishedFile("/repos/{image}/feed.xml", "imageFeed", "The latest changes of an image.", media_type=_ATOM),
    PublishedFile("/repos/{image}/{tag}/feed.xml", "tagFeed", "The latest changes of a tag.", media_type=_ATOM),
    PublishedFile(
        "/repos/{image}/{tag}/badge/{badge}.json",
        "badge",
        "A badge of a live tag, as shields.io reads it; only if the publisher of the site turned badges on.",
        "badge",
    ),
    PublishedFile(
        "/repos/{image}/{tag}/badge/{badge}.svg",
        "badgePicture",
        "The same badge as a picture.",
        media_type="image/svg+xml",
    ),
)

_DATA = (
    PublishedFile(
        "/api/v1/repos/{image}/-states.json",
        "states",
        "What every tag of an image pointed at, and when: everything that an answer for any date needs.",
        "states",
    ),
    PublishedFile(
        "/api/v1/digests/{prefix}.json",
        "digests",
        "Digests of one prefix: by image, and by the next digits up to the twelfth, the numbers of their objects.",
        "digests",
    ),
    PublishedFile(
        "/api/v1/packages/names/{shard}.json",
        "packageNames",
        "The versions of packages that any tag ever had, by name, and by source package: `deb/openssl`.",
        "packageNames",
    ),
    PublishedFile(
        "/api/v1/packages/uses/{shard}.json",
        "packageUses",
        "The images and tags that have, or had, a package in a version, by the key that its name's file gives.",
        "packageUses",
    ),
    PublishedFile(
        "/api/v1/versions/{digits}.json",
        "versions",
        "The tags that are, or once were, a version, by the number at its beginning: `3.6.2`.",
        "versions",
    ),
    PublishedFile(
        "/api/v1/repos/{image}/objects/-{file}.json",
        "objects",
        "At most 64 objects of states (steps, layers, images, indexes), and their uses.",
        "objects",
    ),
    PublishedFile(
        "/api/v1/repos/{image}/package-lists/-{file}.json",
        "packageLists",
        "At most 64 package lists of images that tags have, or had: the first is whole, the others are differences.",
        "packageLists",
    ),
)
"""The files that only programs read. They are published compressed and, on request, uncompressed as well."""


def openapi(*, plain_data: bool = False) -> dict[str, Any]:
    """The OpenAPI document. `plain_data`: the site has uncompressed copies, too."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "repo-info",
            "version": "1",
            "summary": "What container image tags contained over time.",
            "description": "Every page of the site has a JSON twin, and everything that tags ever contained is "
            "available as JSON, of which the larger part is compressed by gzip: its names end in `.gz`. "
            "All files are static: only GET, no keys, no limits except those of the host. "
            "Members with their default are left out.",
        },
        "servers": [{"url": "../..", "description": "The site that contains this file."}],
        "paths": {file.path: {"get": _operation(file)} for file in _iter_files(plain_data=plain_data)},
        "components": {"parameters": {name: _parameter(name, one) for name, one in _PARAMETERS.items()}},
    }


def openapi_asset(*, plain_data: bool) -> LateAsset:
    """The document as a file, which depends only on this program and the setting."""

    def render() -> bytes:
        return msgspec.json.format(msgspec.json.encode(openapi(plain_data=plain_data)), indent=1) + b"\n"

    return LateAsset(path="api/v1/openapi.json", key=key_of("openapi", plain_data), make=render)


def _iter_files(*, plain_data: bool) -> Iterator[PublishedFile]:
    yield from _FILES
    for file in _DATA:
        yield msgspec.structs.replace(file, path=file.path + SUFFIX, media_type=_GZIP)
        if plain_data:
            yield msgspec.structs.replace(file, name=f"{file.name}Plain")


def _operation(file: PublishedFile) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", file.path)
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    return {
        "operationId": file.name,
        "summary": file.summary,
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": {"description": "It.", "content": {file.media_type: {"schema": _schema(file)}}},
            **({"404": {"description": "The archive has no such object."}} if parameters else {}),
        },
    }


def _schema(file: PublishedFile) -> dict[str, Any]:
    if not file.definition:
        return {"type": "object" if file.media_type == JSON else "string"}
    kinds = [{"$ref": f"schema.json#/$defs/{name}"} for name in file.definition.split("|")]
    schema = kinds[0] if len(kinds) == 1 else {"oneOf": kinds}
    return {"contentMediaType": JSON, "contentSchema": schema} if file.media_type == _GZIP else schema


def _parameter(name: str, parameter: _Parameter) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": parameter.description,
        "schema": {"type": "string", "pattern": parameter.pattern},
        "example": parameter.example,
    }
