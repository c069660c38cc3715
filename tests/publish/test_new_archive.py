"""The files that `init` writes pass the linters of their formats, whatever is asked for."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.configuration import CI, Configuration, ImageTable, InitTable, Publish, SiteTable
from collector.publish.new_archive import NewArchive, files_of, schedule_of
from tests.support.linters import schema, zizmor

NEW = NewArchive(name="images", schedule="23 5 * * *")
ALL = [
    msgspec.structs.replace(NEW, ci=ci, publish=publish, shards=shards, publish_archive=publish_archive)
    for ci, publish, shards, publish_archive in product(get_args(CI), get_args(Publish), (1, 3), (False, True))
    if not publish_archive or "none" not in {ci, publish}
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each choice."""
    root = tmp_path_factory.mktemp("new")
    for number, new in enumerate(ALL):
        for path, text in files_of(new).items():
            target = root / str(number) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return root


def test_workflows_and_settings_are_valid_and_safe(written: Path) -> None:
    workflows = sorted(written.glob("*/.github/workflows/archive.yml"))
    dependabot = next(written.glob("*/.github/dependabot.yml"))
    assert len(workflows) == sum(new.ci == "github" for new in ALL)
    assert schema("github-workflows", *workflows) == ""
    assert schema("dependabot", dependabot) == ""
    assert zizmor(*workflows, dependabot) == ""


def test_pipelines_are_valid(written: Path) -> None:
    pipelines = sorted(written.glob("*/.gitlab-ci.yml"))
    assert len(pipelines) == sum(new.ci == "gitlab" for new in ALL)
    assert schema("gitlab-ci", *pipelines) == ""


@pytest.mark.parametrize("new", ALL, ids=lambda new: f"{new.ci}-{new.publish}-{new.shards}-{new.publish_archive}")
def test_files_are_formatted_as_people_write_them(new: NewArchive) -> None:
    for path, text in files_of(new).items():
        assert text == text.strip() + "\n", path
        assert not re.search(r"[ \t]$|\n\n\n|<[%<#]", text, re.MULTILINE), path


def test_each_job_has_only_the_permissions_that_it_needs() -> None:
    workflow = files_of(NEW)[".github/workflows/archive.yml"]
    top, *jobs = re.split(r"^  (?=\w+:\n    name)", workflow, flags=re.MULTILINE)
    assert "\npermissions: {}\n" in top
    assert [re.findall(r"^      ([a-z-]+: (?:read|write))", job, re.MULTILINE) for job in jobs] == [
        ["contents: write"],
        ["contents: read", "pages: read"],
        ["pages: write", "id-token: write"],
    ]
    assert workflow.count("persist-credentials: true") == 1


@given(
    name=st.text(st.characters(codec="utf-8"), min_size=1),
    tags=st.lists(st.text(st.characters(codec="utf-8")), min_size=1).map(tuple),
)
def test_any_name_and_tag_is_read_back(name: str, tags: tuple[str, ...]) -> None:
    images = (ImageTable(name="python"), ImageTable(name="redis", tags=tags))
    new = msgspec.structs.replace(NEW, name=name, images=images, ci="gitlab", shards=4, publish_archive=True)
    text = files_of(new)["repo-info.toml"]
    assert msgspec.convert(tomllib.loads(text), Configuration) == Configuration(
        site=SiteTable(name=name, limit_bytes=10**9, limit_files=120_000),
        images=images,
        init=InitTable(ci="gitlab", publish="pages", shards=4, publish_archive=True, schedule=new.schedule),
    )


@pytest.mark.parametrize(
    ("ci", "publish", "limits"),
    [
        ("github", "pages", (10**9, None)),
        ("gitlab", "pages", (10**9, 120_000)),
        ("github", "s3", (None, None)),
        ("none", "pages", (None, None)),
    ],
)
def test_a_site_stays_below_the_limits_of_its_host(
    ci: CI, publish: Publish, limits: tuple[int | None, int | None]
) -> None:
    text = files_of(msgspec.structs.replace(NEW, ci=ci, publish=publish))["repo-info.toml"]
    site = msgspec.convert(tomllib.loads(text), Configuration).site
    assert (site.limit_bytes, site.limit_files) == limits


@given(st.text(st.characters(codec="utf-8")))
def test_a_schedule_avoids_busy_hours(name: str) -> None:
    minute, hour, *rest = schedule_of(name).split()
    assert int(minute) % 2 == 1
    assert int(hour) in range(24)
    assert rest == ["*", "*", "*"]


def test_schedules_differ_by_name() -> None:
    assert len({schedule_of(f"images-{number}") for number in range(50)}) > 40
