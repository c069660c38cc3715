"""Package URLs (purl-spec): the names of packages that SBOMs use. The only module that knows packageurl-python."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from packageurl import PackageURL

from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.packages import DATABASES, Package
from collector.model.references import Repository

MAX_PURL = 2048
"""Characters; what is longer is not parsed."""


class Purl(NamedTuple):
    """The parts of a package URL, as packages are known by them here."""

    type: str
    name: str
    """With its namespace where the type has such; that of an operating system is in `system`."""
    version: str
    architecture: str
    source: str
    source_version: str
    system: str
    """`debian 12`; empty if it is not said."""


def parse_purl(text: str) -> Purl:
    """Read `pkg:deb/debian/libssl3@3.0.17-1?arch=amd64&distro=debian-12&upstream=openssl`, of syft or of Docker Scout.

    Raises:
        InvalidValue: it is not a package URL, or too long.
    """
    if len(text) > MAX_PURL:
        raise InvalidValue(f"a package URL of {len(text)} characters")
    try:
        purl = PackageURL.from_string(text)
    except ValueError:
        raise InvalidValue(f"not a package URL: {text[:100]!r}") from None
    qualifiers = dict(purl.qualifiers)
    source, _, source_version = qualifiers.get("upstream", "").partition("@")
    is_of_system = purl.type in DATABASES
    parts = (None if is_of_system else purl.namespace, purl.name, purl.subpath)
    return Purl(
        type=purl.type,
        name="/".join(part for part in parts if part),
        version=_with_epoch(purl.type, purl.version or "", qualifiers.get("epoch", "")),
        architecture=qualifiers.get("arch", "") if is_of_system else "",
        source=_source_name(purl.type, source),
        source_version=source_version,
        system=_system(qualifiers, purl.namespace or "") if is_of_system else "",
    )


def render_purl(package: Package, system: str = "") -> str:
    """The package URL of a package. `system`: of its inventory, `debian 12`."""
    name, qualifiers, namespace = package.name, {}, None
    distribution, _, release = system.partition(" ")
    if package.type in DATABASES:
        name, _, architecture = package.name.partition(":")
        namespace = distribution or None
        qualifiers = {
            "arch": architecture,
            "distro": f"{distribution}-{release}" if release else "",
            "upstream": package.source + (f"@{package.source_version}" if package.source_version else ""),
        }
        if not package.source and package.source_version:
            qualifiers["upstream"] = f"{name}@{package.source_version}"
    elif "/" in package.name:
        namespace, _, name = package.name.rpartition("/")
    if not name.strip("/"):  # PackageURL refuses a name such as `/`, which a scanner may write
        version = f"@{quote(package.version, safe='')}" if package.version else ""
        return f"pkg:{package.type}/{quote(package.name, safe='')}{version}"
    return PackageURL(
        type=package.type,
        namespace=namespace,
        name=name,
        version=package.version or None,
        qualifiers={key: value for key, value in qualifiers.items() if value},
    ).to_string()


def render_image_purl(repository: Repository, tag: str | None, manifest: Digest) -> str:
    """The package URL of an image: `pkg:oci/debian@sha256:…?repository_url=docker.io/library/debian&tag=9`."""
    qualifiers = {"repository_url": repository.name} | ({"tag": tag} if tag else {})
    name = repository.path.rpartition("/")[2]
    return PackageURL(type="oci", name=name, version=manifest, qualifiers=qualifiers).to_string()


def _with_epoch(type_: str, version: str, epoch: str) -> str:
    """The version with its epoch. For rpm, the epoch is a qualifier; for deb, the version already has it."""
    return f"{epoch}:{version}" if type_ == "rpm" and epoch.isdecimal() and int(epoch) > 0 else version


def _source_name(type_: str, source: str) -> str:
    """The name of a source package. An rpm names its source by a file: `openssl-3.0.7-1.el9.src.rpm`."""
    if type_ == "rpm" and source.endswith(".src.rpm"):
        return source.removesuffix(".src.rpm").rsplit("-", 2)[0]
    return source


def _system(qualifiers: dict[str, str], namespace: str) -> str:
    if qualifiers.get("os_name"):
        return f"{qualifiers['os_name']} {qualifiers.get('os_version', '')}".strip()
    distribution = qualifiers.get("distro", "")
    name, hyphen, release = distribution.partition("-")
    if hyphen and release[:1].isdigit():
        return f"{name} {release}"
    return f"{namespace} {distribution}".strip() if distribution else namespace
