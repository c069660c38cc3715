"""Two images of one platform beside each other."""

from __future__ import annotations

import msgspec

from collector.diff.changes import LayersChange, NewLayer, Reason, SettingChange
from collector.diff.configs import ConfigChange, compare_configs
from collector.diff.memory import Memory
from collector.diff.reasons import image_reasons
from collector.diff.witnesses import compare_annotations
from collector.model.images import Image


class ImageDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What is worked out once for a pair of images, whichever tags they are met under."""

    config: ConfigChange
    annotations: tuple[SettingChange, ...]
    layers: LayersChange | None
    reasons: tuple[Reason, ...]


class ImageDiffer:
    """Compares images, and remembers: states of several tags share them."""

    def __init__(self) -> None:
        self._memory = Memory[Image, ImageDifference]()

    def compare(self, before: Image, after: Image) -> ImageDifference:
        key = before.manifest, after.manifest, ""
        return self._memory.find(key, before, after) or self._memory.keep(
            key, before, after, compare_images(before, after)
        )


def compare_images(before: Image, after: Image) -> ImageDifference:
    config = compare_configs(before.config, after.config)
    layers = compare_layers(before, after)
    reasons = image_reasons(before, after, config, new_layers=layers is not None and bool(layers.new))
    annotations = compare_annotations(before, after)
    return ImageDifference(config=config, annotations=annotations, layers=layers, reasons=reasons)


def compare_layers(before: Image, after: Image) -> LayersChange | None:
    """What somebody with the image before must fetch for the image after; None where the layers are the same."""
    old = [layer.digest for layer in before.layers]
    new = [layer.digest for layer in after.layers]
    if old == new:
        return None
    there = set(old)
    fetched: list[NewLayer] = []
    kept_bytes = 0
    for layer in after.layers:
        if layer.digest in there:
            kept_bytes += layer.size
        else:
            there.add(layer.digest)
            fetched.append(NewLayer(digest=layer.digest, size=layer.size))
    return LayersChange(
        kept=len(new) - len(fetched),
        kept_bytes=kept_bytes,
        dropped=len(set(old) - set(new)),
        new=tuple(fetched),
        fetch_bytes=sum(layer.size for layer in fetched),
    )
