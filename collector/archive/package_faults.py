"""Checking package lists and inventories: each list is rebuilt and hashed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from collector.archive.fact_names import FactNames
from collector.archive.facts import Fact, InventoryFact, PackagesFact
from collector.archive.journal import RESTORE, RUN_AGAIN
from collector.archive.package_lists import MAX_DEPTH
from collector.model.packages import MAX_PACKAGES


class PackageFault(NamedTuple):
    message: str
    hint: str


def iter_package_faults(names: FactNames, fact: Fact) -> Iterator[PackageFault]:
    """What is wrong with a fact about packages, and what it refers to that is missing."""
    match fact:
        case PackagesFact():
            yield from _iter_faults_of_list(names, fact)
        case InventoryFact(packages=packages, statement=statement, types=types):
            known = names.package_lists.get(packages)
            if known is not None and known.types != types:
                yield PackageFault("the types are not those of the packages in the list", RESTORE)
            if packages not in names.packages:
                yield PackageFault(f"package list {packages} is missing", RUN_AGAIN)
            if statement is not None and statement not in names.of("statements"):
                yield PackageFault(f"statement {statement} is missing", RUN_AGAIN)


def _iter_faults_of_list(names: FactNames, fact: PackagesFact) -> Iterator[PackageFault]:
    """The faults of a list. Lists that rest on a wrong one are not named again."""
    lists = names.package_lists
    if fact.on is not None and fact.on not in names.packages:
        yield PackageFault(f"package list {fact.on} is missing", RUN_AGAIN)
    elif (lists.depth(fact.id) or 0) > MAX_DEPTH:
        yield PackageFault(f"more than {MAX_DEPTH} package lists rest on one another", RESTORE)
    elif fact.added > MAX_PACKAGES:
        yield PackageFault(f"a package list of more than {MAX_PACKAGES} packages", RESTORE)
    elif lists.get(fact.id) is None and (fact.on is None or lists.get(fact.on) is not None):
        yield PackageFault(f"the packages are not those of the list's id {fact.id}", RESTORE)
