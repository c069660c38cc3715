"""The bundled sample's site and one with packages, served, and sites that are built without MkDocs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.site.build import BuildOptions, build_site
from tests.browser import served
from tests.support.archives import ArchiveBuilder, deb, docker_image, single
from tests.support.folders import copy_site
from tests.support.shards import build_frame

OLD, NEW = "3.0.17-1~deb12u2", "3.0.17-1~deb12u3"
"""The versions of openssl in `package_archive`."""


@pytest.fixture(scope="session")
def sample(sample_site: Path) -> Iterator[str]:
    """The address of the sample's site."""
    with served(sample_site) as address:
        yield address


@pytest.fixture(scope="session")
def package_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two images; one got a newer openssl, and a package with an awkward name. A third was never scanned."""
    folder = tmp_path_factory.mktemp("packages") / "archive"
    builder = ArchiveBuilder(folder)
    for image, day, version in (("app", "2025-10-01", OLD), ("app", "2025-10-02", NEW), ("web", "2025-10-03", OLD)):
        built = docker_image(f"{image} {day}", layers=(day,))
        builder.see(f"{image}:1", day, single(built))
        awkward = [deb("<b>x</b> é?#&", "1 %2F"), deb("libc6:i386", "2.36-9", "glibc")] if image == "web" else []
        libraries = [
            deb("libssl3", version, "openssl"),
            deb("libacl1", "2.3.1-3+b1", "acl"),
            deb("zlib1g", f"{day}+1", "zlib"),
        ]
        builder.scan(image, day, built, [deb("openssl", version), *libraries, *awkward])
    for day in ("2025-10-01", "2025-10-02"):
        builder.see("bare:1", day, single(docker_image(f"bare {day}", layers=(day,))))
    return folder


@pytest.fixture(scope="session")
def package_site(package_archive: Path) -> Iterator[str]:
    """The address of its site."""
    folder = package_archive.parent / "site"
    build_site(package_archive, folder)
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def options() -> BuildOptions:
    """The options with which `frame` and `whole` are built; a module may override them."""
    return BuildOptions(jobs=1)


@pytest.fixture(scope="module")
def frame(options: BuildOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of an empty archive, from copies of which others are built without MkDocs."""
    return build_frame(tmp_path_factory.mktemp("frame"), options)


@pytest.fixture(scope="module")
def whole(archive: Path, frame: Path, options: BuildOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the module's `archive`, built at one go."""
    site = copy_site(frame, tmp_path_factory.mktemp("whole") / "site")
    build_site(archive, site, options)
    return site
