"""Reads states from the objects of a repository: the inverse of `collector.pages.objects`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from collector.errors import InvalidValue, UntrustedAnswer
from collector.model.digests import Digest, is_digest
from collector.model.images import Artifact, Config, Image, Layer, Runtime, State, Step
from collector.model.platforms import Platform
from collector.model.times import Time, is_in_calendar, seconds_of, time_from_seconds
from collector.pages.addresses import objects_path
from collector.pages.objects.shapes import (
    MADE_LAYER,
    OBJECTS,
    PLACES,
    USUAL_LAYER,
    USUAL_MANIFEST,
    USUAL_STATE,
    AbsentObject,
    ArtifactObject,
    ImageObject,
    LayerObject,
    Object,
    PartialObject,
    ScanObject,
    StateObject,
    StepTime,
)
from collector.pages.objects.uses import Where
from collector.published.site_files import SiteFiles

T = TypeVar("T")

_MADE = {sign: made for made, sign in MADE_LAYER.items()}
_SHAPES: dict[str, type[Object]] = {shape.__struct_fields__[0]: shape for shape in OBJECTS}
"""The name of its first field → the shape of an object."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)


class _Chunk(msgspec.Struct):
    """What is read of a file of objects."""

    objects: list[Any]
    where_of: list[int | None]
    where: list[list[Where]]
    config_where_of: dict[str, int] = {}
    packages_of: dict[str, int] = {}
    scans_of: dict[str, ScanObject] = {}


class Objects:
    """The numbered objects of one repository."""

    def __init__(self, files: SiteFiles, image_address: str) -> None:
        self._files = files
        self._address = image_address
        self._images: dict[int, Image] = {}
        self._layers: dict[int, Layer] = {}
        self._configs: dict[Digest, int] = {}
        """The image of each Image ID."""

    def state(self, number: int) -> State:
        """The state of this number. The number of an image gives a state of that image alone.

        Raises:
            UntrustedAnswer: there is none, or the object is malformed.
        """
        found = self.object(number)
        if isinstance(found, ImageObject):
            image = self.image(number)
            return State(digest=image.manifest, media_type=image.media_type, all_images=(image,))
        if not isinstance(found, StateObject):
            raise self._fault(number, "is no state")
        artifacts = [self._part(part, ArtifactObject) for part in found.artifacts]
        return State(
            digest=found.state,
            media_type=USUAL_STATE if found.type is None else found.type,
            all_images=tuple(map(self.image, found.images)),
            annotations=found.annotations,
            artifacts=tuple(Artifact(digest=one.artifact, kind=one.kind, size=one.size) for one in artifacts),
            absent=tuple(self._part(part, AbsentObject).absent for part in found.absent),
            unread=tuple(map(_platform, found.unread)),
        )

    def image(self, number: int) -> Image:
        """The image of this number.

        Raises:
            UntrustedAnswer: there is none, or the object is malformed.
        """
        if number not in self._images:
            found = self._part(number, ImageObject)
            self._configs.setdefault(found.config, number)
            self._images[number] = Image(
                manifest=found.manifest,
                media_type=USUAL_MANIFEST if found.type is None else found.type,
                platform=_platform(found.platform),
                config=self._config(number, found),
                layers=tuple(map(self._layer, found.layers)),
                annotations=found.annotations,
                attests=found.attests,
                statements=found.statements,
            )
        return self._images[number]

    def object(self, number: int) -> Object | str:
        """An object as it is published.

        Raises:
            UntrustedAnswer: there is none, or it is malformed.
        """
        said = self._chunk(number).objects[number % PLACES :][:1]
        if said and isinstance(said[0], str):
            return said[0]
        if not said or not isinstance(said[0], dict):
            raise self._fault(number, "does not exist")
        shape = next((shape for name, shape in _SHAPES.items() if name in said[0]), None)
        if shape is None:
            raise self._fault(number, "is of an unknown kind")
        # Sites of a newer version may have further fields.
        known = {name: value for name, value in said[0].items() if name in shape.__struct_fields__}
        try:
            found = msgspec.convert(known, shape)
        except msgspec.ValidationError as error:
            raise self._fault(number, f"not understood: {error}") from None
        if not all(map(is_digest, digests_of(found))):
            raise self._fault(number, "has no valid digest")
        return found

    def package_list(self, config: Digest) -> int | None:
        """The number of the package list of an image that was read; None if its packages are not published."""
        number = self._configs.get(config)
        return None if number is None else self._chunk(number).packages_of.get(str(number % PLACES))

    def scan(self, config: Digest) -> ScanObject | None:
        """The scan of an image that was read; None if it is not published, as on sites of older versions.

        Raises:
            UntrustedAnswer: it is malformed.
        """
        number = self._configs.get(config)
        found = None if number is None else self._chunk(number).scans_of.get(str(number % PLACES))
        if found and not (_is_time(found.time) and (found.statement is None or is_digest(found.statement))):
            raise self._fault(number or 0, "has a scan without a valid time or digest")
        return found

    def where(self, number: int, *, of_config: bool = False) -> Sequence[Where]:
        """The tags that had an object, and when, as far as its file names them.

        Raises:
            UntrustedAnswer: the file is malformed.
        """
        chunk, place = self._chunk(number), number % PLACES
        uses = chunk.config_where_of.get(str(place)) if of_config else None
        try:
            uses = chunk.where_of[place] if uses is None else uses
            return [] if uses is None else chunk.where[uses]
        except IndexError:
            raise self._fault(number, "has no uses") from None

    def where_of_config(self, config: Digest) -> Sequence[Where]:
        """The same for the Image ID of an image that was read."""
        number = self._configs.get(config)
        return () if number is None else self.where(number, of_config=True)

    def _config(self, number: int, found: ImageObject) -> Config:
        created = _step_times(found.created)
        texts = [self._step(step) for step in found.steps]
        runtime = msgspec.structs.asdict(found.runtime) if found.runtime else None
        return Config(
            digest=found.config,
            platform=_platform(found.platform if found.config_platform is None else found.config_platform),
            history=tuple(
                Step(
                    created=created[place] if place < len(created) else None,
                    text=text,
                    made_layer=_MADE.get(found.made[place : place + 1]),
                )
                for place, text in enumerate(texts)
            ),
            docker_version=found.docker_version,
            entrypoint=found.entrypoint,
            cmd=found.cmd,
            shell=found.shell,
            built=found.built,
            runtime=Runtime(**runtime) if runtime else None,
        )

    def _step(self, number: int) -> str:
        found = self.object(number)
        if not isinstance(found, str):
            raise self._fault(number, "is no step")
        return found

    def _layer(self, number: int) -> Layer:
        if number not in self._layers:
            found = self._part(number, LayerObject)
            media_type = USUAL_LAYER if found.type is None else found.type
            self._layers[number] = Layer(
                digest=found.layer, size=found.size, media_type=media_type, has_size=found.has_size
            )
        return self._layers[number]

    def _part(self, number: int, kind: type[T]) -> T:
        found = self.object(number)
        if not isinstance(found, kind):
            raise self._fault(number, f"is no {kind.__name__.removesuffix('Object').lower()}")
        return found

    def _chunk(self, number: int) -> _Chunk:
        path = self._path(number)
        chunk = self._files.get(path, _Chunk) if number >= 0 else None
        if chunk is None:
            raise self._fault(number, "does not exist")
        return chunk

    def _path(self, number: int) -> str:
        return self._files.data_path(objects_path(self._address, number // PLACES))

    def _fault(self, number: int, problem: str) -> UntrustedAnswer:
        return self._files.fault(self._path(number), f"object {number} {problem}")


def digests_of(found: Object) -> tuple[Digest, ...]:
    """The digests by which an object is found. An image has two: that of its manifest and that of its config."""
    match found:
        case ImageObject():
            return (found.manifest, found.config)
        case LayerObject():
            return (found.layer,)
        case StateObject():
            return (found.state,)
        case ArtifactObject():
            return (found.artifact,)
        case AbsentObject():
            return (found.absent,)
        case PartialObject():
            return (found.partial,)


def _platform(parts: Sequence[str]) -> Platform:
    os, architecture, variant, version = (*parts, "", "", "", "")[:4]
    return Platform(os=os, architecture=architecture, variant=variant, os_version=version)


def _step_times(encoded: Sequence[StepTime]) -> list[Time | None]:
    """The inverse of `encode_step_times`."""
    times: list[Time | None] = []
    last = 0
    for one in encoded:
        if isinstance(one, int):
            last += one
            times.append(_time(last))
        elif one is not None and _TIME.match(one):
            times.append(Time(one))
            last = seconds_of(Time(one)) or last
        else:
            times.append(None)
    return times


def _is_time(text: str) -> bool:
    return bool(_TIME.match(text)) and is_in_calendar(Time(text))


def _time(seconds: int) -> Time | None:
    try:
        return time_from_seconds(seconds)
    except InvalidValue:
        return None
