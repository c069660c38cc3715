"""A part of a site: a folder with the pages of one shard's images, and the data that `merge` needs.

repos/…, api/…                the files, as in the whole site
repo-info-part/part.json      the number of the part, and its site
repo-info-part/<hash>         the record of each image: its files, and its data for home and the indexes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from collector import __version__
from collector.archive.visits import NO_LOOKS, Looks
from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.model.json_text import NOT_DECODABLE
from collector.pages.tasks import edition_of, image_of
from collector.site.incremental import TaskEntry
from collector.site.outputs import Outputs, file_output
from collector.site.plain_files import read_plain
from collector.site.record_store import RecordStore
from collector.site.shards import Shard

FOLDER = "repo-info-part"
"""Not hidden, because tools that copy files between jobs often leave out hidden ones."""
FACTS = "part.json"
_FORMAT = 3
"""The version of part.json."""
_OPTIONS = {
    "url": "--site-url",
    "name": "--site-name",
    "badges": "--badges",
    "markdown": "markdown in repo-info.toml",
    "packages": "packages in repo-info.toml",
    "editions": "--editions",
    "limit_bytes": "limit_bytes in repo-info.toml",
    "limit_files": "limit_files in repo-info.toml",
}
"""The name of a setting → how a person sets it."""
_MAX_BYTES = 64 * 2**20
"""The largest part.json that is read."""


class PartFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The content of part.json."""

    format: int = _FORMAT
    version: str = __version__
    """The version of the program that built it."""
    key: str
    """Covers everything that every page depends on, as `BuildState.key`."""
    site: SiteTable
    """The settings that the part was built with, except those from mkdocs.yml."""
    shard: Shard
    tasks: dict[str, TaskEntry]
    """The name of each image of the shard → its entry."""
    looks: Looks = NO_LOOKS
    """When the archive last looked at the images of the shard."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part on disk."""

    folder: Path
    facts: PartFacts

    @property
    def records(self) -> RecordStore:
        return RecordStore(folder=self.folder / FOLDER)


def part_outputs(facts: PartFacts, records: RecordStore, tasks: Mapping[str, TaskEntry]) -> Outputs:
    """The files that make a folder of pages a part: the records of its tasks, and the facts with `tasks` added."""
    for name in sorted({entry.record for entry in tasks.values()}):
        yield file_output(f"{FOLDER}/{name}", records.must_have(name))
    complete = msgspec.structs.replace(facts, tasks=dict(tasks))
    yield file_output(f"{FOLDER}/{FACTS}", msgspec.json.encode(complete))
    return b""


def read_parts(folders: Sequence[Path]) -> list[Part]:
    """The parts of one site, sorted by number.

    Raises:
        BuildError: a folder is not a part, the parts belong to different sites, or some are missing.
    """
    parts = [Part(folder=folder, facts=_read_facts(folder)) for folder in folders]
    for part in parts[1:]:
        _check_same(parts[0], part)
    by_number: dict[int, Part] = {}
    for part in parts:
        other = by_number.setdefault(part.facts.shard.number, part)
        if other is not part:
            raise BuildError(
                f"{other.folder} and {part.folder} are both part {part.facts.shard.number}", hint="name each part once"
            )
    of = parts[0].facts.shard.of
    missing = (str(number) for number in range(1, of + 1) if number not in by_number)
    if first := list(islice(missing, 20)):
        which = f"{', '.join(first)} of {of}"
        raise BuildError(f"parts are missing: {which}", hint="name the folders of all parts")
    return [by_number[number] for number in sorted(by_number)]


def _read_facts(folder: Path) -> PartFacts:
    hint = "make one with `repo-info build --shard K/N`, and copy the whole folder"
    content = read_plain(folder, f"{FOLDER}/{FACTS}", _MAX_BYTES)
    if content is None:
        raise BuildError(f"{folder}: not a part of a site", hint=hint)
    try:
        facts = msgspec.json.decode(content, type=PartFacts)
    except NOT_DECODABLE as error:
        raise BuildError(f"{folder / FOLDER / FACTS}: damaged: {error}", hint=hint) from None
    if facts.format != _FORMAT:
        raise BuildError(
            f"{folder}: has part format {facts.format} instead of {_FORMAT}", hint="use one version for all parts"
        )
    shard = facts.shard
    if not 1 <= shard.number <= shard.of or not all(1 <= number <= shard.of for number in shard.images.values()):
        raise BuildError(f"{folder}: part {shard.number} of {shard.of} is impossible", hint=hint)
    # The pages of an image in an edition belong to the image's shard; an edition may lack the image.
    current = {name for name in facts.tasks if not edition_of(name)}
    if lacking := sorted((set(shard.own) ^ current) | ({image_of(name) for name in facts.tasks} - current)):
        raise BuildError(f"{folder}: its images differ from those of its shard: {lacking[0]!r}", hint=hint)
    return facts


def _check_same(one: Part, other: Part) -> None:
    """Check that two parts belong to one site."""
    for what, first, second, hint in _iter_common(one.facts, other.facts):
        if first != second:
            raise BuildError(f"{one.folder} and {other.folder} differ in {what}", hint=hint)


def _iter_common(one: PartFacts, other: PartFacts) -> Iterator[tuple[str, object, object, str]]:
    yield f"version: {one.version}, {other.version}", one.version, other.version, "use one version for all parts"
    for name, option in _OPTIONS.items():
        yield option, getattr(one.site, name), getattr(other.site, name), f"build all with the same {option}"
    yield "templates or tools", one.key, other.key, "install the same packages for all builds"
    yield f"number: of {one.shard.of}, of {other.shard.of}", one.shard.of, other.shard.of, "build all with the same N"
    hint = "run `repo-info shards` once, and build all with the same --dealt"
    yield "the assignment of images to shards", one.shard.images, other.shard.images, hint
