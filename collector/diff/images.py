"""Compares two images of one platform."""

from __future__ import annotations

import msgspec

from collector.diff.annotations import compare_annotations
from collector.diff.cache import ResultCache
from collector.diff.changes import LayersChange, NewLayer, Reason, SettingChange
from collector.diff.configs import ConfigChange, ConfigDetails, ReadConfig, compare_configs, describe_configs
from collector.diff.package_changes import PackagesDifference, PackagesOf, compare_packages, no_packages
from collector.diff.reasons import image_reasons
from collector.model.digests import Digest
from collector.model.images import Config, Image

_MAX_CONFIGS = 4096
"""The number of configs whose texts are kept."""


class ImageDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The reasons for a pair of images, computed once for all tags that share them."""

    config: ConfigChange
    packages: PackagesDifference | None
    """None if they are not known or cannot be compared, or if the layers are the same."""
    reasons: tuple[Reason, ...]


class ImageDetails(msgspec.Struct, frozen=True, kw_only=True):
    """All differences between two images."""

    config: ConfigDetails
    annotations: tuple[SettingChange, ...]
    layers: LayersChange | None


class ImageDiffer:
    """Compares images, and caches the results, because states of several tags share images."""

    def __init__(self, packages_of: PackagesOf = no_packages) -> None:
        self._packages_of = packages_of
        self._cache = ResultCache[Image, ImageDifference]()
        self._configs: dict[Digest, ReadConfig] = {}

    def compare(self, before: Image, after: Image) -> ImageDifference:
        """The differences that decide the reasons, and the reasons."""
        key = before.manifest, after.manifest, ""
        return self._cache.find(key, before, after) or self._cache.keep(
            key, before, after, self._compare(before, after)
        )

    def describe(self, before: Image, after: Image) -> ImageDetails:
        """All differences."""
        change = self.compare(before, after).config
        return ImageDetails(
            config=describe_configs(self.read(before.config), self.read(after.config), change),
            annotations=compare_annotations(before, after),
            layers=compare_layers(before, after),
        )

    def read(self, config: Config) -> ReadConfig:
        """A config with the values from its steps, which are read once for all comparisons."""
        read = self._configs.get(config.digest)
        if read is None or read.config is not config:
            if len(self._configs) >= _MAX_CONFIGS:
                del self._configs[next(iter(self._configs))]
            read = self._configs[config.digest] = ReadConfig(config)
        return read

    def _compare(self, before: Image, after: Image) -> ImageDifference:
        config = compare_configs(self.read(before.config), self.read(after.config))
        there = {layer.digest for layer in before.layers}
        new_layers = any(layer.digest not in there for layer in after.layers)
        packages = self._compare_packages(before, after) if new_layers else None
        reasons = image_reasons(before, after, config, packages, new_layers=new_layers)
        return ImageDifference(config=config, packages=packages, reasons=reasons)

    def _compare_packages(self, before: Image, after: Image) -> PackagesDifference | None:
        return compare_packages(self._packages_of(before.config.digest), self._packages_of(after.config.digest))


def compare_layers(before: Image, after: Image) -> LayersChange | None:
    """The layers that a pull fetches if the image before is present; None if the layers are the same."""
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
