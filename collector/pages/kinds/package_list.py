"""The page of a package list: one for each distinct list that an image's live tags have."""

from __future__ import annotations

from collections.abc import Iterator

from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.packages import ImagePackages
from collector.model.times import Time
from collector.pages.documents import Item, Redirect
from collector.pages.kinds.kind import Kind, PublishedFile, View, encode_twin
from collector.pages.package_addresses import LIST, package_address
from collector.pages.package_rows import SourceRow, render_scanner, source_rows
from collector.pages.repository_context import RepositoryContext


class PackageListView(View, frozen=True, kw_only=True, omit_defaults=True, tag="packages"):
    """The packages of an image, by source package."""

    image: str
    tag: str
    platform: str
    config: Digest
    """The Image ID."""
    packages: int
    """The number of installed packages."""
    by: str
    """Who names them: `page` (of repo-info's `local/` folder), `docker-scout 1.18.1`, `syft 1.18.1`."""
    time: Time
    """When they were read."""
    system: str = ""
    """`debian 12`, where the scanner says so."""
    left_out: int = 0
    """Entries of the scanner that cannot be a package, or are too long."""
    sources: tuple[SourceRow, ...]


class PackageListRedirectView(View, frozen=True, kw_only=True, tag="packages-lead"):
    """The package list of an image whose list has its page below another tag or platform."""

    to: str
    """The address of that page."""


def _iter_items(context: RepositoryContext, tag: str) -> Iterator[PackageListView | PackageListRedirectView]:
    """The list of each platform of a live tag, as far as it is known."""
    for slug, image in context.live_images(tag):
        known = context.image_packages(image)
        if known is None:
            continue
        address = f"{context.platform_address(tag, slug)}{LIST}"
        to = context.list_addresses[known.inventory.packages, known.inventory.by]
        if to != address:
            yield PackageListRedirectView(address=address, to=to)
        else:
            yield _view(context, tag, image, known, address)


def _view(context: RepositoryContext, tag: str, image: Image, known: ImagePackages, address: str) -> PackageListView:
    inventory = known.inventory
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
        sources=source_rows(known.packages.packages),
    )


class PackageListKind(Kind):
    """The page of each distinct list; the addresses of the same list below other tags and platforms redirect to it."""

    name = "package_list"
    views = (PackageListView, PackageListRedirectView)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}/{tag}/{platform}/packages.json",
            "packages",
            "The packages of a platform of a live tag, if they are known; or the address of the page that has them.",
            "PackageListView|PackageListRedirectView",
        ),
    )
    filters = {"package_address": package_address, "scanner": render_scanner}  # noqa: RUF012

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """In the order of the index. Editions have none: a list is as of its image."""
        if context.edition:
            return
        for view in _iter_items(context, tag):
            if isinstance(view, PackageListRedirectView):
                title = f"Packages of {context.image}:{tag}"
                yield Redirect(address=view.address, to=view.to, title=title, twin=encode_twin(view))
                continue
            title = f"Packages of {view.image}:{view.tag} on {view.platform}"
            about = f"The {view.packages} packages of {view.image}:{view.tag}, with versions and licences."
            yield self.document(view, title, about, view.time, context.page_context)


PACKAGE_LIST = PackageListKind()
