"""A part of a site: a folder with the pages of one shard's images, and what is to be known of them to make it a site.

repos/…, api/…                the files, as in the whole site
repo-info-part/part.json      which part it is, of what
repo-info-part/<hash>         the record of each image: its files, and what home and the indexes are made of
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from collector import __version__
from collector.errors import BuildError
from collector.pages.tasks import edition_of, image_of
from collector.site.build_session import Choices
from collector.site.incremental import Entry
from collector.site.outputs import Pieces, asset_piece
from collector.site.plain_files import read_plain
from collector.site.record_store import Shelf
from collector.site.shards import Shard

FOLDER = "repo-info-part"
"""Not hidden: what carries files from one job to the next often leaves out what is."""
FACTS = "part.json"
_FORMAT = 1
_LONGEST = 64 * 2**20
"""Bytes of part.json."""


class PartFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a part says of itself."""

    format: int = _FORMAT
    version: str = __version__
    """Of the program that built it."""
    key: str
    """Of all that every page depends on, as `BuildState.key`."""
    choices: Choices
    shard: Shard
    tasks: dict[str, Entry]
    """By the names of the shard's images."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part on disk."""

    folder: Path
    facts: PartFacts

    @property
    def shelf(self) -> Shelf:
        return Shelf(folder=self.folder / FOLDER)


class PartPacker(msgspec.Struct, frozen=True, kw_only=True):
    """Adds to the pages of a shard what makes them a part."""

    shard: Shard
    key: str
    choices: Choices
    shelf: Shelf

    def pieces(self, tasks: Mapping[str, Entry]) -> Pieces:
        """The records of the tasks, and the part's facts."""
        for name in sorted({entry.record for entry in tasks.values()}):
            yield asset_piece(f"{FOLDER}/{name}", self.shelf.must_have(name))
        yield asset_piece(f"{FOLDER}/{FACTS}", msgspec.json.encode(self._facts(tasks)))
        return b""

    @property
    def own_key(self) -> bytes:
        """Of all that the facts say, the tasks aside."""
        return msgspec.json.encode(self._facts({}))

    def _facts(self, tasks: Mapping[str, Entry]) -> PartFacts:
        return PartFacts(key=self.key, choices=self.choices, shard=self.shard, tasks=dict(tasks))


def read_parts(folders: Sequence[Path]) -> list[Part]:
    """The parts of one site, in the order of their numbers.

    Raises:
        BuildError: one is no part, they are not of one site, or not all are there.
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
        raise BuildError(f"not all parts are here: {which} missing", hint="name the folders of all parts")
    return [by_number[number] for number in sorted(by_number)]


def _read_facts(folder: Path) -> PartFacts:
    hint = "make one with `repo-info build --shard K/N`, and bring all of it here"
    content = read_plain(folder, f"{FOLDER}/{FACTS}", _LONGEST)
    if content is None:
        raise BuildError(f"{folder}: not a part of a site", hint=hint)
    try:
        facts = msgspec.json.decode(content, type=PartFacts)
    except msgspec.MsgspecError as error:
        raise BuildError(f"{folder / FOLDER / FACTS}: damaged: {error}", hint=hint) from None
    if facts.format != _FORMAT:
        raise BuildError(f"{folder}: of format {facts.format}, not {_FORMAT}", hint="use one version for all parts")
    shard = facts.shard
    if not 1 <= shard.number <= shard.of or not all(1 <= number <= shard.of for number in shard.images.values()):
        raise BuildError(f"{folder}: part {shard.number} of {shard.of} cannot be", hint=hint)
    # What editions have of an image is in the shard of the image, which need not be in every edition.
    current = {name for name in facts.tasks if not edition_of(name)}
    if lacking := sorted((set(shard.own) ^ current) | ({image_of(name) for name in facts.tasks} - current)):
        raise BuildError(f"{folder}: its images are not those of its shard: {lacking[0]!r}", hint=hint)
    return facts


def _check_same(one: Part, other: Part) -> None:
    """That two parts are of one site."""
    for what, first, second, hint in _iter_common(one.facts, other.facts):
        if first != second:
            raise BuildError(f"{one.folder} and {other.folder} differ in {what}", hint=hint)


def _iter_common(one: PartFacts, other: PartFacts) -> Iterator[tuple[str, object, object, str]]:
    yield f"version: {one.version}, {other.version}", one.version, other.version, "use one version for all parts"
    for name in Choices.__struct_fields__:
        option = f"--{name.replace('_', '-')}"
        yield option, getattr(one.choices, name), getattr(other.choices, name), f"give all the same {option}"
    yield "templates or tools", one.key, other.key, "install the same packages for all"
    yield f"number: of {one.shard.of}, of {other.shard.of}", one.shard.of, other.shard.of, "give all the same N"
    hint = "deal once for all, with `repo-info shards`, and give all the same --dealt"
    yield "how the images were dealt", one.shard.images, other.shard.images, hint
