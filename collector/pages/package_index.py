"""The files in which browsers look up packages: two of them answer for any package in any version.

`api/v1/packages/names/<hex>.json`: the name of a source package or of an installed one → its versions, each with the
key of its uses. `api/v1/packages/uses/<hex>.json`: that key → the images and tags that have the version, or had it.
Packages that came and went together share their uses. A file is named by the first digits of the CRC-32 of its keys,
so that a new package changes few files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec

from collector.model.packages import DATABASES
from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.hashed_files import count_digits, iter_hashed_files
from collector.pages.package_uses import SourceUse, TagUse

SCRIPT = "assets/javascripts/packageindex.js"
"""A script that contains the numbers of digits: a file of data would cost each look-up a request."""

MAX_VERSIONS = 300
"""The number of versions listed under a name, newest first; older ones are found by their version."""
MAX_IMAGES = 40
"""The number of images listed under a version; the others are counted."""

_LEAST_KEY = 4

SourceKey = tuple[str, str]
"""The type and name of a source package."""
Uses = Mapping[SourceKey, Mapping[str, Mapping[str, SourceUse]]]
"""Source package → version, newest first → image → use."""

NamedVersion = tuple[str | int, ...]
"""Two to four values: a version, the key of its uses, the version of the source if that is another, and the place of
its installed packages in `NameVersions.installed` if that is not the first.
"""


class NameVersions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The versions of a name, as packages of one source."""

    versions: tuple[NamedVersion, ...]
    """Newest first, by first sight."""
    installed: tuple[tuple[str, ...], ...] = ()
    """For a source package, the sets of packages that are installed of it, with the version where it is another:
    `libacl1 2.2.52-3+b1`.
    """
    older: int = 0
    """The number of versions that are not listed. The uses of a source package in one of them have the key
    `deb/openssl@3.0.11-1`.
    """


NamesShard = dict[str, dict[str, NameVersions]]
"""Name → source (`deb/openssl`) → versions."""


class PackageUse(msgspec.Struct, frozen=True, array_like=True):
    """An image whose tags have, or had, a source package in a version; written as an array."""

    image: str
    tags: str
    """The tags that have it now or, if none has, those that had it, newest version first; the first 8, separated by
    spaces.
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
    """When the last tag lost it; null if a tag has it now."""
    platform: str
    """A platform, as in addresses, on which the first of the tags has it now; empty if no tag has it now."""


class VersionUses(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The images whose tags have a package in one version."""

    images: tuple[PackageUse, ...]
    """In the order in which they first had it."""
    more: int = 0
    """The number of images that are not listed."""


UsesShard = dict[str, VersionUses]
"""The key of uses → the uses."""


def join_uses(found: Iterable[tuple[str, Iterable[SourceUse]]]) -> Uses:
    """The uses of all images. `found`: pairs of an image and its uses."""
    uses: dict[SourceKey, dict[str, dict[str, SourceUse]]] = defaultdict(lambda: defaultdict(dict))
    for image, of_image in found:
        for use in of_image:
            uses[use.type, use.source][use.version][image] = use
    return {key: _newest_first(versions) for key, versions in sorted(uses.items())}


def _newest_first(versions: Mapping[str, Mapping[str, SourceUse]]) -> Mapping[str, Mapping[str, SourceUse]]:
    """The versions sorted by first sight, because each type of package has its own order of versions."""

    def first_sight(version: str) -> tuple[Time, str]:
        return min(one.use.first for one in versions[version].values()), version

    return {version: versions[version] for version in sorted(versions, key=first_sight, reverse=True)}


def installed_of(version: str, uses: Mapping[str, SourceUse]) -> tuple[str, ...]:
    """The packages that are installed of a source package in one version, sorted."""
    installed = {(one.name, one.version) for use in uses.values() for one in use.packages}
    return tuple(name if own in ("", version) else f"{name} {own}" for name, own in sorted(installed))


def version_uses(uses: Mapping[str, TagUse]) -> VersionUses:
    """The published uses of one version. `uses`: image → use."""
    ordered = sorted(uses.items(), key=lambda found: (found[1].first, found[0]))
    images = (
        PackageUse(image, " ".join(use.tags), use.now, use.ever, use.since_tag, use.first, use.last, use.platform)
        for image, use in ordered[:MAX_IMAGES]
    )
    return VersionUses(images=tuple(images), more=len(ordered[MAX_IMAGES:]))


def iter_package_assets(uses: Uses) -> Iterator[Asset]:
    """The files of the look-up, and the script with their numbers of digits; without packages only the script."""
    names, contents = _Index(uses).encode()
    of_names, of_uses = count_digits(names), count_digits(contents)
    script = f"export const NAMES = {of_names};\nexport const USES = {of_uses};\n"
    yield Asset(path=SCRIPT, content=script.encode())
    yield from iter_hashed_files("api/v1/packages/names", names, of_names)
    yield from iter_hashed_files("api/v1/packages/uses", contents, of_uses)


class _Name:
    """The versions of a name, as packages of one source; newest first."""

    def __init__(self) -> None:
        self.uses: dict[tuple[str, str], bytes] = {}
        """Its own version and that of the source → the uses."""
        self.installed: dict[tuple[str, ...], int] = {}
        """Packages that are installed of a source package → their place."""
        self.places: dict[tuple[str, str], int] = {}
        """Its own version and that of the source → the place of its installed packages."""


class _Index:
    """The names and uses of all packages. Equal uses are encoded once; `encode` gives them their keys."""

    def __init__(self, uses: Uses) -> None:
        self._names: dict[str, dict[str, _Name]] = defaultdict(lambda: defaultdict(_Name))
        self._encoded: dict[frozenset[tuple[str, TagUse]], bytes] = {}
        for (package_type, source), versions in uses.items():
            for version, of_version in versions.items():
                self._add(package_type, source, version, of_version)

    def encode(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Name → its versions, and key → its uses, both as JSON."""
        listed = {uses for of_name in self._names.values() for one in of_name.values() for uses in one.uses.values()}
        keys = short_keys(listed)
        contents = {key: uses for uses, key in keys.items()}
        for name, of_name in self._names.items():
            for source, one in of_name.items():
                if name == source.partition("/")[2]:
                    older = list(one.uses.items())[MAX_VERSIONS:]
                    contents |= {f"{source}@{own}": uses for (own, version), uses in older if own == version}
        names = {
            name: msgspec.json.encode({source: _name_versions(one, keys) for source, one in of_name.items()})
            for name, of_name in sorted(self._names.items())
        }
        return names, contents

    def _add(self, package_type: str, source: str, version: str, uses: Mapping[str, SourceUse]) -> None:
        key = f"{package_type}/{source}"
        of_source = self._names[source][key]
        installed = installed_of(version, uses)
        of_source.places[version, version] = of_source.installed.setdefault(installed, len(of_source.installed))
        of_source.uses[version, version] = self._encode({image: one.use for image, one in uses.items()})
        for (name, own), of_package in _installed(package_type, uses).items():
            self._names[name][key].uses.setdefault((own, version), self._encode(of_package))

    def _encode(self, uses: Mapping[str, TagUse]) -> bytes:
        known = frozenset(uses.items())
        if known not in self._encoded:
            self._encoded[known] = msgspec.json.encode(version_uses(uses))
        return self._encoded[known]


def short_keys(contents: Iterable[bytes]) -> dict[bytes, str]:
    """Content → the first hex digits of its SHA-256, at least four, and as many as distinguish it from all others."""
    hashes = sorted((sha256(content).hexdigest(), content) for content in contents)
    beside = ["", *(name for name, _ in hashes), ""]
    return {
        content: name[: max(_LEAST_KEY, 1 + _common(before, name), 1 + _common(name, after))]
        for before, (name, content), after in zip(beside, hashes, beside[2:], strict=False)
    }


def _common(one: str, other: str) -> int:
    """The length of the common prefix."""
    return next((place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), 0)


def _installed(package_type: str, uses: Mapping[str, SourceUse]) -> dict[tuple[str, str], dict[str, TagUse]]:
    """The name and version of each installed package → image → use. The name is without a foreign architecture."""
    found: dict[tuple[str, str], dict[str, TagUse]] = defaultdict(dict)
    for image, use in uses.items():
        for one in use.packages:
            name = one.name.partition(":")[0] if package_type in DATABASES else one.name
            known = found[name, one.version].get(image)
            found[name, one.version][image] = _wider(known, one.use or use.use)
    return dict(sorted(found.items()))


def _wider(known: TagUse | None, other: TagUse) -> TagUse:
    """The use by more tags: an image may have a package in its own and in a foreign architecture."""
    return other if known is None or other.ever > known.ever else known


def _name_versions(one: _Name, keys: Mapping[bytes, str]) -> NameVersions:
    listed = list(one.uses.items())
    return NameVersions(
        versions=tuple(
            _version(*versions, keys[uses], one.places.get(versions, 0)) for versions, uses in listed[:MAX_VERSIONS]
        ),
        installed=tuple(one.installed),
        older=len(listed[MAX_VERSIONS:]),
    )


def _version(own: str, of_source: str, key: str, place: int) -> NamedVersion:
    if place:
        return own, key, of_source, place
    return (own, key) if own == of_source else (own, key, of_source)
