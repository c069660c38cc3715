"""The archive for the examples about packages: one invented image, which was rebuilt with a newer openssl."""

from __future__ import annotations

from pathlib import Path

from tests.support.archives import ArchiveBuilder, deb, docker_image, single


def write_package_archive(root: Path) -> None:
    builder = ArchiveBuilder(root)
    for day, version, tags in (
        ("2025-10-01", "3.0.17-1~deb12u2", ("1", "1.0")),
        ("2025-10-02", "3.0.17-1~deb12u3", ("1", "1.1")),
    ):
        built = docker_image(version, layers=(version,))
        packages = [
            deb("bash", "5.2.15-2+b8", licence="GPL-3+"),
            deb("libssl3", version, "openssl", "Apache-2.0"),
            deb("openssl", version, licence="Apache-2.0"),
            deb("tzdata", "2025b-0+deb12u2", licence="public-domain"),
        ]
        for tag in tags:
            builder.see(f"app:{tag}", day, single(built))
        builder.scan("app", day, built, packages, by="syft 1.18.1", system="debian 12")
