"""The shares that a site is made in: one for each image, and one more for each edition that the image is in."""

from __future__ import annotations

import re

import msgspec

_OF_EDITION = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/(.+)", re.DOTALL)
"""No registry has a day for its name, as those of one word are not taken for registries."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One repository's share of the site, or of one edition."""

    name: str
    """As `task_name` makes it."""
    key: str
    """Equal keys, equal items: a hash of the journals, the addresses, the bases and the version of this program."""
    bases: bytes = b""
    """What the repository needs to know of bases in the whole archive, as `collector.bases.parts` encodes it."""


def task_name(image: str, edition: str = "") -> str:
    """`docker.io/library/python`, and of an edition `2017-12-31/docker.io/library/python`."""
    return f"{edition}/{image}" if edition else image


def edition_of(name: str) -> str:
    """The edition of a task, by the task's name; empty: it is of the current site."""
    found = _OF_EDITION.fullmatch(name)
    return found[1] if found else ""


def image_of(name: str) -> str:
    """The full name of the repository whose share a task is, by the task's name."""
    found = _OF_EDITION.fullmatch(name)
    return found[2] if found else name
