"""The base of an image as its annotations and labels state it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from collector.errors import UsageError
from collector.model.annotations import BASE_DIGEST, BASE_NAME
from collector.model.digests import Digest, is_digest
from collector.model.images import Image, State
from collector.model.references import Repository, parse_repository, parse_tagged

_SCRATCH = "scratch"
"""Docker's name for no base at all."""


_MAX_NAME = 500
"""The largest number of characters in a name; a longer one is invalid."""


class StatedBase(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The base of an image, as its annotations or labels state it."""

    name: str
    """The name as written: `debian:12-slim`; empty if only a digest is stated."""
    digest: Digest | None = None
    """The digest of an index or a manifest."""
    is_label: bool = False
    """Whether a label of the config states it; an image inherits the labels of its base."""


def stated_base(image: Image, state: State) -> StatedBase | None:
    """The base that an image states: in its manifest and its entry in the index, else in the index, else in labels."""
    labels = image.config.runtime.labels if image.config.runtime else ()
    for said in (image.annotations, state.annotations, labels):
        words = dict(said)
        name, digest = words.get(BASE_NAME, ""), words.get(BASE_DIGEST, "")
        known = Digest(digest) if is_digest(digest) else None
        if 0 < len(name) <= _MAX_NAME or known:
            return StatedBase(name if len(name) <= _MAX_NAME else "", known, said is labels)
    return None


class Target(NamedTuple):
    """The tag that a stated name refers to."""

    repository: Repository
    tag: str
    """The tag; empty for `scratch` and for names with only a digest."""


def target_of(name: str) -> Target | None:
    """The repository and tag of a name, as `debian:12-slim`; None if it is no name of an image.

    >>> target_of("debian:12-slim")
    Target(repository=Repository(registry='docker.io', path='library/debian'), tag='12-slim')
    """
    if name == _SCRATCH:
        return Target(parse_repository(_SCRATCH), "")
    try:
        asked = parse_tagged(name)
    except UsageError:
        return None
    return Target(asked.repository, asked.tag or "")
