"""The tasks of a build: one for each image, and one for each edition that contains the image."""

from __future__ import annotations

import re

import msgspec

_OF_EDITION = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/(.+)", re.DOTALL)
"""A day is never the name of a registry, because a single word is not read as one."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of one repository in the site, or in one edition."""

    name: str
    """From `task_name`."""
    key: str
    """Equal keys, equal items: a hash of the journals, the addresses, the bases and the version of this program."""
    bases: str = ""
    """The name in the cache of what the repository needs to know of bases in the whole archive; empty: nothing."""


def task_name(image: str, edition: str = "") -> str:
    """`docker.io/library/python`, or for an edition `2017-12-31/docker.io/library/python`."""
    return f"{edition}/{image}" if edition else image


def edition_of(name: str) -> str:
    """The edition of a task, from the task's name; empty for the current site."""
    found = _OF_EDITION.fullmatch(name)
    return found[1] if found else ""


def image_of(name: str) -> str:
    """The full name of a task's repository, from the task's name."""
    found = _OF_EDITION.fullmatch(name)
    return found[2] if found else name
