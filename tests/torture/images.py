"""Hostile images in every field that an archive keeps, as registries send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collector.archive.facts import HubFact, StatementFact
from collector.model.digests import parse_digest
from collector.model.times import Time
from tests.support.modern import OCI, Collected, artifact, attested, tool, write_collected
from tests.support.registry import Blob, Image, encode, index
from tests.torture.attacks import Attacks

_PLATFORMS = 4
"""The number of images of an index."""


def write_images(root: Path, count: int, seed: int) -> list[str]:
    """Write an archive of so many images: five tags in each repository, two states of each. Returns the names."""
    attacks, written = Attacks(seed), 0
    names: list[str] = []
    while written < count:
        name = f"hostile/r{len(names)}"
        seen = list(_iter_states(attacks, tags=5))
        write_collected(root, name, *seen)
        written += _PLATFORMS * len(seen)
        names.append(name)
    return names


def _iter_states(attacks: Attacks, *, tags: int) -> Iterator[Collected]:
    for tag in ("latest", "history", "1.0", "objects", "feed.xml")[:tags]:
        for day in (2, 3):
            yield _state(attacks, tag, Time(f"2018-01-0{day}T00:00:00Z"))


def _state(attacks: Attacks, tag: str, time: Time) -> Collected:
    images = [_image(attacks) for _ in range(_PLATFORMS)]
    attestation = attested(images[0])
    other = artifact(attacks.word(), attacks.word().encode())
    return Collected(
        tag=tag,
        time=time,
        top=index([*images, attestation, other], annotations=_annotations(attacks)),
        images=[*images, attestation, other],
        statements=[
            StatementFact(
                digest=parse_digest(layer.digest), predicate_type=attacks.word(), size=len(layer.raw),
                builder=attacks.word(), source=attacks.word(), revision=attacks.word(),
            )
            for layer in attestation.layers
        ],
        hub=HubFact(tag=tag, time=time, pushed=time, status=attacks.word()),
    )  # fmt: skip


def _image(attacks: Attacks) -> Image:
    """An image with a text of the grammar in every field of its manifest, its config and its descriptor."""
    image = tool(attacks.word(), settings=_settings(attacks), annotations=_annotations(attacks))
    config = json.loads(image.config.raw) | {
        "author": attacks.text(),
        "created": attacks.choice("2018-01-01T00:00:00Z", attacks.text()),
        "docker_version": attacks.text(),
        "os": attacks.choice("linux", attacks.word()),
        "architecture": attacks.choice("amd64", "arm64", attacks.word()),
        "variant": attacks.choice("", attacks.word()),
        "os.version": attacks.choice("", attacks.word()),
        "os.features": attacks.texts(3),
        "container_config": {"Cmd": attacks.texts(2)},
        "history": [_step(attacks, number) for number in range(6)],
    }
    made = Blob(raw=encode(config), media_type=image.config.media_type)
    manifest = json.loads(image.manifest.raw) | {"config": made.descriptor}
    for layer in manifest["layers"]:
        layer |= {"mediaType": attacks.choice(layer["mediaType"], attacks.word()), "annotations": _annotations(attacks)}
    platform = {
        key: str(attacks.choice("linux", attacks.word())) for key in ("os", "architecture", "variant", "os.version")
    }
    return Image(
        manifest=Blob(raw=encode(manifest), media_type=image.manifest.media_type),
        config=made,
        layers=image.layers,
        platform=platform,
        annotations=_annotations(attacks),
    )


def _step(attacks: Attacks, number: int) -> dict[str, Any]:
    text = attacks.text()
    instruction = attacks.choice(
        "", "RUN ", "ENV ", "LABEL ", "COPY ", "CMD ", "EXPOSE ", "HEALTHCHECK ", "/bin/sh -c #(nop) "
    )
    return {
        "created": attacks.choice("2018-01-01T00:00:00Z", text),
        "created_by": f"{instruction}{text}",
        "comment": attacks.choice("buildkit.dockerfile.v0", text),
        "author": text,
        "empty_layer": number > 1,
    }


def _settings(attacks: Attacks) -> dict[str, Any]:
    return {
        "Labels": {attacks.word(): attacks.text() for _ in range(4)},
        "Env": [f"{attacks.word()}={attacks.text()}" for _ in range(3)],
        "ExposedPorts": {attacks.word(): {}},
        "Volumes": {attacks.word(): {}},
        "WorkingDir": attacks.text(),
        "User": attacks.text(),
        "StopSignal": attacks.text(),
        "Shell": attacks.texts(2),
        "Entrypoint": attacks.texts(2),
        "Cmd": attacks.texts(2),
        "OnBuild": attacks.texts(2),
        "Healthcheck": {"Test": ["CMD-SHELL", *attacks.texts(2)], "Interval": 1, "Retries": 2},
    }


def _annotations(attacks: Attacks) -> dict[str, str]:
    known = (
        "base.name",
        "source",
        "url",
        "revision",
        "version",
        "created",
        "title",
        "licenses",
        "authors",
        "vendor",
        "description",
    )
    return {f"{OCI}.{attacks.choice(*known)}": attacks.word() for _ in range(5)} | {attacks.word(): attacks.word()}
