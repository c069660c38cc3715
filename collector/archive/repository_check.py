"""Checks the journals of one repository line by line. Only the names of its facts stay in memory."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from collector.archive.fact_names import FactNames
from collector.archive.facts import (
    ConfigFact,
    Fact,
    IndexFact,
    InventoryFact,
    ManifestFact,
    ObservationFact,
    PackagesFact,
    RawFact,
    StepFact,
    TextFact,
    content_id,
    decode_fact,
    encode_fact,
    is_canonical,
)
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import fault_of_second
from collector.archive.journal import RESTORE, RUN_AGAIN, Fault, fault_of_line, iter_lines
from collector.archive.layout import month_in, month_of
from collector.archive.line_sums import has_sum, without_sum
from collector.archive.package_faults import iter_package_faults
from collector.errors import InvalidValue
from collector.model.documents import MANIFEST_TYPES, parse_index, parse_manifest
from collector.model.hashes import is_digest_of
from collector.model.images import INDEX_TYPES
from collector.model.json_text import NOT_DECODABLE
from collector.model.times import Time

_UPGRADE = "restore the file from version control, or run `repo-info upgrade` again if it was not finished"


class _Place(NamedTuple):
    path: Path
    line: int
    fact: Fact

    def fault(self, message: str, hint: str) -> Fault:
        return Fault(path=self.path, line=self.line, message=message, hint=hint)


class _Reference(NamedTuple):
    """An object that a fact refers to."""

    what: str
    name: Hashable = None
    tables: tuple[Container[Hashable], ...] = ()
    """The tables, one of which should contain it."""

    @property
    def is_missing(self) -> bool:
        return not any(self.name in table for table in self.tables)


class RepositoryCheck:
    """Reads the journals of a repository in order. `finish` yields the faults that only all of them together show."""

    def __init__(self, *, has_sums: bool, now: Time | None) -> None:
        """`has_sums`: whether every line should have one. `now`: later observations are faults."""
        self._has_sums = has_sums
        self._now = now
        self._names = FactNames()
        self._missing: list[tuple[Path, int, _Reference]] = []
        """References that no line before resolves."""
        self._of_packages: list[_Place] = []
        """Facts that are checked when all package lists are known."""

    def read(self, path: Path) -> Iterator[Fault]:
        """The faults of a journal."""
        bare: list[int] = []
        shared = SharedValues()
        for number, line in iter_lines(path):
            if isinstance(line, Fault):
                yield line
                continue
            try:
                fact = decode_fact(line, shared)
            except NOT_DECODABLE as error:
                yield fault_of_line(path, number, error)
                continue
            plain = without_sum(line)
            is_plain = is_canonical(plain)
            is_same = self._names.enter(fact, plain if is_plain else encode_fact(fact))
            if is_same is not None:
                yield fault_of_second(path, number, fact, is_same=is_same)
                continue
            yield from self._check(_Place(path, number, fact))
            if not is_plain:
                message = "not canonical JSON (sorted keys, no spaces, no needless escapes)"
                yield Fault(path=path, line=number, message=message, hint=RESTORE)
            if not has_sum(line):
                bare.append(number)
        yield from _iter_without_sum(path, bare if self._has_sums else ())

    def finish(self) -> Iterator[Fault]:
        """The faults of references and package lists, once all journals are read."""
        for place in self._of_packages:
            yield from (place.fault(message, hint) for message, hint in iter_package_faults(self._names, place.fact))
        for path, line, reference in self._missing:
            if reference.is_missing:
                yield Fault(path=path, line=line, message=f"{reference.what} is missing", hint=RUN_AGAIN)

    def _check(self, place: _Place) -> Iterator[Fault]:
        yield from (place.fault(message, RESTORE) for message in _iter_wrong(place))
        moment = place.fact.said_at if self._now else None
        if self._now and moment is not None and moment > self._now:
            hint = "a clock ran ahead; import again when the source has later commits, or delete the line"
            yield place.fault(f"{moment} is in the future", hint)
        if isinstance(place.fact, PackagesFact | InventoryFact):
            self._of_packages.append(place)
        for reference in _iter_references(self._names, place.fact):
            if reference.is_missing:
                self._missing.append((place.path, place.line, reference))


def _iter_wrong(place: _Place) -> Iterator[str]:
    """Faults of a fact by itself, without the rest of the archive."""
    match place.fact:
        case StepFact(id=step_id, text=text) if not content_id(text.encode()).startswith(step_id):
            yield f"the text of the step does not match its id {step_id}"
        case TextFact(id=text_id) as fact if content_id(fact.content) != text_id:
            yield f"the kept text does not match its id {text_id}"
        case RawFact(digest=digest) as fact if not is_digest_of(fact.content, fact.media_type, digest):
            yield f"the raw text does not match its digest {digest}"
        case ObservationFact(time=time) if month_of(time) != month_in(place.path):
            yield f"the observation of {time} is in the journal of another month"
        case ObservationFact(digest=str(), gone=str()):
            yield "the observation states a digest and also that the tag is gone"


def _iter_references(names: FactNames, fact: Fact) -> Iterator[_Reference]:
    """The references of a fact; those to objects of earlier lines may be left out."""
    match fact:
        case ConfigFact(history=history):
            steps = names.of("steps")
            yield from (_Reference(f"step {step}", step, (steps,)) for _, step in history if step not in steps)
        case ManifestFact(config=config, layers=layers):
            configs, known = names.of("config_facts"), names.of("layers")
            if config not in configs:
                yield _Reference(f"config {config}", config, (configs,))
            yield from (_Reference(f"layer {layer}", layer, (known,)) for layer in layers if layer not in known)
        case IndexFact(manifests=manifests):
            known = names.of("manifests")
            digests = (entry.digest for entry in manifests)
            yield from (_Reference(f"manifest {digest}", digest, (known,)) for digest in digests if digest not in known)
        case ObservationFact():
            yield from _iter_references_of_observation(names, fact)
        case RawFact():
            try:
                yield from _iter_references_of_raw(names, fact)
            except InvalidValue as error:
                yield _Reference(f"readable content of {fact.digest} ({error})")
        case _:
            pass


def _iter_references_of_observation(names: FactNames, fact: ObservationFact) -> Iterator[_Reference]:
    if fact.digest is not None:
        states = tuple(names.of(table) for table in ("indexes", "manifests", "raws"))
        yield _Reference(f"index or manifest {fact.digest}", fact.digest, states)
    for text in [*([fact.page] if fact.page is not None else []), *(fact.sections or {}).values()]:
        yield _Reference(f"kept text {text}", text, (names.of("texts"),))
    if fact.dates_as is not None:
        what = f"the observation of {fact.tag} at {fact.dates_as}, to whose dates this one refers"
        yield _Reference(what, (fact.tag, fact.dates_as), (names.dates,))


def _iter_references_of_raw(names: FactNames, fact: RawFact) -> Iterator[_Reference]:
    """The objects that a raw index or manifest names."""
    if fact.media_type in INDEX_TYPES:
        known = names.of("raws"), names.of("absent")
        for entry in parse_index(fact.content, fact.media_type).manifests:
            yield _Reference(f"manifest {entry.digest}", entry.digest, known)
    elif fact.media_type in MANIFEST_TYPES:
        document = parse_manifest(fact.content, fact.media_type)
        if document.config and document.is_image:
            yield _Reference(f"config {document.config.digest}", document.config.digest, (names.of("raw_configs"),))


def _iter_without_sum(path: Path, bare: Sequence[int]) -> Iterator[Fault]:
    """One fault for all lines without a sum: the first of them, and their number."""
    if bare:
        which = f"{len(bare)} lines have no sum, of which this is the first" if len(bare) > 1 else "the line has no sum"
        yield Fault(path=path, line=bare[0], message=f"{which}: damage cannot be found", hint=_UPGRADE)
