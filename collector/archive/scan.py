"""Searches the bytes of the journals: for questions about the whole archive, decoding every fact would take too
long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.facts import Fact, ObservationFact, decode_fact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import Holdings
from collector.archive.layout import folder_of, iter_repositories, journals_in
from collector.model.digests import DigestPrefix
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository

OBSERVATION = b'"fact":"observation"'
"""As written in canonical JSON. Inside a text its quotes are escaped, so that no step can be taken for an
observation.
"""
INVENTORY = b'"fact":"inventory"'


def repositories_mentioning(root: Path, prefix: DigestPrefix) -> Iterator[Repository]:
    """The repositories whose journals contain a digest that begins so, also if it is only part of a step's text."""
    needle = f":{prefix}".encode()
    for repository in iter_repositories(root):
        if any(needle in path.read_bytes() for path in journals_in(folder_of(root, repository))):
            yield repository


def repositories_naming_package(root: Path, name: str) -> Iterator[Repository]:
    """The repositories whose journals contain a text that begins so, as names in a package list do."""
    needle = msgspec.json.encode(name).removesuffix(b'"')
    for repository in iter_repositories(root):
        if any(needle in path.read_bytes() for path in journals_in(folder_of(root, repository))):
            yield repository


def repositories_with_value(root: Path, value: str) -> Iterator[Repository]:
    """The repositories whose journals contain a variable, a label or an annotation whose value begins so, whatever the
    case, or with a `v` before it.
    """
    needle = re.compile(rb'[= "](?<!"tag":")v?' + re.escape(value.encode()), re.IGNORECASE)
    for repository in iter_repositories(root):
        if any(needle.search(path.read_bytes()) for path in journals_in(folder_of(root, repository))):
            yield repository


def load_observations(root: Path, repository: Repository) -> Holdings:
    """The observations of a repository, without its other facts: enough for its tags and their periods."""
    holdings = Holdings(repository)
    known: dict[tuple[str, ...], Fact] = {}
    for fact in _iter_observations(root, repository):
        known.setdefault(fact.key, fact)
    for fact in known.values():
        fact.enter(holdings)
    holdings.order_observations()
    return holdings


def _iter_observations(root: Path, repository: Repository) -> Iterator[Fact]:
    shared = SharedValues()
    for path in journals_in(folder_of(root, repository)):
        for line in path.read_bytes().split(b"\n")[:-1]:
            if OBSERVATION in line:
                try:
                    fact = decode_fact(line + b"\n", shared)
                except NOT_DECODABLE:
                    continue
                if isinstance(fact, ObservationFact):
                    yield fact
