"""Decodes Docker Hub's data about tags. Its published schema is incomplete, and any field may be null."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from collector.errors import InvalidValue, UntrustedAnswer
from collector.model.digests import Digest, parse_digest
from collector.model.images import MediaType
from collector.model.json_text import NOT_DECODABLE
from collector.model.platforms import Platform
from collector.model.references import Tag, parse_tag
from collector.model.times import Time, parse_time

T = TypeVar("T")


class HubImage(msgspec.Struct, frozen=True, kw_only=True):
    """One platform of a tag; an attestation has the platform `unknown/unknown`."""

    platform: Platform
    digest: Digest | None
    size: int | None
    """Compressed bytes of the layers."""
    status: str
    """`active`, `inactive`, or empty."""
    last_pushed: Time | None


class HubTag(msgspec.Struct, frozen=True, kw_only=True):
    """Docker Hub's data about a tag, in addition to its manifest."""

    name: Tag
    last_pushed: Time | None
    """The last push, even of the same digest. It is not the date of a build."""
    status: str
    """`active`, `inactive`, or empty."""
    media_type: MediaType
    """Empty if Docker Hub does not give it."""
    digest: Digest | None
    """Missing on very old tags."""
    images: tuple[HubImage, ...]


class HubPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of tags."""

    tags: tuple[HubTag, ...]
    count: int | None
    """The number of all tags."""
    next: str
    """The address of the next page; empty on the last page."""


class _Image(msgspec.Struct):
    architecture: str | None = None
    os: str | None = None
    variant: str | None = None
    os_version: str | None = None
    digest: str | None = None
    size: int | None = None
    status: str | None = None
    last_pushed: str | None = None


class _Tag(msgspec.Struct):
    name: str | None = None
    last_updated: str | None = None
    tag_last_pushed: str | None = None
    tag_status: str | None = None
    status: str | None = None
    media_type: str | None = None
    digest: str | None = None
    images: list[_Image | None] | None = None


class _Page(msgspec.Struct):
    count: int | None = None
    next: str | None = None
    results: list[_Tag | None] | None = None


def read_page(raw: bytes, subject: str) -> HubPage:
    """Read a page of the list of tags.

    Raises:
        UntrustedAnswer: it is invalid.
    """
    page = _decode(raw, _Page, subject)
    tags = tuple(tag for found in page.results or () if found and (tag := _tag(found)))
    return HubPage(tags=tags, count=page.count, next=page.next or "")


def read_tag(raw: bytes, subject: str) -> HubTag:
    """Read one tag.

    Raises:
        UntrustedAnswer: it is invalid.
    """
    tag = _tag(_decode(raw, _Tag, subject))
    if tag is None:
        raise UntrustedAnswer(f"{subject}: Docker Hub's answer contains no tag")
    return tag


def _decode(raw: bytes, kind: type[T], subject: str) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise UntrustedAnswer(f"{subject}: Docker Hub's answer has an unknown form: {error}") from None
    except NOT_DECODABLE:
        raise UntrustedAnswer(f"{subject}: Docker Hub's answer is not JSON") from None


def _tag(tag: _Tag) -> HubTag | None:
    try:
        name = parse_tag(tag.name or "")
    except InvalidValue:
        return None
    return HubTag(
        name=name,
        last_pushed=_time(tag.tag_last_pushed) or _time(tag.last_updated),
        status=tag.tag_status or tag.status or "",
        media_type=tag.media_type or "",
        digest=_digest(tag.digest),
        images=tuple(_image(image) for image in tag.images or () if image),
    )


def _image(image: _Image) -> HubImage:
    return HubImage(
        platform=Platform(
            os=image.os or "",
            architecture=image.architecture or "",
            variant=image.variant or "",
            os_version=image.os_version or "",
        ),
        digest=_digest(image.digest),
        size=image.size if image.size is not None and image.size >= 0 else None,
        status=image.status or "",
        last_pushed=_time(image.last_pushed),
    )


def _digest(text: str | None) -> Digest | None:
    try:
        return parse_digest(text or "")
    except InvalidValue:
        return None


def _time(text: str | None) -> Time | None:
    try:
        return parse_time(text or "")
    except InvalidValue:
        return None
