"""Reasons why a build changed: the releases, in a period, of the images that its files name."""

from __future__ import annotations

import msgspec

from collector.dockerfiles import NamedImage
from collector.errors import NotFound, UsageError
from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.resolve import resolve
from collector.lookup.tag_history import TagRelease, read_history
from collector.lookup.targets import Load
from collector.model.references import Asked
from collector.model.times import Time


class ImageChanges(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of an image that a file names."""

    line: int
    written: str
    """The name as it is written in the file, with its variables."""
    reference: str
    """The name with the defaults of its variables; empty if one has none."""
    is_pinned: bool = False
    """Whether the file names a digest, so that the build gets the same image even if the tag moves."""
    before: str = ""
    """`name:tag@digest` at the beginning of the period: the pin that gives the earlier build. Empty: unknown."""
    after: str = ""
    """The same at the end."""
    releases: tuple[TagRelease, ...] = ()
    """Releases that began or reached a platform in the period, newest first."""
    problem: str = ""
    """The reason why nothing is known of the image."""


class FileChanges(msgspec.Struct, frozen=True, kw_only=True):
    """One file, and the changes of the images that it names."""

    file: str
    images: tuple[ImageChanges, ...]
    problem: str = ""
    """The reason why the file could not be read."""


def changes_of(image: NamedImage, load: Load, since: Time, until: Time | None = None) -> ImageChanges:
    """The changes of an image after `since`, up to `until` or the end of the archive."""
    named = ImageChanges(line=image.line, written=image.written, reference=image.reference, problem=image.problem)
    if not image.reference:
        return named
    try:
        return _changes(named, image.asked, load, since, until)
    except (NotFound, UsageError) as error:
        return msgspec.structs.replace(named, problem=str(error))


def _changes(named: ImageChanges, asked: Asked, load: Load, since: Time, until: Time | None) -> ImageChanges:
    if asked.tag is None:
        return msgspec.structs.replace(named, is_pinned=True, problem="")
    facts = load(asked.repository)
    tag = Asked(repository=asked.repository, tag=asked.tag)
    releases = read_history(facts, tag).releases
    return msgspec.structs.replace(
        named,
        is_pinned=asked.digest is not None,
        before=_pin(facts, tag, since),
        after=_pin(facts, tag, until),
        releases=tuple(one for one in releases if one.updated > since and (until is None or one.since <= until)),
        problem="",
    )


def _pin(facts: RepositoryFacts, tag: Asked, as_of: Time | None) -> str:
    """`name:tag@digest` at a time; empty if the tag had none."""
    try:
        return resolve(facts, msgspec.structs.replace(tag, as_of=as_of)).reference
    except NotFound:
        return ""
