"""A part of a site: a folder with the pages of one shard's images, and what `merge` needs to know of them.

repos/…, api/…                the files, as in the whole site
repo-info-part/part.json      which part it is, of what
repo-info-part/<hash>         the record of each image: its files, and what home and the indexes need from it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from collector import __version__
from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.pages.tasks import edition_of, image_of
from collector.site.incremental import TaskEntry
from collector.site.outputs import Outputs, file_output
from collector.site.plain_files import read_plain
from collector.site.record_store import RecordStore
from collector.site.shards import Shard

FOLDER = "repo-info-part"
"""Not hidden: tools that carry files from one job to the next often leave out hidden ones."""
FACTS = "part.json"
_FORMAT = 2
_OPTIONS = {"url": "--site-url", "name": "--site-name", "badges": "--badges", "editions": "--editions"}
"""By the names of the settings."""
_MAX_BYTES = 64 * 2**20
"""Of part.json."""


class PartFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What part.json contains."""

    format: int = _FORMAT
    version: str = __version__
    """Of the program that built it."""
    key: str
    """Of all that every page depends on, as `BuildState.key`."""
    site: SiteTable
    """The settings that the part was built with, where mkdocs.yml does not give them."""
    shard: Shard
    tasks: dict[str, TaskEntry]
    """By the names of the shard's images."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part on disk."""

    folder: Path
    facts: PartFacts

    @property
    def records(self) -> RecordStore:
        return RecordStore(folder=self.folder / FOLDER)


def part_outputs(facts: PartFacts, records: RecordStore, tasks: Mapping[str, TaskEntry]) -> Outputs:
    """What makes a folder of pages a part: the records of its tasks, and the facts, to which `tasks` are added."""
    for name in sorted({entry.record for entry in tasks.values()}):
        yield file_output(f"{FOLDER}/{name}", records.must_have(name))
    complete = msgspec.structs.replace(facts, tasks=dict(tasks))
    yield file_output(f"{FOLDER}/{FACTS}", msgspec.json.encode(complete))
    return b""


def read_parts(folders: Sequence[Path]) -> list[Part]:
    """The parts of one site, in the order of their numbers.

    Raises:
        BuildError: one is not a part, they are of different sites, or some are missing.
    """
    parts = [Part(folder=folder, facts=_read_facts(folder)) for folder in folders]
    for part in parts[1:]:
        _check_same(parts[0], part)
    by_number: dict[int, Part] = {}
    for part in parts:
        other = by_number.setdefault(part.facts.shard.number, part)
        if other is not part:
            raise BuildError(f"{other.folder} and {part.folder} are both part {part.facts.shard.number}")
    missing = [str(number) for number in range(1, parts[0].facts.shard.of + 1) if number not in by_number]
    if missing:
        which = f"{', '.join(missing[:20])} of {parts[0].facts.shard.of}"
        raise BuildError(f"parts are missing: {which}", hint="name the folders of all parts")
    return [by_number[number] for number in sorted(by_number)]


def _read_facts(folder: Path) -> PartFacts:
    hint = "make one with `repo-info build --shard K/N`, and copy all of it here"
    content = read_plain(folder, f"{FOLDER}/{FACTS}", _MAX_BYTES)
    if content is None:
        raise BuildError(f"{folder}: not a part of a site", hint=hint)
    try:
        facts = msgspec.json.decode(content, type=PartFacts)
    except msgspec.MsgspecError as error:
        raise BuildError(f"{folder / FOLDER / FACTS}: damaged: {error}", hint=hint) from None
    if facts.format != _FORMAT:
        raise BuildError(f"{folder}: part format {facts.format}, not {_FORMAT}", hint="use one version for all parts")
    shard = facts.shard
    if not 1 <= shard.number <= shard.of or not all(1 <= number <= shard.of for number in shard.images.values()):
        raise BuildError(f"{folder}: part {shard.number} of {shard.of} is impossible", hint=hint)
    # An edition's pages of an image are in the image's shard; an image need not be in every edition.
    current = {name for name in facts.tasks if not edition_of(name)}
    if lacking := sorted((set(shard.own) ^ current) | ({image_of(name) for name in facts.tasks} - current)):
        raise BuildError(f"{folder}: its images are not those of its shard: {lacking[0]!r}", hint=hint)
    return facts


def _check_same(one: Part, other: Part) -> None:
    """Check that two parts are of one site."""
    for what, first, second, hint in _iter_common(one.facts, other.facts):
        if first != second:
            raise BuildError(f"{one.folder} and {other.folder} differ in {what}", hint=hint)


def _iter_common(one: PartFacts, other: PartFacts) -> Iterator[tuple[str, object, object, str]]:
    yield f"version: {one.version}, {other.version}", one.version, other.version, "use one version for all parts"
    for name, option in _OPTIONS.items():
        yield option, getattr(one.site, name), getattr(other.site, name), f"give all the same {option}"
    yield "templates or tools", one.key, other.key, "install the same packages for all"
    yield f"number: of {one.shard.of}, of {other.shard.of}", one.shard.of, other.shard.of, "give all the same N"
    hint = "run `repo-info shards` once, and give all the same --dealt"
    yield "how the images are assigned to shards", one.shard.images, other.shard.images, hint
