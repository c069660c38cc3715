"""The bundled sample has no faults, and examples/README.md describes it correctly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.sources import parse_page_path
from collector.model.digests import Digest
from tests.support.exports import exported, journals

MOST = 3_000_000


def test_the_sample_is_whole(root: Path) -> None:
    archive = Archive(root / "examples" / "archive")
    assert list(verify(archive)) == []
    assert [str(repository) for repository in archive.repositories()] == ["alpine", "hello-world", "python"]
    assert sum(map(len, journals(archive.root).values())) < MOST


def test_the_sample_has_what_a_demonstration_needs(root: Path) -> None:
    archive = Archive(root / "examples" / "archive")
    held = {str(repository): archive.load(repository) for repository in archive.repositories()}
    python = held["python"]
    aliases = {tag for tag in python.tags if python.periods(tag)[-1].digest == python.periods("3.6")[-1].digest}
    assert len(aliases) >= 4
    states = [
        holdings.state(Digest(digest))
        for holdings in held.values()
        for digest in [*holdings.indexes, *holdings.manifests]
    ]
    platforms = {image.platform for state in states if state for image in state.all_images}
    assert any(platform.os == "windows" and platform.os_version for platform in platforms)
    assert any(platform.is_attestation for platform in platforms)
    periods = [period for holdings in held.values() for tag in holdings.tags for period in holdings.periods(tag)]
    assert {period.gone for period in periods} == {None, "missing", "removed"}
    assert {period.since[:4] for period in periods} == {"2016", "2017", "2018", "2019", "2026"}


def test_the_modern_pages_come_back_byte_for_byte(root: Path, data_dir: Path) -> None:
    tree = exported(Archive(root / "examples" / "archive"))
    modern = sorted((data_dir / "pages-modern").rglob("*.md"))
    assert len(modern) == 3
    for path in modern:
        address = path.relative_to(data_dir / "pages-modern").as_posix()
        assert parse_page_path(address.encode()) is not None
        assert tree[address] == path.read_bytes()


def test_making_the_sample_again_gives_the_same_bytes(root: Path, data_dir: Path, bundle: Path, tmp_path: Path) -> None:
    maker = root / "examples" / "make_sample.py"
    subprocess.run([sys.executable, maker, "--data", data_dir, "--to", tmp_path / "archive"], check=True, cwd=root)
    assert journals(tmp_path / "archive") == journals(root / "examples" / "archive")
