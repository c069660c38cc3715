"""Encodes states as numbered objects, each once, in the order in which tags first pointed at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from collector.archive.holdings import Holdings
from collector.model.digests import Digest
from collector.model.images import Artifact, Image, Layer, MediaType, State
from collector.model.platforms import Platform
from collector.model.timelines import Period
from collector.pages.objects.shapes import (
    MADE_LAYER,
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
    RuntimeObject,
    StateObject,
)
from collector.pages.objects.step_times import encode_step_times

_FULL = 12_000
"""The bytes of objects with which a file is full."""


class ObjectFile:
    """The content of one file."""

    def __init__(self) -> None:
        self.content = bytearray()
        """The objects as JSON, with commas between them."""
        self.kinds: list[type[Object | str]] = []
        self.digests: list[Digest | None] = []
        """The digest by which each object is found: that of the manifest for an image, None for a step."""
        self.configs: dict[int, Digest] = {}
        """Image IDs by the place of the image."""

    def has_room(self, size: int) -> bool:
        """Whether the file has room for another object."""
        return len(self.kinds) < PLACES and len(self.content) + size < _FULL

    def append(self, kind: type[Object | str], content: bytes, digest: Digest | None) -> int:
        """Append an object; returns its place."""
        if self.kinds:
            self.content += b","
        self.content += content
        self.kinds.append(kind)
        self.digests.append(digest)
        return len(self.kinds) - 1


class ObjectStore:
    """The objects of one repository. A full file never changes again."""

    def __init__(self) -> None:
        self.files: list[ObjectFile] = []
        self._numbers: dict[object, int] = {}
        """Numbers by the key of an object."""
        self._steps: dict[str, int] = {}
        """Numbers by the text of a step."""
        self._images: dict[int, tuple[int, Image]] = {}
        """Numbers by the identity of an image, whose hash takes long. The image itself is kept, and so its identity."""
        self._states: dict[Digest, int | None] = {}

    def number(self, digest: Digest | None) -> int | None:
        """The number of a state's object; None if there is none, or if the archive lacks a part of it."""
        return self._states.get(digest) if digest else None

    def add(self, digest: Digest, state: State | None) -> None:
        """Add a state of a tag with everything in it. `state`: None if the archive lacks a part of it."""
        if digest in self._states:
            return
        if state is None:
            self._file(PartialObject(partial=digest), digest)
            self._states[digest] = None
            return
        deduced = {digest: one.manifest for digest, one in state.subjects.items() if one.is_deduced}
        images = tuple(self._image(image, deduced.get(image.manifest)) for image in state.all_images)
        self._states[digest] = images[0] if _is_single(state) else self._state(state, images)

    def _state(self, state: State, images: tuple[int, ...]) -> int:
        encoded = StateObject(
            state=state.digest,
            type=_unusual(state.media_type, USUAL_STATE),
            images=images,
            annotations=state.annotations,
            artifacts=tuple(self._artifact(artifact) for artifact in state.artifacts),
            absent=tuple(self._absent(absent) for absent in state.absent),
            unread=tuple(_encode_platform(platform) for platform in state.unread),
        )
        # A single artifact has only its own object.
        is_artifact = any(artifact.digest == state.digest for artifact in state.artifacts)
        return self._file(encoded, None if is_artifact else state.digest)

    def _image(self, image: Image, deduced: Digest | None) -> int:
        known = self._images.get(id(image))
        if known is None:
            number = self._numbers.get(image)
            if number is None:
                number = self._numbers[image] = self._new_image(image, deduced)
            known = self._images[id(image)] = number, image
        return known[0]

    def _new_image(self, image: Image, deduced: Digest | None) -> int:
        layers = tuple(self._layer(layer) for layer in image.layers)
        steps = tuple(self._step(step.text) for step in image.config.history)
        encoded = _encode_image(image, deduced, layers=layers, steps=steps)
        return self._file(encoded, image.manifest, config=image.config.digest)

    def _layer(self, layer: Layer) -> int:
        # The time of the upload may be learned later, and does not belong to a state.
        key = (layer.digest, layer.size, layer.media_type, layer.has_size)
        number = self._numbers.get(key)
        if number is None:
            encoded = LayerObject(
                layer=layer.digest,
                size=layer.size,
                type=_unusual(layer.media_type, USUAL_LAYER),
                has_size=layer.has_size,
            )
            number = self._numbers[key] = self._file(encoded, layer.digest)
        return number

    def _step(self, text: str) -> int:
        number = self._steps.get(text)
        if number is None:
            number = self._steps[text] = self._file(text)
        return number

    def _artifact(self, artifact: Artifact) -> int:
        if artifact not in self._numbers:
            encoded = ArtifactObject(artifact=artifact.digest, kind=artifact.kind, size=artifact.size)
            self._numbers[artifact] = self._file(encoded, artifact.digest)
        return self._numbers[artifact]

    def _absent(self, digest: Digest) -> int:
        key = ("absent", digest)
        if key not in self._numbers:
            self._numbers[key] = self._file(AbsentObject(absent=digest), digest)
        return self._numbers[key]

    def _file(self, encoded: Object | str, digest: Digest | None = None, *, config: Digest | None = None) -> int:
        """Append an object to the last file, or to a new one if that has no room, whatever the size of the object."""
        content = msgspec.json.encode(encoded)
        if not self.files or not self.files[-1].has_room(len(content)):
            self.files.append(ObjectFile())
        place = self.files[-1].append(type(encoded), content, digest)
        if config:
            self.files[-1].configs[place] = config
        return (len(self.files) - 1) * PLACES + place

    def iter_configs(self) -> Iterator[Digest]:
        """The Image ID of every image, each once."""
        yield from dict.fromkeys(config for file in self.files for config in file.configs.values())

    def iter_digests(self) -> Iterator[tuple[Digest, int]]:
        """Every digest with the number of its object; a digest of two kinds has an object of each.

        The first object of a kind counts: an image may be in several indexes, each with its own annotations.
        """
        told: dict[type[Object | str], set[Digest]] = defaultdict(set)
        for number, file in enumerate(self.files):
            for place, (kind, digest) in enumerate(zip(file.kinds, file.digests, strict=True)):
                for found in (digest, file.configs.get(place)):
                    if found and found not in told[kind]:
                        told[kind].add(found)
                        yield found, number * PLACES + place


def fill_store(holdings: Holdings, periods: Iterable[Period]) -> ObjectStore:
    """The store of all states in these periods, which come in order of time."""
    store = ObjectStore()
    for period in periods:
        if period.digest is not None:
            store.add(period.digest, holdings.state(period.digest))
    return store


def _is_single(state: State) -> bool:
    """Whether the object of an image represents the whole state."""
    return len(state.all_images) == 1 and state == State(
        digest=state.all_images[0].manifest, media_type=state.all_images[0].media_type, all_images=state.all_images
    )


def _encode_image(
    image: Image, deduced: Digest | None, *, layers: tuple[int, ...], steps: tuple[int, ...]
) -> ImageObject:
    config = image.config
    made = "".join(MADE_LAYER[step.made_layer] for step in config.history)
    created = encode_step_times(step.created for step in config.history)
    return ImageObject(
        manifest=image.manifest,
        config=config.digest,
        type=_unusual(image.media_type, USUAL_MANIFEST),
        platform=_encode_platform(image.platform),
        config_platform=None if config.platform == image.platform else _encode_platform(config.platform),
        built=config.built,
        docker_version=config.docker_version,
        entrypoint=config.entrypoint,
        cmd=config.cmd,
        shell=config.shell,
        runtime=RuntimeObject(**msgspec.structs.asdict(config.runtime)) if config.runtime else None,
        annotations=image.annotations,
        attests=image.attests,
        after=deduced,
        statements=image.statements,
        layers=layers,
        steps=steps,
        created=created if any(created) else (),
        made=made if made.strip("?") else "",
    )


def _encode_platform(platform: Platform) -> tuple[str, ...]:
    parts = [platform.os, platform.architecture, platform.variant, platform.os_version]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _unusual(media_type: MediaType, usual: MediaType) -> MediaType | None:
    return None if media_type == usual else media_type
