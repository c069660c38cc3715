"""The packages of what a tag pointed at, and their licences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from collector.errors import NotFound
from collector.lookup.platforms import images_for
from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.targets import find_target, state_of
from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.licences import spdx_id
from collector.model.packages import ImagePackages, Package
from collector.model.purls import render_purl
from collector.model.references import Asked
from collector.model.times import Time

UNKNOWN = "they come from SBOMs (repo-info collect --packages) and from local/ pages (repo-info import)"


class PackageRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One installed package."""

    type: str
    """`deb`, `apk`, `rpm`, `npm`, …"""
    name: str
    version: str
    source: str = ""
    """The source package, if it has another name."""
    source_version: str = ""
    """The version of the source package, if it is another."""
    licence: str = ""
    """The licence in the package's own words. `; ` separates terms of Debian packages, and means neither and nor or."""
    spdx: str = ""
    """The SPDX identifier, if these words as a whole mean one."""
    purl: str = ""


class PlatformPackages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The packages of one platform."""

    platform: str
    manifest: Digest
    config: Digest
    """The Image ID."""
    by: str | None = None
    """The source of the list: `page` (of repo-info), `docker-scout 1.18.1`, `syft 1.18.1`; None: not known."""
    time: Time | None = None
    """The time at which the list was read."""
    statement: Digest | None = None
    """The attestation's blob with the list."""
    system: str = ""
    """The system that the scanner names: `debian 12`."""
    left_out: int = 0
    """Entries of the scanner that cannot be a package, or are too long."""
    packages: tuple[PackageRow, ...] = ()


class TagPackages(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of a tag, which `repo-info packages --json` prints."""

    image: str
    tag: str | None
    points_at: Digest
    since: Time | None
    """The time since which the tag points there; None without a tag, or if it never did."""
    until: Time | None
    platforms: tuple[PlatformPackages, ...]


class Scanned(NamedTuple):
    """An image, and its packages if they are known."""

    image: Image
    known: ImagePackages | None


class LicensedPackage(NamedTuple):
    """A package under a licence."""

    type: str
    name: str
    version: str
    source: str


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as packages name it, with these packages. A package with several licences is in several of these."""

    licence: str
    """The licence in the packages' own words; empty: they name none, or the scanner found none."""
    spdx: str
    """The SPDX identifier, if these words as a whole mean one; else empty."""
    packages: tuple[LicensedPackage, ...]


class Licences(msgspec.Struct, frozen=True, kw_only=True):
    """The licences of one tag, or of all tags that an image has now."""

    image: str
    tag: str | None
    known: int
    """The number of images (one for each platform) whose packages are known."""
    unknown: int
    """The number of images whose packages are not known."""
    licences: tuple[Licence, ...]
    """The licences, those of most packages first."""


def read_packages(facts: RepositoryFacts, asked: Asked, platform: str | None = None) -> TagPackages:
    """The packages of a tag, of all platforms or of one.

    Raises:
        NotFound: there is no such tag or platform.
        ArchiveError: the archive lacks a part of the state.
    """
    target = find_target(facts, asked)
    return TagPackages(
        image=facts.repository.familiar,
        tag=asked.tag,
        points_at=target.digest,
        since=target.period.since if target.period else None,
        until=target.period.until if target.period else None,
        platforms=tuple(map(_platform_packages, scanned_images(facts, asked, platform))),
    )


def scanned_images(facts: RepositoryFacts, asked: Asked, platform: str | None = None) -> list[Scanned]:
    """The images of a tag with their packages.

    Raises:
        NotFound: there is no such tag or platform.
        ArchiveError: the archive lacks a part of the state.
    """
    images = _images(facts, asked, platform)
    return [Scanned(image, facts.scanned_packages(image.config.digest)) for image in images]


def _images(facts: RepositoryFacts, asked: Asked, platform: str | None = None) -> Sequence[Image]:
    state = state_of(facts, find_target(facts, asked).digest)
    return images_for(state, platform)[:1] if platform is not None else state.images


def only_scanned(scanned: Iterable[Scanned], name: str) -> tuple[Image, ImagePackages]:
    """The only image whose packages are known.

    Raises:
        NotFound: there is none, or several.
    """
    known = [(image, packages) for image, packages in scanned if packages]
    if not known:
        raise NotFound(f"{name}: its packages are not known", hint=UNKNOWN)
    if len({image.config.digest for image, _ in known}) > 1:
        names = ", ".join(str(image.platform) for image, _ in known)
        raise NotFound(f"{name}: has several platforms", hint=f"name one with --platform: {names}")
    return known[0]


def read_licences(facts: RepositoryFacts, asked: Asked) -> Licences:
    """The licences of a tag or, without one, of all tags that the image has now.

    Raises:
        NotFound: there is no such tag.
        ArchiveError: the archive lacks a part of the state.
    """
    configs = {
        image.config.digest
        for each in ([asked] if asked.tag or asked.digest else _live_tags(facts, asked))
        for image in _images(facts, each)
    }
    known = [found.packages.packages for config in sorted(configs) if (found := facts.image_packages(config))]
    return Licences(
        image=facts.repository.familiar,
        tag=asked.tag,
        known=len(known),
        unknown=len(configs) - len(known),
        licences=licences_of(package for packages in known for package in packages),
    )


def licences_of(packages: Iterable[Package]) -> tuple[Licence, ...]:
    """Each licence with its packages, those of most packages first."""
    by_words: dict[str, set[LicensedPackage]] = defaultdict(set)
    for package in packages:
        for words in package.licences or ("",):
            by_words[words].add(LicensedPackage(package.type, package.name, package.version, package.source_name))
    ordered = sorted(by_words.items(), key=lambda found: (not found[0], -len(found[1]), found[0]))
    return tuple(
        Licence(licence=words, spdx=spdx_id(words) or "", packages=tuple(sorted(found))) for words, found in ordered
    )


def _live_tags(facts: RepositoryFacts, asked: Asked) -> Iterator[Asked]:
    """The tags whose present state is complete in the archive."""
    for tag in facts.tags:
        last = facts.periods(tag)[-1]
        if last.digest and facts.state(last.digest):
            yield Asked(repository=asked.repository, digest=last.digest)


def _platform_packages(scanned: Scanned) -> PlatformPackages:
    image, known = scanned
    found = PlatformPackages(platform=str(image.platform), manifest=image.manifest, config=image.config.digest)
    if known is None:
        return found
    inventory = known.inventory
    return msgspec.structs.replace(
        found,
        by=inventory.by,
        time=inventory.time,
        statement=inventory.statement,
        system=inventory.system,
        left_out=inventory.left_out,
        packages=tuple(package_row(package, inventory.system) for package in known.packages.packages),
    )


def package_row(package: Package, system: str) -> PackageRow:
    """A package with values that follow from its fields. `system`: that of its inventory."""
    return PackageRow(
        type=package.type,
        name=package.name,
        version=package.version,
        source=package.source,
        source_version=package.source_version,
        licence=package.licence,
        spdx=spdx_id(package.licence) or "",
        purl=render_purl(package, system),
    )
