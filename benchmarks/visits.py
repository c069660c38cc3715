"""The ways that a reader takes through a site, each on a visit of its own."""

from __future__ import annotations

from pathlib import Path

import msgspec

from benchmarks.reader import Reader, Readers
from benchmarks.scales import Answer
from benchmarks.subject import Subject
from benchmarks.tool import SearchBox, Tool


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What was loaded, and what came of it."""

    answers: tuple[Answer, ...]
    """From the first to the last."""
    strangers: int
    """Requests to other hosts; they are not among the answers."""
    as_typed: bool = True
    """Whether it was searched for as people write it, and not as a second try."""
    asked: tuple[Answer, ...] = ()
    """Of the answers, those between the home page and the results."""
    waited: float = 0.0
    """Seconds from the query to its results."""
    shown: int = 0
    """Results that were offered."""
    place: int | None = None
    """Which of the results was the wanted one, from 1 on; None where none was."""


class Visits(msgspec.Struct, frozen=True, kw_only=True):
    """At one site."""

    home: Visit
    tag: Visit
    name: Visit | None
    """None where the site has no search; so is the next."""
    digest: Visit | None


def visit(readers: Readers, site: Path, tool: Tool, subject: Subject) -> Visits:
    """Look at a site as a reader would."""
    tag = tool.tag_page.format(image=subject.image, tag=subject.tag)
    box = tool.box
    return Visits(
        home=_open(readers, site, ""),
        tag=_open(readers, site, tag),
        name=find_name(readers, site, box, subject, tag) if box else None,
        digest=find_digest(readers, site, box, subject.digest) if box else None,
    )


def _open(readers: Readers, site: Path, address: str) -> Visit:
    with readers.reading(site) as reader:
        reader.open(address)
        return Visit(answers=reader.answers, strangers=reader.strangers)


def find_name(readers: Readers, site: Path, box: SearchBox, subject: Subject, wanted: str) -> Visit:
    """On the home page, search for a name. Found is what leads to the tag's page, or to a part of it."""
    with readers.reading(site) as reader:
        results, asked = _search(reader, box, subject.name)
        places = [place for place, address in enumerate(results, 1) if address.partition("#")[0] == wanted]
        return _visit(reader, results, asked, place=min(places, default=None))


def find_digest(readers: Readers, site: Path, box: SearchBox, digest: str) -> Visit:
    """Search for a digest; where that finds nothing, on another visit for its hex digits alone."""
    whole = _find_by(readers, site, box, digest)
    if whole.place:
        return whole
    bare = _find_by(readers, site, box, digest.partition(":")[2])
    return msgspec.structs.replace(bare, as_typed=False) if bare.place else whole


def _find_by(readers: Readers, site: Path, box: SearchBox, query: str) -> Visit:
    """On the home page, search for a digest, and open the first result. Found is what leads to a page that has it."""
    with readers.reading(site) as reader:
        results, asked = _search(reader, box, query)
        found = bool(results) and query in reader.follow(box)
        return _visit(reader, results, asked, place=1 if found else None)


def _visit(reader: Reader, results: list[str], asked: tuple[Answer, ...], *, place: int | None) -> Visit:
    return Visit(
        answers=reader.answers,
        strangers=reader.strangers,
        asked=asked,
        waited=reader.waited,
        shown=len(results),
        place=place,
    )


def _search(reader: Reader, box: SearchBox, query: str) -> tuple[list[str], tuple[Answer, ...]]:
    reader.open("")
    before = len(reader.answers)
    results = reader.search(box, query)
    return results, reader.answers[before:]
