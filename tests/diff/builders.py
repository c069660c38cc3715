"""Invented states: a test names only the parts that it is about."""

from __future__ import annotations

from collector.diff.changes import Change
from collector.model.digests import Digest, digest_of
from collector.model.images import OCI_INDEX, Config, Image, Layer, State, Step
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.reason_text import summary_text

AMD64 = Platform(os="linux", architecture="amd64")
DAY = Time("2018-01-29T12:00:00Z")
NEXT_DAY = Time("2018-01-30T12:00:00Z")
ROOT = "ADD file:" + "0" * 64 + " in /"


def named(name: str) -> Digest:
    """A digest derived from a name."""
    return digest_of(name.encode())


def layer(name: str, size: int = 10, media_type: str = "application/vnd.oci.image.layer.v1.tar+gzip") -> Layer:
    return Layer(digest=named(name), size=size, media_type=media_type)


def image(
    name: str = "image",
    *steps: str | Step,
    layers: tuple[Layer, ...] = (),
    platform: Platform = AMD64,
    cmd: tuple[str, ...] | None = None,
    config: str = "",
) -> Image:
    """An image whose digests follow from its name, with steps that were all made on one day."""
    history = tuple(step if isinstance(step, Step) else Step(created=DAY, text=step) for step in steps)
    return Image(
        manifest=named(f"manifest {name}"),
        media_type="application/vnd.oci.image.manifest.v1+json",
        platform=platform,
        config=Config(digest=named(f"config {config or name}"), platform=platform, history=history, cmd=cmd),
        layers=layers,
    )


def state(*images: Image, name: str = "") -> State:
    key = name or " ".join(image.manifest for image in images)
    return State(digest=named(f"index {key}"), media_type=OCI_INDEX, all_images=images)


def said(change: Change) -> str:
    """The reasons of a change in words."""
    return summary_text(change.reasons)
