"""The image that a package document describes, and the parts that both document formats share."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from collector.model.digests import Digest
from collector.model.packages import ImagePackages, Package
from collector.model.purls import render_image_purl, render_purl
from collector.model.references import Repository


class Subject(NamedTuple):
    """The image that a document describes, and its packages."""

    repository: Repository
    tag: str | None
    manifest: Digest
    known: ImagePackages

    @property
    def name(self) -> str:
        """`docker.io/library/debian:9`."""
        return f"{self.repository.name}:{self.tag}" if self.tag else self.repository.name

    @property
    def purl(self) -> str:
        return render_image_purl(self.repository, self.tag, self.manifest)

    @property
    def urn(self) -> str:
        """An id that is the same for the same image and packages."""
        inventory = self.known.inventory
        name = f"{self.name} {self.manifest} {inventory.packages} {inventory.by}"
        return uuid.uuid5(uuid.NAMESPACE_URL, name).urn

    def package_purl(self, package: Package) -> str:
        return render_purl(package, self.known.inventory.system)
