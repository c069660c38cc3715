"""The SBOMs that syft itself makes, of a small root and of an image: read, attached, pushed, collected."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from collector.model.packages import Package, Scan
from collector.sbom.formats import parse_sbom
from collector.sbom.statements import CYCLONEDX, SPDX, parse_statement
from tests.collect.conftest import Desk
from tests.support.registry import (
    OCI_INDEX,
    OCI_LAYER,
    Blob,
    Image,
    RunningRegistry,
    attestation_of,
    blob,
    config,
    encode,
    push_index,
    raw_image,
    statement,
)

STATUS = """\
Package: libssl3
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: openssl
Version: 3.0.17-1~deb12u2
Maintainer: A <a@example.org>

Package: libssl3
Status: install ok installed
Architecture: i386
Multi-Arch: same
Source: openssl
Version: 3.0.17-1~deb12u2
Maintainer: A <a@example.org>

Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib (1:1.2.13.dfsg-1)
Version: 1:1.2.13.dfsg-1+b1
Maintainer: A <a@example.org>

Package: tzdata
Status: install ok installed
Architecture: all
Version: 2025b-0+deb12u1
Maintainer: A <a@example.org>
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files: *
License: Apache-2.0

Files: test/*
License: Expat
"""
METADATA = "Metadata-Version: 2.1\nName: a\nVersion: 2.0\nLicense: X 1\n"
FILES: Mapping[str, str] = {
    "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    "var/lib/dpkg/status": STATUS,
    "usr/share/doc/libssl3/copyright": COPYRIGHT,
    "usr/lib/node_modules/@babel/core/package.json": '{"name":"@babel/core","version":"7.0.0","license":"MIT"}',
    "usr/lib/python3/dist-packages/a-2.0.dist-info/METADATA": METADATA,
    "usr/lib/python3/dist-packages/a-2.0.dist-info/RECORD": "",
}
FOUND = (
    Package("deb", "libssl3", "3.0.17-1~deb12u2", "openssl", "", "Apache-2.0; Expat"),
    Package("deb", "libssl3:i386", "3.0.17-1~deb12u2", "openssl", "", "Apache-2.0; Expat"),
    Package("deb", "tzdata", "2025b-0+deb12u1"),
    Package("deb", "zlib1g", "1:1.2.13.dfsg-1+b1", "zlib", "1:1.2.13.dfsg-1"),
    Package("pypi", "a", "2.0", "", "", "X 1"),
)
IN_IMAGES = Package("npm", "@babel/core", "7.0.0", "", "", "MIT")
"""What syft looks for in images only."""


@pytest.fixture(scope="module")
def syft() -> Path:
    """The program, which is on PyPI for the usual kind of machine."""
    found = shutil.which("syft", path=sysconfig.get_path("scripts")) or shutil.which("syft")
    if not found:
        pytest.skip(f"syft is not installed: PyPI does not have it for {sys.platform}")
    return Path(found)


def scan(syft: Path, source: str, folder: Path) -> dict[str, bytes]:
    """What syft writes of a source, by the type of the predicate."""
    outputs = {SPDX: folder / "spdx.json", CYCLONEDX: folder / "cyclonedx.json"}
    options = [f"--output=spdx-json={outputs[SPDX]}", f"--output=cyclonedx-json={outputs[CYCLONEDX]}", "--quiet"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SYFT_CHECK_FOR_APP_UPDATE": "false"}
    subprocess.run([syft, "scan", source, *options], check=True, env=environment, cwd=folder)
    return {kind: path.read_bytes() for kind, path in outputs.items()}


def layer_of(files: Mapping[str, str]) -> Blob:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return blob(packed.getvalue(), media_type=OCI_LAYER.removesuffix("+gzip"))


def write_layout(image: Image, folder: Path) -> None:
    """An OCI image layout with one image."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    for part in (image.manifest, image.config, *image.layers):
        (blobs / part.digest.partition(":")[2]).write_bytes(part.raw)
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [image.manifest.descriptor]}
    (folder / "index.json").write_bytes(encode(index))
    (folder / "oci-layout").write_bytes(encode({"imageLayoutVersion": "1.0.0"}))


@pytest.fixture(scope="module")
def image() -> Image:
    layer = layer_of(FILES)
    return raw_image(layers=[layer], config_blob=config(layers=[layer]))


@pytest.fixture(scope="module")
def sboms(syft: Path, image: Image, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("syft")
    write_layout(image, folder / "layout")
    return scan(syft, f"oci-dir:{folder / 'layout'}", folder)


def scan_of(raw: bytes) -> Scan:
    found = parse_sbom(parse_statement(raw))
    assert found
    return found


@pytest.fixture
def small_root() -> Iterator[Path]:
    """Not where pytest has its folders: syft leaves out what is below /dev, as /dev/shm is."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        for name, text in FILES.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        yield Path(folder)


def test_both_formats_of_a_root(syft: Path, small_root: Path, tmp_path: Path) -> None:
    for raw in scan(syft, f"dir:{small_root}", tmp_path).values():
        found = scan_of(raw)
        assert found.by.startswith("syft 1.")
        assert (found.system, found.left_out) == ("debian 12", 0)
        assert found.packages.packages == FOUND


@pytest.mark.parametrize("kind", [SPDX, CYCLONEDX])
def test_the_packages_of_a_pushed_image(
    sboms: dict[str, bytes], image: Image, kind: str, registry: RunningRegistry, app: str, desk: Desk
) -> None:
    said = statement(predicate_type=kind, predicate=json.loads(sboms[kind]), subject=image.digest)
    push_index(registry, app, "1", [image, attestation_of(image, statements=[said])])
    name = f"{registry.address}/{app}"
    assert desk.collect(name).failed == 0
    (known,) = desk.state(f"{name}:1").images
    holdings = desk.holdings(name)
    inventory, packages = holdings.inventory(known.config.digest), holdings.package_list(known.config.digest)
    assert inventory
    assert packages
    assert inventory.by.startswith("syft 1.")
    assert (inventory.system, inventory.statement) == ("debian 12", said.digest)
    assert inventory.types == ("deb", "npm", "pypi")
    assert packages.packages == tuple(sorted([*FOUND, IN_IMAGES]))
    assert desk.state(f"{name}:1").attestations[0].statements[0].packages == len(packages.packages)
    desk.check()


def test_both_formats_of_an_image_say_the_same(sboms: dict[str, bytes]) -> None:
    assert scan_of(sboms[SPDX]) == scan_of(sboms[CYCLONEDX])
