"""The reasons of all changes in the real pages of 2018 to 2026, as written down by a person who read both versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.diff import Differ
from collector.importer.archive_import import import_source
from tests.diff.builders import said
from tests.support.later_pages import later_pages

JUDGED = {
    # Nothing but Last Modified differs on the second page: no change.
    "alpine:20250108": ["2025-01-15 first seen"],
    # Ten labels are new and the files are others; the step that writes the version says which it is.
    "archlinux:base": ["2023-01-03 first seen", "2026-08-25 VERSION_ID TEMPLATE_VERSION_ID → 20260823.0.578598"],
    # ADD and CMD became one step without a CMD; arm/v5, mips64le, ppc64le and s390x are gone.
    "debian:11-slim": [
        "2023-01-12 first seen",
        "2026-08-06 new root filesystem; 4 platforms removed",
        "2026-08-26 new root filesystem",
    ],
    "hello-world:nanoserver": [
        "2018-09-08 first seen",
        "2020-08-13 windows/amd64 10.0.14393.2430, windows/amd64 10.0.16299.611, windows/amd64 10.0.17134.228 removed; "
        "windows/amd64 10.0.17763.1397 added",
    ],
    "hello-world:nanoserver-ltsc2022": [
        "2023-09-13 first seen",
        "2025-02-14 files copied to C: changed; base image moved: Windows 10.0.20348.1970 → 10.0.20348.3207",
        "2026-09-10 files copied to C: changed; base image moved: Windows 10.0.20348.3207 → 10.0.20348.5622",
    ],
    # The second page has another version and another way to name it; the third is a rebuild on a newer Debian.
    "influxdb:1.12-meta": [
        "2026-01-14 first seen",
        "2026-08-06 INFLUXDB_VERSION 1.12.2-c1.12.2 → 1.12.4-c1.12.4; "
        "base image moved: debian bookworm 2026-01-12 → 2026-08-03",
        "2026-08-26 base image moved: debian bookworm 2026-08-03 → 2026-08-24",
    ],
    # The first page says "does not exist (yet?)".
    "influxdb:1.13-meta-alpine": [
        "2026-08-20 did not exist yet",
        "2026-08-22 first seen",
        "2026-09-12 INFLUXDB_VERSION 1.13.0-c1.13.0 → 1.13.1-c1.13.1",
    ],
    "traefik:3.7-nanoserver-ltsc2022": [
        "2026-08-20 first seen",
        "2026-08-27 org.opencontainers.image.version v3.7.11 → v3.7.12",
    ],
}


@pytest.fixture(scope="module")
def archive(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("later")
    archive = Archive(folder / "archive", create=True)
    import_source(later_pages(data_dir, folder / "git").path, archive)
    return archive


def test_every_change_of_later_pages_has_the_reason_that_a_person_gave_it(archive: Archive) -> None:
    differ = Differ()
    found: dict[str, list[str]] = {}
    for repository in archive.repositories():
        holdings = archive.load(repository)
        for tag in holdings.tags:
            changes = list(differ.history(holdings.periods(tag), holdings.state))
            name = f"{repository.familiar}:{tag}"
            if len(changes) > 1 or name in JUDGED:
                found[name] = [f"{period.since[:10]} {said(change)}" for period, change in changes]
    assert found == JUDGED
