"""The page that repo-info would have shown: real pages of 2019 and 2026, made again from what a registry says.

Nobody has the blobs behind these pages, but all that they show: so images that show the same are put into a registry.
Their digests are others; with each of them replaced by the one in the page, every byte must be the same.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from collector.archive.export import ClassicExporter
from collector.classic.pages import parse_head, split_page
from collector.classic.sections import Section, parse_platform_line
from collector.model.digests import Digest
from collector.model.images import DOCKER_LIST, MediaType, Step
from collector.model.times import render_http_date
from tests.classic.values import parse_section
from tests.collect.conftest import Desk
from tests.collect.image_store import Shelf
from tests.support.registry import (
    DOCKER_CONFIG,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_MANIFEST,
    Blob,
    encode,
)
from tests.support.stub import Reply, Seen, reply

NOP = "/bin/sh -c #(nop) "


def created_by(step: Step, docker: bool, windows: bool) -> str:
    """The text that a builder wrote for a step; Docker's own builder before BuildKit ran everything in a shell."""
    text = step.text
    if not docker:
        return text
    if windows:
        return text.removeprefix("RUN ")
    return f"/bin/sh -c {text.removeprefix('RUN ')}" if text.startswith("RUN ") else NOP + text


def config_of(section: Section, docker: bool) -> Blob:
    config, platform = section.config, section.platform
    windows = platform.os == "windows"
    said: dict[str, Any] = {
        "architecture": platform.architecture,
        "os": platform.os,
        "config": {"Entrypoint": config.entrypoint, "Cmd": config.cmd, "Shell": config.shell},
        "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in section.layers]},
        "history": [
            {"created": step.created, "created_by": created_by(step, docker, windows)} for step in config.history
        ],
    }
    said |= {"docker_version": config.docker_version} if config.docker_version else {}
    return Blob(raw=encode(said), media_type=DOCKER_CONFIG if docker else OCI_CONFIG)


def head_only(date: str, size: str, seen: Seen) -> Reply:
    """A blob of which only the date and the size are known."""
    return reply(b"", last_modified=date, content_length=size) if seen.method == "HEAD" else reply("", 404)


class Stage:
    """Puts the images of a page on a shelf, and maps their digests to those on the page."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.true: dict[str, str] = {}
        """The digest on the page for each new digest."""

    def put(self, section: Section, docker: bool) -> Blob:
        config = config_of(section, docker)
        layers = [
            {"mediaType": layer.media_type, "digest": layer.digest, "size": layer.size} for layer in section.layers
        ]
        media_type = DOCKER_MANIFEST if docker else OCI_MANIFEST
        said = {"schemaVersion": 2, "mediaType": media_type, "config": config.descriptor, "layers": layers}
        manifest = Blob(raw=encode(said), media_type=media_type)
        self.shelf.put_blob(config)
        self.shelf.put_manifest(manifest)
        for layer in section.layers:
            assert layer.last_modified
            date = render_http_date(layer.last_modified)
            size = str(layer.size)
            self.shelf.stub.on(self.shelf.blob_path(layer.digest), partial(head_only, date, size))
        assert section.digest
        self.true |= {manifest.digest: section.digest, config.digest: section.config.digest}
        return manifest

    def put_index(self, tag: str, sections: list[Section], digest: Digest, media_type: MediaType) -> None:
        docker = media_type == DOCKER_LIST
        entries, last = [], ""
        for section in sections:
            manifest = self.put(section, docker)
            platform = {
                "os": section.platform.os,
                "architecture": section.platform.architecture,
                "variant": section.platform.variant,
                "os.version": section.platform.os_version,
            }
            entry: dict[str, Any] = manifest.descriptor
            entry["platform"] = {name: value for name, value in platform.items() if value}
            if section.platform.is_attestation:
                entry["annotations"] = {
                    "vnd.docker.reference.type": "attestation-manifest",
                    "vnd.docker.reference.digest": last,
                }
            last = manifest.digest
            entries.append(entry)
        kind = DOCKER_LIST if docker else OCI_INDEX
        index = Blob(raw=encode({"schemaVersion": 2, "mediaType": kind, "manifests": entries}), media_type=kind)
        self.shelf.put_manifest(index)
        self.shelf.point(tag, index)
        self.true[index.digest] = digest


@pytest.mark.parametrize(
    ("name", "tag", "attestations"),
    [("alpine", "3.24.2", 7), ("hello-world", "nanoserver-ltsc2025", 0), ("python", "3.6-alpine3.10", 0)],
)
def test_a_real_page_is_made_again(
    data_dir: Path, shelf: Shelf, desk: Desk, name: str, tag: str, attestations: int
) -> None:
    page = (data_dir / "pages-modern" / "repos" / name / "remote" / f"{tag}.md").read_bytes()
    head_text, bodies = split_page(name, tag, page)
    head = parse_head(name, tag, head_text.decode())
    assert head.digest
    assert head.media_type
    sections = []
    for platform, body in zip(head.platforms, bodies, strict=True):
        text = body.decode()
        assert text.startswith(f"{platform}\n")
        sections.append(parse_section(parse_platform_line(platform), text.removeprefix(f"{platform}\n")))
    stage = Stage(shelf)
    stage.put_index(tag, sections, head.digest, head.media_type)

    assert desk.collect(f"{shelf.name}:{tag}").failed == 0
    desk.check()
    state = desk.state(f"{shelf.name}:{tag}")
    assert (len(state.attestations), len(state.all_images)) == (attestations, len(sections))
    ((_, made),) = ClassicExporter(desk.holdings(shelf.name)).iter_pages()
    text = made.decode().replace(shelf.name, name)
    text = re.sub("sha256:[0-9a-f]{64}", lambda found: stage.true.get(found[0], found[0]), text)
    expected = page.decode()
    # Since 2024 the pages say how many platforms there are.
    expected = re.sub(r"^(-\tPlatforms:)$", rf"\1 {len(sections)}", expected, flags=re.MULTILINE)
    assert text == expected
