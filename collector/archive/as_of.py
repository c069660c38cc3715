"""A repository as the archive stood at a moment: the facts that were recorded until then.

Journals only grow, so the facts that were recorded until a past moment are a part of each journal that never changes:
the whole journals of earlier months, and in the journal of that month the lines up to the last observation, or the last
inventory, until then.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from collector.archive.facts import Fact, RawFact, TextFact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import Holdings
from collector.archive.journal import Fault, iter_journal
from collector.archive.layout import journals_in, month_of
from collector.archive.line_sums import is_damaged
from collector.archive.scan import INVENTORY, OBSERVATION
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository
from collector.model.times import Time


class _Seen(msgspec.Struct):
    time: Time


def beginning(name: str, content: bytes, until: Time) -> bytes:
    """The part of a journal that was written until a moment. `name`: the name of its file, as `2018-01.jsonl`."""
    month = name.partition(".")[0]
    if month != month_of(until):
        return content if month < month_of(until) else b""
    last = {kind: content.rfind(kind) for kind in (OBSERVATION, INVENTORY)}
    while (found := max(last.values())) >= 0:
        start, end = content.rfind(b"\n", 0, found) + 1, content.find(b"\n", found) + 1
        if end and _is_until(content[start:end], until):
            return content[:end]
        # Each is looked for on its own: a journal may have one kind only, and is then searched for the other once.
        last |= {kind: content.rfind(kind, 0, start) for kind, place in last.items() if place == found}
    return b""


def load_until(folder: Path, repository: Repository, until: Time) -> Holdings:
    """The facts of a repository at a moment. `folder`: the folder of its journals.

    Journals of later months are read only if an older source was imported after a younger one: a fact that occurs in
    both is then in the journal of the younger one.
    """
    holdings = Holdings(repository)
    known: set[tuple[str, ...]] = set()
    shared = SharedValues()
    lines = {path: _lines_until(path, until) for path in journals_in(folder)}
    for path, count in lines.items():
        _take_new(holdings, known, islice(_iter_facts(path, shared), count), until)
    holdings.order_observations()
    pointed_at = {seen.digest for of_tag in holdings.observations.values() for seen in of_tag if seen.digest}
    if any(holdings.state(digest) is None for digest in pointed_at) or holdings.lacks_packages:
        digests = {*holdings.manifests, *holdings.indexes, *holdings.config_facts}
        for path, count in lines.items():
            later = (fact for fact in islice(_iter_facts(path, shared), count, None) if _is_lasting(fact, digests))
            _take_new(holdings, known, later, until)
    return holdings


def _take_new(
    holdings: Holdings,
    known: set[tuple[str, ...]],
    facts: Iterator[Fact | None],
    until: Time,
) -> None:
    """Enter the facts that are not known yet. Of facts with the same key, the first counts."""
    for fact in facts:
        if fact is None or (fact.said_at is not None and fact.said_at > until):
            continue
        if (key := fact.key) not in known:
            known.add(key)
            fact.enter(holdings)


def _iter_facts(path: Path, shared: SharedValues) -> Iterator[Fact | None]:
    """The fact of each line; None for a line that is not a fact."""
    for _, fact in iter_journal(path, shared):
        yield None if isinstance(fact, Fault) else fact


def _is_lasting(fact: Fact | None, digests: set[str]) -> bool:
    """Whether a fact counts whenever it was written: it is true at all times. A raw text counts for a new object
    only.
    """
    if isinstance(fact, RawFact):
        return fact.digest not in digests
    return fact is not None and fact.said_at is None and not isinstance(fact, TextFact)


def _lines_until(path: Path, until: Time) -> int:
    return beginning(path.name, path.read_bytes(), until).count(b"\n")


def _is_until(line: bytes, until: Time) -> bool:
    try:
        return not is_damaged(line) and msgspec.json.decode(line, type=_Seen).time <= until
    except NOT_DECODABLE:
        return False
