"""Sources grown for the importer's tests, and the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.importer.archive_import import ImportReport, import_source
from collector.model.references import Repository, parse_repository
from tests.support.archives import docker_image, index, single
from tests.support.histories import DAY, START, Files, History, page
from tests.support.pages import FORMS, missing_page, page_of, real_page
from tests.support.shared_once import made_once

Import = Callable[..., ImportReport]

SAMPLE = tuple(
    parse_repository(name)
    for name in ("alpine", "arangodb", "centos", "gazebo", "hello-world", "nats", "python", "redis")
)
"""Images of the real archive with all forms of pages, in all its years, and pages that had to be kept unchanged."""


@pytest.fixture
def history(tmp_path: Path) -> History:
    """An empty source."""
    return History(tmp_path / "source.git")


@pytest.fixture
def grown(history: History) -> History:
    """A source of three images over five months: every form of page, a removal, and a return."""
    first = docker_image("first", steps=("ADD file:1 in /", "ENV A=1"), layers=("base", "one"))
    second = docker_image("second", steps=("ADD file:1 in /", "ENV A=2"), layers=("base", "two"))
    arm = docker_image("arm", platform="linux/arm/v7", layers=("arm",))
    tool, alias, other = page("tool", "1"), page("tool", "latest"), page("owner/other", "1")
    months: list[Files] = [
        {tool: page_of("tool", "1", single(first)), other: missing_page("owner/other", "1")},
        {tool: page_of("tool", "1", index("x", first, arm)), alias: page_of("tool", "latest", index("x", first, arm))},
        {tool: "nobody understands\n", other: page_of("owner/other", "1", single(arm), counted=True)},
        {page(name, tag): raw for name, tag, raw in map(real_page, FORMS)} | {alias: None},
        {tool: page_of("tool", "1", index("y", second, arm)), alias: page_of("tool", "latest", single(first))},
    ]
    for number, files in enumerate(months):
        history.commit(files, at=START + number * 31 * DAY)
    return history


@pytest.fixture
def take(tmp_path: Path) -> Import:
    """Import a source into `<tmp_path>/archive`, or into another folder named `into`."""

    def run(source: Path, *, into: str = "archive", **options: object) -> ImportReport:
        return import_source(source, Archive(tmp_path / into, create=True), **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def sampled(bare_repo: Path, shared_tmp: Path) -> Archive:
    """The real history of some images, imported once in a run."""

    def make(path: Path) -> None:
        import_source(bare_repo, Archive(path, create=True), images=SAMPLE)

    return Archive(made_once(shared_tmp, "sampled-archive", make))


@pytest.fixture(scope="session")
def sample() -> tuple[Repository, ...]:
    """The images of `sampled`."""
    return SAMPLE
