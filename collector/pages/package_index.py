"""The look-up of packages: two files answer for any package in any version.

`api/v1/packages/names/<hex>.json` has the versions of a name, of a source package or an installed one;
`api/v1/packages/versions/<hex>.json` has the images and tags that have, or had, a source package in a version. A file
is named by the first digits of the CRC-32 of its keys, so that a new package changes few files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from collector.model.packages import DATABASES
from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.hashed_files import count_digits, iter_hashed_files
from collector.pages.package_uses import SourceUse, TagUse

SCRIPT = "assets/javascripts/packageindex.js"
"""Contains the numbers of digits, as a file of data would cost each look-up a request."""

MAX_VERSIONS = 300
"""Versions of a name that are listed, the newest first; older ones are found by their version."""
MAX_IMAGES = 40
"""Images that are listed of a version; the others are counted."""

SourceKey = tuple[str, str]
"""Type and name of a source package."""
Uses = Mapping[SourceKey, Mapping[str, Mapping[str, SourceUse]]]
"""By source package, by version (the newest first) and by image."""


Version = str | tuple[str | int, ...]


class NameVersions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The versions of a name, as packages of one source."""

    versions: tuple[Version, ...]
    """The newest first, by first sight; with the version of the source behind it where that is another.

    A 1 behind both: not all tags with the source have this package, so its answer is at
    `deb/openssl@3.0.11-1#libssl-dev@3.0.11-1`.
    """
    older: int = 0
    """The number of versions that are not listed."""


NamesShard = dict[str, dict[str, NameVersions]]
"""By name, and by its source: `deb/openssl`."""


class PackageUse(msgspec.Struct, frozen=True, array_like=True):
    """An image whose tags have, or had, a source package in a version; written as an array."""

    image: str
    tags: str
    """Those that have it now or, if none has, those that had it, the newest version first; the first 8, between spaces.
    """
    now: int
    """The number of tags that have it now."""
    ever: int
    """The number of tags that ever had it."""
    since_tag: str
    """The first tag that had it."""
    first: Time
    """When that tag got it."""
    last: Time | None
    """When the last tag lost it; null: a tag has it now."""
    platform: str
    """Of the first of the tags, a platform whose list has it now, as in addresses; empty: no tag has it now."""


class PackageAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source package in one version: the images whose tags have it."""

    packages: tuple[str, ...]
    """The installed packages; those that have another version with it: `libacl1 2.2.52-3+b1`."""
    images: tuple[PackageUse, ...]
    """Those that had it first come first."""
    more: int = 0
    """The number of images that are not listed."""


AnswersShard = dict[str, PackageAnswer]
"""By `deb/openssl@3.0.11-1`; of an installed package by `deb/openssl@3.0.11-1#libssl-dev@3.0.11-1`."""


def join_uses(found: Iterable[tuple[str, Iterable[SourceUse]]]) -> Uses:
    """The uses of all images. `found`: by image."""
    uses: dict[SourceKey, dict[str, dict[str, SourceUse]]] = defaultdict(lambda: defaultdict(dict))
    for image, of_image in found:
        for use in of_image:
            uses[use.type, use.source][use.version][image] = use
    return {key: _newest_first(versions) for key, versions in sorted(uses.items())}


def _newest_first(versions: Mapping[str, Mapping[str, SourceUse]]) -> Mapping[str, Mapping[str, SourceUse]]:
    """By first sight, because no order of versions is known here."""

    def first_sight(version: str) -> tuple[Time, str]:
        return min(one.use.first for one in versions[version].values()), version

    return {version: versions[version] for version in sorted(versions, key=first_sight, reverse=True)}


def answer_of(version: str, uses: Mapping[str, SourceUse], most: int = MAX_IMAGES) -> PackageAnswer:
    """What is said of one version of a source package."""
    installed = {(one.name, one.version) for use in uses.values() for one in use.packages}
    packages = tuple(name if own in ("", version) else f"{name} {own}" for name, own in sorted(installed))
    return _answer(packages, {image: use.use for image, use in uses.items()}, most)


def _answer(packages: tuple[str, ...], uses: Mapping[str, TagUse], most: int = MAX_IMAGES) -> PackageAnswer:
    ordered = sorted(uses.items(), key=lambda found: (found[1].first, found[0]))
    images = (
        PackageUse(image, " ".join(use.tags), use.now, use.ever, use.since_tag, use.first, use.last, use.platform)
        for image, use in ordered[:most]
    )
    return PackageAnswer(packages=packages, images=tuple(images), more=len(ordered[most:]))


def iter_package_assets(uses: Uses) -> Iterator[Asset]:
    """The files of the look-up, and the script that says how they are named; without packages only the script."""
    names: dict[str, dict[str, dict[tuple[str, str], bool]]] = defaultdict(lambda: defaultdict(dict))
    answers: dict[str, bytes] = {}
    for (package_type, source), versions in uses.items():
        for version, of_version in versions.items():
            key = f"{package_type}/{source}@{version}"
            answers[key] = msgspec.json.encode(answer_of(version, of_version))
            names[source][f"{package_type}/{source}"][version, version] = False
            for name, own, of_package in _installed(package_type, of_version):
                is_apart = of_package is not None and (name, own) != (source, version)
                if of_package is not None and is_apart:
                    answers[f"{key}#{name}@{own}"] = msgspec.json.encode(_answer((), of_package))
                known = names[name][f"{package_type}/{source}"]
                known[own, version] = known.get((own, version), False) or is_apart
    encoded = {name: msgspec.json.encode(_name_versions(of_name)) for name, of_name in sorted(names.items())}
    of_names, of_versions = count_digits(encoded), count_digits(answers)
    script = f"export const NAMES = {of_names};\nexport const VERSIONS = {of_versions};\n"
    yield Asset(path=SCRIPT, content=script.encode())
    yield from iter_hashed_files("api/v1/packages/names", encoded, of_names)
    yield from iter_hashed_files("api/v1/packages/versions", answers, of_versions)


def _installed(
    package_type: str, uses: Mapping[str, SourceUse]
) -> Iterator[tuple[str, str, Mapping[str, TagUse] | None]]:
    """The installed packages of a version: name, version, and the uses if they are not those of the source.

    A foreign architecture is no part of the name.
    """
    found: dict[tuple[str, str], dict[str, TagUse]] = defaultdict(dict)
    for image, use in uses.items():
        for one in use.packages:
            name = one.name.partition(":")[0] if package_type in DATABASES else one.name
            known = found[name, one.version].get(image)
            found[name, one.version][image] = _wider(known, one.use or use.use)
    of_source = {image: use.use for image, use in uses.items()}
    for (name, own), of_package in sorted(found.items()):
        yield name, own, None if of_package == of_source else of_package


def _wider(known: TagUse | None, other: TagUse) -> TagUse:
    """The use by more tags: that of a foreign architecture is beside the image's own."""
    return other if known is None or other.ever > known.ever else known


def _name_versions(by_source: Mapping[str, Mapping[tuple[str, str], bool]]) -> dict[str, NameVersions]:
    return {
        source: NameVersions(
            versions=tuple(_version(*one, versions[one]) for one in list(versions)[:MAX_VERSIONS]),
            older=max(0, len(versions) - MAX_VERSIONS),
        )
        for source, versions in by_source.items()
    }


def _version(own: str, of_source: str, is_apart: bool) -> Version:
    if is_apart:
        return own, of_source, 1
    return own if own == of_source else (own, of_source)
