"""Checks an archive: every line against its sum, every text against its id, every reference and every file.

Each fault comes with its file, its line and what to do; everything else stays readable. One repository is in memory at
a time.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from collector.archive.facts import (
    ConfigFact,
    Fact,
    IndexFact,
    ManifestFact,
    ObservationFact,
    RawFact,
    StepFact,
    TextFact,
    content_id,
    is_canonical,
)
from collector.archive.holdings import Holdings, iter_facts
from collector.archive.journal import RESTORE, RUN_AGAIN, Fault, iter_lines
from collector.archive.layout import (
    folder_of,
    is_journal,
    iter_folders,
    iter_repositories,
    journals_in,
    month_in,
    month_of,
    repository_of,
)
from collector.archive.line_sums import has_sum, without_sum
from collector.archive.package_faults import iter_package_faults
from collector.archive.store import Archive
from collector.archive.visits import FOLDER as VISITS
from collector.errors import InvalidValue
from collector.model.documents import MANIFEST_TYPES, parse_index, parse_manifest
from collector.model.hashes import is_digest_of
from collector.model.images import INDEX_TYPES
from collector.model.progress import Progress, no_progress
from collector.model.references import Repository
from collector.model.times import Time

_UPGRADE = "restore the file from version control, or run `repo-info upgrade` again if it was not finished"


def verify(archive: Archive, progress: Progress = no_progress, *, now: Time | None = None) -> Iterator[Fault]:
    """Every fault of an archive: first in its files, then in the lines of each repository.

    If `now` is given, observations later than it are faults.
    """
    yield from _iter_foreign(archive.root)
    repositories = list(iter_repositories(archive.root, passes_links=True))
    for done, repository in enumerate(repositories, 1):
        yield from verify_repository(archive, repository, now)
        progress(done, len(repositories))


def verify_repository(archive: Archive, repository: Repository, now: Time | None = None) -> Iterator[Fault]:
    """Every fault of one repository, by file and line."""
    holdings = Holdings(repository)
    places = [_Place(path, line, fact) for path, line, fact in iter_facts(archive.root, repository, holdings)]
    faults = [fault for place in places for fault in _iter_faults(holdings, place)]
    faults += [fault for place in places for fault in _iter_future(place, now)] if now else []
    faults += holdings.faults
    faulty = {(fault.path, fault.line) for fault in holdings.faults}
    for path in journals_in(folder_of(archive.root, repository)):
        lines = _sound_lines(path, faulty)
        faults += _iter_uncanonical(path, lines)
        faults += _iter_without_sum(path, lines) if archive.format > 1 else ()
    yield from sorted(faults, key=lambda fault: (fault.path, fault.line))


class _Place(NamedTuple):
    path: Path
    line: int
    fact: Fact

    def fault(self, message: str, hint: str) -> Fault:
        return Fault(path=self.path, line=self.line, message=message, hint=hint)


def _iter_faults(holdings: Holdings, place: _Place) -> Iterator[Fault]:
    yield from (place.fault(message, RESTORE) for message in _iter_wrong(place))
    yield from (place.fault(message, hint) for message, hint in iter_package_faults(holdings, place.fact))
    yield from (place.fault(f"{name} is missing", RUN_AGAIN) for name in _iter_missing(holdings, place.fact))


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


def _iter_future(place: _Place, now: Time) -> Iterator[Fault]:
    moment = place.fact.said_at
    if moment is not None and moment > now:
        hint = "a clock ran ahead; import again when the source has later commits, or delete the line"
        yield place.fault(f"{moment} is in the future", hint)


def _iter_missing(holdings: Holdings, fact: Fact) -> Iterator[str]:
    """Objects that a fact refers to and the archive does not have."""
    match fact:
        case ConfigFact(history=history):
            yield from (f"step {step}" for _, step in history if step not in holdings.steps)
        case ManifestFact(config=config, layers=layers):
            if config not in holdings.config_facts:
                yield f"config {config}"
            yield from (f"layer {layer}" for layer in layers if layer not in holdings.layers)
        case IndexFact(manifests=manifests):
            yield from (f"manifest {entry.digest}" for entry in manifests if entry.digest not in holdings.manifests)
        case ObservationFact(digest=digest, page=page, sections=sections, dates_as=dates_as):
            if digest is not None and not any(digest in known for known in _states(holdings)):
                yield f"index or manifest {digest}"
            texts = [*([page] if page is not None else []), *(sections or {}).values()]
            yield from (f"kept text {text}" for text in texts if text not in holdings.texts)
            if dates_as is not None and (fact.tag, dates_as) not in holdings.dates:
                yield f"the observation of {fact.tag} at {dates_as}, to whose dates this one refers"
        case RawFact():
            try:
                yield from _iter_unresolved(holdings, fact)
            except InvalidValue as error:
                yield f"readable content of {fact.digest} ({error})"
        case _:
            pass


def _states(holdings: Holdings) -> tuple[Container[str], ...]:
    return holdings.indexes, holdings.manifests, holdings.raws


def _iter_unresolved(holdings: Holdings, fact: RawFact) -> Iterator[str]:
    """Objects that a raw index or manifest names and the archive does not have."""
    if fact.media_type in INDEX_TYPES:
        for entry in parse_index(fact.content, fact.media_type).manifests:
            if entry.digest not in holdings.raws and entry.digest not in holdings.absent:
                yield f"manifest {entry.digest}"
    elif fact.media_type in MANIFEST_TYPES:
        document = parse_manifest(fact.content, fact.media_type)
        if document.config and document.is_image and document.config.digest not in holdings.raw_configs:
            yield f"config {document.config.digest}"


_Lines = Sequence[tuple[int, bytes]]
"""Lines of a journal by number, from 1."""


def _sound_lines(path: Path, faulty: Container[tuple[Path, int]]) -> _Lines:
    """The lines of a journal in which reading its facts found no fault."""
    return [
        (number, line) for number, line in iter_lines(path) if isinstance(line, bytes) and (path, number) not in faulty
    ]


def _iter_uncanonical(path: Path, lines: _Lines) -> Iterator[Fault]:
    """Lines that are not canonical JSON, so that two writers would not write the same bytes."""
    for number, line in lines:
        if not is_canonical(without_sum(line)):
            message = "not canonical JSON (sorted keys, no spaces, no needless escapes)"
            yield Fault(path=path, line=number, message=message, hint=RESTORE)


def _iter_without_sum(path: Path, lines: _Lines) -> Iterator[Fault]:
    """The first line that has no sum, with the number of all."""
    bare = [number for number, line in lines if not has_sum(line)]
    if bare:
        which = f"{len(bare)} lines have no sum, of which this is the first" if len(bare) > 1 else "the line has no sum"
        yield Fault(path=path, line=bare[0], message=f"{which}: damage cannot be found", hint=_UPGRADE)


def _iter_foreign(root: Path) -> Iterator[Fault]:
    """Files in the folders of repositories that are not journals. The root folder and hidden files are free for other
    uses.
    """
    for folder in sorted(iter_folders(root)):
        if folder.is_symlink():
            yield Fault(
                path=folder,
                line=0,
                message="a link; not read",
                hint="replace it with the file or folder that it leads to",
            )
            continue
        if folder == root / VISITS:
            continue
        is_repository = repository_of(root, folder) is not None
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.is_dir():
                continue
            if not is_journal(path):
                yield Fault(path=path, line=0, message="not a journal; not read", hint="move it out of the archive")
            elif not is_repository:
                message = "a journal in a folder that does not belong to a repository; not read"
                yield Fault(path=path, line=0, message=message, hint="move it to the folder of its repository")
