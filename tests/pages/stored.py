"""Reads the published objects back into states, independently of `states.js`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from collector.model.digests import Digest
from collector.model.images import Artifact, Config, Image, Layer, Runtime, State, Statement, Step
from collector.model.platforms import Platform
from collector.model.times import Time, time_of
from collector.pages.addresses import objects_path
from collector.pages.objects import ObjectStore
from collector.pages.objects.shapes import USUAL_LAYER, USUAL_MANIFEST, USUAL_STATE

_MADE = {"+": True, "-": False, "?": None}


class Stored:
    """The objects of one image, from the site's files."""

    def __init__(self, files: Mapping[str, bytes], image_address: str) -> None:
        self._files = files
        self._address = f"api/v1/{image_address}objects/"
        self.chunk = cache(self._chunk)

    def _chunk(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._files[f"{self._address}-{number}.json"])
        return found

    def object(self, number: int) -> Any:
        return self.chunk(number // 64)["objects"][number % 64]

    def where(self, number: int) -> Any:
        """The uses of the object; for an image, those of its manifest."""
        chunk = self.chunk(number // 64)
        return chunk["where"][chunk["where_of"][number % 64]]

    def state(self, number: int) -> State:
        said = self.object(number)
        if "manifest" in said:
            image = self._image(number)
            return State(digest=image.manifest, media_type=image.media_type, all_images=(image,))
        return State(
            digest=said["state"],
            media_type=said.get("type", USUAL_STATE),
            all_images=tuple(map(self._image, said.get("images", ()))),
            annotations=_pairs(said),
            artifacts=tuple(map(self._artifact, said.get("artifacts", ()))),
            absent=tuple(Digest(self.object(absent)["absent"]) for absent in said.get("absent", ())),
            unread=tuple(map(_platform, said.get("unread", ()))),
        )

    def _image(self, number: int) -> Image:
        said = self.object(number)
        return Image(
            manifest=said["manifest"],
            media_type=said.get("type", USUAL_MANIFEST),
            platform=_platform(said["platform"]),
            config=self._config(said),
            layers=tuple(map(self._layer, said.get("layers", ()))),
            annotations=_pairs(said),
            attests=said.get("attests"),
            statements=tuple(msgspec.convert(one, Statement) for one in said.get("statements", ())),
        )

    def _config(self, said: dict[str, Any]) -> Config:
        steps = [self.object(step) for step in said.get("steps", ())]
        created = _moments(said.get("created", [None] * len(steps)))
        made = [_MADE[sign] for sign in said.get("made", "?" * len(steps))]
        return Config(
            digest=said["config"],
            platform=_platform(said.get("config_platform", said["platform"])),
            history=tuple(
                Step(created=each, text=text, made_layer=whether)
                for each, text, whether in zip(created, steps, made, strict=True)
            ),
            docker_version=said.get("docker_version"),
            entrypoint=_words(said.get("entrypoint")),
            cmd=_words(said.get("cmd")),
            shell=_words(said.get("shell")),
            built=said.get("built"),
            runtime=msgspec.convert(said["runtime"], Runtime) if "runtime" in said else None,
        )

    def _layer(self, number: int) -> Layer:
        said = self.object(number)
        return Layer(
            digest=said["layer"],
            size=said["size"],
            media_type=said.get("type", USUAL_LAYER),
            has_size=said.get("has_size", True),
        )

    def _artifact(self, number: int) -> Artifact:
        said = self.object(number)
        return Artifact(digest=said["artifact"], kind=said["kind"], size=said["size"])


def files_of_store(store: ObjectStore, image_address: str) -> dict[str, bytes]:
    """The objects without their uses, as files by path."""
    chunks = (b'{"objects":[' + file.content + b"]}" for file in store.files)
    return {objects_path(image_address, number): chunk for number, chunk in enumerate(chunks)}


def without_uploads(state: State) -> State:
    """A state as it is stored, without the times at which its layers were uploaded."""
    return msgspec.structs.replace(state, all_images=tuple(map(_without_uploads, state.all_images)))


def _without_uploads(image: Image) -> Image:
    layers = tuple(msgspec.structs.replace(layer, last_modified=None) for layer in image.layers)
    return msgspec.structs.replace(image, layers=layers)


def _platform(parts: list[str]) -> Platform:
    os, architecture, variant, os_version = [*parts, "", "", "", ""][:4]
    return Platform(os=os, architecture=architecture, variant=variant, os_version=os_version)


def _moments(told: list[int | str | None]) -> list[Time | None]:
    moments: list[Time | None] = []
    last = datetime.fromtimestamp(0, UTC)
    for each in told:
        if isinstance(each, int):
            last += timedelta(seconds=each)
            moments.append(time_of(last))
            continue
        moments.append(None if each is None else Time(each))
        try:
            last = datetime.fromisoformat(each) if each else last
        except ValueError:
            continue
    return moments


def _pairs(said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in said.get("annotations", ()))


def _words(words: list[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)
