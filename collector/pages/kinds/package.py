"""The page of a source package of an operating system that live tags have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import msgspec

from collector.model.packages import BETWEEN_LICENCES
from collector.model.times import render_day
from collector.pages.documents import Document
from collector.pages.kinds.kind import Kind, PublishedFile, View
from collector.pages.markdown_templates import PageContext
from collector.pages.package_addresses import package_address
from collector.pages.package_index import SourceKey, Uses, VersionUses, installed_of, version_uses
from collector.pages.package_uses import SourceUse

_MAX_VERSIONS = 60
"""The number of versions that tags have now and that are shown in full."""
_MAX_EARLIER = 100
"""The number of versions that no tag has now, shown as links."""
_TRACKERS = {
    "deb": (
        ("Debian", "https://security-tracker.debian.org/tracker/source-package/"),
        ("Ubuntu", "https://ubuntu.com/security/cves?package="),
    ),
    "apk": (("Alpine", "https://security.alpinelinux.org/srcpkg/"),),
    "rpm": (("Fedora", "https://bodhi.fedoraproject.org/updates/?packages="),),
}
"""The type of a package → its distributions, each with the beginning of a source package's address there."""


class PackageVersion(VersionUses, frozen=True, kw_only=True, omit_defaults=True):
    """A version of the package that a tag has now."""

    version: str
    packages: tuple[str, ...]
    """The installed packages, with the version where it is another: `libacl1 2.2.52-3+b1`."""
    licence: str = ""
    """In the packages' own words. For Debian packages, terms are separated by `; `, which may mean "and" or "or"."""


class EarlierVersion(msgspec.Struct, frozen=True, array_like=True):
    """A version that no tag has any more; written as an array."""

    version: str
    first: str
    """The day when the first tag got it."""
    last: str
    """The day when the last tag lost it."""


class PackageView(View, frozen=True, kw_only=True, omit_defaults=True, tag="package"):
    """A source package: its versions, newest first by first sight, and the images and tags that have them."""

    type: str
    name: str
    versions: tuple[PackageVersion, ...]
    """The versions that a tag has now; the first 60."""
    earlier: tuple[EarlierVersion, ...] = ()
    """The versions that no tag has any more; the first 100."""
    older: int = 0
    """The number of versions that are in neither list."""


class PackageContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    images: dict[str, str]
    """The name of an image → its address."""

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, sorted(self.images.items())


def trackers(package_type: str, source: str) -> tuple[tuple[str, str], ...]:
    """Distributions that track vulnerabilities of a source package: their names, and its addresses there."""
    return tuple((name, f"{begin}{quote(source, safe='')}") for name, begin in _TRACKERS.get(package_type, ()))


def query_of(package_type: str, source: str, version: str = "") -> str:
    """The query that looks up a version of a source package, or all of them."""
    key = f"{package_type}/{source}" + (f"@{version}" if version else "")
    return f"?q={quote(key, safe='/@')}"


def tag_address(context: PackageContext, image: str, tag: str) -> str:
    """The address of a tag's page."""
    return context.exceptions.get(f"{image}:{tag}", f"{context.images[image]}{tag}/")


class PackageKind(Kind):
    """The pages of source packages, made from the uses of all repositories."""

    name = "package"
    views = (PackageView,)
    files = (
        PublishedFile(
            "/api/v1/packages/{type}/{source}.json",
            "package",
            "A source package that live tags have: its versions, and the images and tags that have them.",
            "PackageView",
        ),
    )

    filters = {"trackers": trackers, "query_of": query_of, "tag_address": tag_address, "words_of": str.split}  # noqa: RUF012

    def pages(self, uses: Uses, images: Mapping[str, str], exceptions: Mapping[str, str]) -> Iterator[Document]:
        """The pages of all source packages that a tag has now.

        Args:
            images: the name of an image → its address.
            exceptions: `image:tag` → the address of its page, where that does not follow from the name.
        """
        for key, versions in uses.items():
            address = package_address(*key)
            if address and any(one.use.now for of_version in versions.values() for one in of_version.values()):
                view = _view(address, key, versions)
                named = {use.image for version in view.versions for use in version.images}
                context = PackageContext(
                    images={image: images[image] for image in sorted(named)},
                    exceptions={name: to for name, to in exceptions.items() if name.rpartition(":")[0] in named},
                )
                about = f"Versions of the package {view.name} ({view.type}), and the image tags that have them."
                updated = max(one.use.first for of_version in versions.values() for one in of_version.values())
                yield self.document(view, f"Package {view.name} ({view.type})", about, updated, context)


def _view(address: str, key: SourceKey, versions: Mapping[str, Mapping[str, SourceUse]]) -> PackageView:
    live = [version for version, of_version in versions.items() if any(one.use.now for one in of_version.values())]
    earlier = [version for version in versions if version not in set(live)]
    return PackageView(
        address=address,
        type=key[0],
        name=key[1],
        versions=tuple(_version(version, versions[version]) for version in live[:_MAX_VERSIONS]),
        earlier=tuple(_earlier(version, versions[version]) for version in earlier[:_MAX_EARLIER]),
        older=len(live[_MAX_VERSIONS:]) + len(earlier[_MAX_EARLIER:]),
    )


def _earlier(version: str, uses: Mapping[str, SourceUse]) -> EarlierVersion:
    """The row of a version that no tag has now."""
    first = min(one.use.first for one in uses.values())
    last = max(one.use.last for one in uses.values() if one.use.last)
    return EarlierVersion(version, render_day(first), render_day(last))


def _version(version: str, uses: Mapping[str, SourceUse]) -> PackageVersion:
    licence = BETWEEN_LICENCES.join(sorted({words for use in uses.values() for words in use.licences}))
    of_tags = version_uses({image: one.use for image, one in uses.items()})
    packages = installed_of(version, uses)
    return PackageVersion(version=version, packages=packages, licence=licence, images=of_tags.images, more=of_tags.more)


PACKAGE = PackageKind()
