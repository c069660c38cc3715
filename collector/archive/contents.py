"""The facts of a repository that say which layers and steps its images have, and when tags pointed at them.

All images of an archive are compared with one another. So these facts are read in half of the usual time: without the
others, and of what pages say without the checks of its digests and times. Whoever publishes a value from here checks
it.
"""

from __future__ import annotations

from pathlib import Path

from collector.archive.facts import decode_fact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import Holdings
from collector.archive.journal import Fault, iter_lines
from collector.archive.layout import folder_of, journals_in
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository

_KIND = b'"fact":"'
"""As written in canonical JSON; inside a text the quotes are escaped."""
_PAGE_FACTS = (b"man", b"con", b"ind")
_OTHER_FACTS = (b"obs", b"ste", b"raw", b"abs")
"""How the names of kinds begin."""


def load_contents(root: Path, repository: Repository) -> Holdings:
    """Read all journals of a repository. Faulty lines are left out; of several facts with one name the first counts.

    What it says of layers is incomplete.
    """
    holdings = Holdings(repository)
    shared = {
        **dict.fromkeys(_PAGE_FACTS, SharedValues(checks_forms=False)),
        **dict.fromkeys(_OTHER_FACTS, SharedValues()),
    }
    for path in journals_in(folder_of(root, repository)):
        for _, line in iter_lines(path):
            if isinstance(line, Fault) or (values := shared.get(_kind_of(line))) is None:
                continue
            try:
                fact = decode_fact(line, values)
            except NOT_DECODABLE:
                continue
            fact.enter(holdings)
    holdings.order_observations()
    return holdings


def _kind_of(line: bytes) -> bytes:
    start = line.find(_KIND) + len(_KIND)
    return line[start : start + 3]
