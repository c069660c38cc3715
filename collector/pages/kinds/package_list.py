"""The page of a package list: one for each distinct list that an image's live tags have."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.licences import spdx_id
from collector.model.packages import ImagePackages, PackageList
from collector.model.times import Time
from collector.pages.documents import Item, Redirect
from collector.pages.kinds.kind import Kind, PublishedFile, View, encode_twin
from collector.pages.markdown_templates import PageContext
from collector.pages.package_addresses import LIST, package_address
from collector.pages.package_rows import render_scanner, source_rows
from collector.pages.repository_context import RepositoryContext


class PackageListView(View, frozen=True, kw_only=True, omit_defaults=True, tag="packages"):
    """The packages of an image, without the list itself, which is published once for all images that have it."""

    image: str
    tag: str
    platform: str
    config: Digest
    """The Image ID."""
    packages: int
    """The number of installed packages."""
    by: str
    """The source of the list: `page` (of repo-info's `local/` folder), `docker-scout 1.18.1`, `syft 1.18.1`."""
    time: Time
    """When the list was read."""
    system: str = ""
    """The operating system, if the scanner names it: `debian 12`."""
    left_out: int = 0
    """The number of the scanner's entries that cannot be a package, or are too long."""
    list_number: int
    """The number of the list. It is at the place `number % 64` of the file `package-lists/-<number // 64>.json`."""
    spdx: dict[str, str]
    """The words of a licence in the list → its SPDX identifier, if the words as a whole mean one."""


class PackageListRedirectView(View, frozen=True, kw_only=True, tag="packages-lead"):
    """Leads from an image to its package list, whose page is below another tag or platform."""

    to: str
    """The address of that page."""


def _view(context: RepositoryContext, tag: str, image: Image, known: ImagePackages, address: str) -> PackageListView:
    inventory = known.inventory
    licences = {words for package in known.packages.packages for words in package.licences}
    return PackageListView(
        address=address,
        image=context.image,
        tag=tag,
        platform=str(image.platform),
        config=image.config.digest,
        packages=len(known.packages.packages),
        by=inventory.by,
        time=inventory.time,
        system=inventory.system,
        left_out=inventory.left_out,
        list_number=context.list_number(image),
        spdx={words: name for words in sorted(licences) if (name := spdx_id(words))},
    )


class PackageListContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    packages: PackageList

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, self.packages.id


class PackageListKind(Kind):
    """A page for each distinct list. Its addresses below other tags and platforms redirect there."""

    name = "package_list"
    views = (PackageListView, PackageListRedirectView)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}/{tag}/{platform}/packages.json",
            "packages",
            "The packages of a live tag's platform: their source and the number of their list; or another address.",
            "PackageListView|PackageListRedirectView",
        ),
    )
    filters = {"package_address": package_address, "scanner": render_scanner, "source_rows": source_rows}  # noqa: RUF012

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """The lists in the order of the index. Editions have none, because the list of an image never changes."""
        if context.edition:
            return
        for slug, image in context.live_images(tag):
            if known := context.image_packages(image):
                yield self._item(context, tag, image, known, f"{context.platform_address(tag, slug)}{LIST}")

    def _item(self, context: RepositoryContext, tag: str, image: Image, known: ImagePackages, address: str) -> Item:
        to = context.list_addresses[known.inventory.packages, known.inventory.by]
        if to != address:
            redirect = PackageListRedirectView(address=address, to=to)
            title = f"Packages of {context.image}:{tag}"
            return Redirect(address=address, to=to, title=title, twin=encode_twin(redirect))
        view = _view(context, tag, image, known, address)
        title = f"Packages of {view.image}:{view.tag} on {view.platform}"
        about = f"The {view.packages} packages of {view.image}:{view.tag}, with versions and licences."
        own = PackageListContext(**msgspec.structs.asdict(context.page_context), packages=known.packages)
        return self.document(view, title, about, view.time, own)


PACKAGE_LIST = PackageListKind()
