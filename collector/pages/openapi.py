"""The description of all that is published for programs, as OpenAPI 3.1: one path a kind of file.

Its schemas are those of `schema.json` beside it. Paths are of static files: they take no parameters but those in them.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from collector.pages.documents import LateAsset, key_of

_JSON = "application/json"
_ATOM = "application/atom+xml"


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
        description="The tag's name. Of a few, with a `~`, `exceptions` of `names.json` has the address.",
        pattern="^~*[A-Za-z0-9_][A-Za-z0-9._-]*$",
        example="3.6-slim",
    ),
    "platform": _Parameter(
        description="The platform with hyphens: the `slug` that the tag's JSON has of each.",
        pattern="^[^/-][^/]*-[^/]*$",
        example="linux-amd64",
    ),
    "part": _Parameter(
        description="Which part of what is very long: `older` of a history leads there, `more` of an image.",
        pattern="^[1-9][0-9]*$",
        example="1",
    ),
    "prefix": _Parameter(
        description="The first three hex digits of a digest, without its `sha256:`.",
        pattern="^[0-9a-f]{3}$",
        example="33a",
    ),
    "badge": _Parameter(description="Which badge.", pattern="^(size|layers|changed|platforms)$", example="size"),
    "file": _Parameter(
        description="The number of the file. An object has the number `file * 64 + place`.",
        pattern="^(0|[1-9][0-9]*)$",
        example="0",
    ),
}


class _File(msgspec.Struct, frozen=True):
    """A kind of file."""

    path: str
    name: str
    summary: str
    definition: str = ""
    """Of schema.json, without its `#/$defs/`; several between bars; empty: any object."""
    media_type: str = _JSON


_FILES = (
    _File("/api/v1/index.json", "home", "What the home page shows: all images, and what changed lately.", "HomeView"),
    _File("/api/v1/repos/{image}.json", "image", "An image: its tags, grouped, and its latest changes.", "ImageView"),
    _File("/api/v1/repos/{image}/-tags-{part}.json", "moreTags", "Further tags, where there are many.", "ImageView"),
    _File("/api/v1/repos/{image}/{tag}.json", "tag", "What a tag is now or, where it is gone, was last.", "TagView"),
    _File(
        "/api/v1/repos/{image}/{tag}/history.json",
        "history",
        "Every state of a tag, newest first, with the change that led to it.",
        "HistoryView",
    ),
    _File(
        "/api/v1/repos/{image}/{tag}/history/{part}.json",
        "olderHistory",
        "An older part of a very long history.",
        "HistoryView",
    ),
    _File(
        "/api/v1/repos/{image}/{tag}/{platform}.json",
        "platform",
        "One platform of a tag that is there: manifest, Image ID, steps, layers; or where that is told.",
        "PlatformView|LeadView",
    ),
    _File(
        "/api/v1/repos/{image}/-states.json",
        "states",
        "What every tag of an image pointed at, and when: all that an answer as of any date takes.",
        "states",
    ),
    _File("/api/v1/names.json", "names", "The names of all images and tags, and their addresses.", "names"),
    _File(
        "/api/v1/digests/{prefix}.json",
        "digests",
        "Digests of one prefix: by image, and by the next nine hex digits, the numbers of the objects that they name.",
        "digests",
    ),
    _File(
        "/api/v1/repos/{image}/objects/-{file}.json",
        "objects",
        "At most 64 of the things that states contained: steps, layers, images, indexes; and where each was.",
        "objects",
    ),
    _File("/api/v1/schema.json", "schema", "The JSON Schema of all these files."),
    _File("/api/v1/openapi.json", "openapi", "This description."),
    _File("/feed.xml", "siteFeed", "What changed lately, in all images.", media_type=_ATOM),
    _File("/repos/{image}/feed.xml", "imageFeed", "What changed lately in an image.", media_type=_ATOM),
    _File("/repos/{image}/{tag}/feed.xml", "tagFeed", "The newest changes of a tag.", media_type=_ATOM),
    _File(
        "/repos/{image}/{tag}/badge/{badge}.json",
        "badge",
        "A badge of a tag that is there, as shields.io reads it; where whoever publishes the site asked for badges.",
        "badge",
    ),
    _File(
        "/repos/{image}/{tag}/badge/{badge}.svg",
        "badgePicture",
        "The same badge as a picture.",
        media_type="image/svg+xml",
    ),
)


def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "repo-info",
            "version": "1",
            "summary": "What container image tags contained over time.",
            "description": "Every page of the site has a JSON twin, and all that tags ever contained is there as JSON. "
            "All are static files: GET alone, no keys, no limits but the host's. What has its default is left out.",
        },
        "servers": [{"url": "../..", "description": "The site that this file is of."}],
        "paths": {file.path: {"get": _operation(file)} for file in _FILES},
        "components": {"parameters": {name: _parameter(name, one) for name, one in _PARAMETERS.items()}},
    }


def openapi_asset() -> LateAsset:
    """It as a file, which depends on this program alone."""
    return LateAsset(path="api/v1/openapi.json", key=key_of("openapi"), make=_render)


def _render() -> bytes:
    return msgspec.json.format(msgspec.json.encode(openapi()), indent=1) + b"\n"


def _operation(file: _File) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", file.path)
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    return {
        "operationId": file.name,
        "summary": file.summary,
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": {"description": "It.", "content": {file.media_type: {"schema": _schema(file)}}},
            **({"404": {"description": "The archive has none such."}} if parameters else {}),
        },
    }


def _schema(file: _File) -> dict[str, Any]:
    if not file.definition:
        return {"type": "object" if file.media_type == _JSON else "string"}
    kinds = [{"$ref": f"schema.json#/$defs/{name}"} for name in file.definition.split("|")]
    return kinds[0] if len(kinds) == 1 else {"oneOf": kinds}


def _parameter(name: str, parameter: _Parameter) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": parameter.description,
        "schema": {"type": "string", "pattern": parameter.pattern},
        "example": parameter.example,
    }
