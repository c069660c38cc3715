"""Which tags are, or were, a version, from an archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.lookup.find import find
from collector.lookup.version_uses import VersionQuery, parse_version_query
from collector.releases.version_spans import MAX_TAGS
from tests.support.archives import ArchiveBuilder, docker_image, single


def see(builder: ArchiveBuilder, name: str, day: str, *steps: str) -> None:
    builder.see(name, day, single(docker_image(" ".join(steps), steps=("ADD file:1 in /", *steps), layers=steps)))


@pytest.mark.parametrize(
    ("text", "image", "version"),
    [
        ("3.6.2", "", "3.6.2"),
        (" v3.6.2 ", "", "3.6.2"),
        ("3.6", "", "3.6"),
        ("Python 3.6.2RC1", "python", "3.6.2rc1"),
        ("docker.io/library/python:v3.6.2", "python", "3.6.2"),
        ("bitnami/redis@7.0.1", "bitnami/redis", "7.0.1"),
    ],
)
def test_a_version_that_is_asked_for(text: str, image: str, version: str) -> None:
    assert parse_version_query(text) == VersionQuery(image, version)


@pytest.mark.parametrize("text", ["", "python", "36", "v7", "33a5a60a9a15", "the tag 3.6", "\u0663.\u0666"])
def test_what_is_no_version(text: str) -> None:
    assert parse_version_query(text) is None


@pytest.mark.parametrize(
    "form",
    [
        "ENV APP_VERSION={}",
        "ENV APP_VERSION={} B=2",
        "ENV APP_VERSION {}",
        "ENV APP_VERSION=v{}",
        "LABEL APP_VERSION={}",
        "# ARGS: APP_VERSION={}\nRUN make",
        '# ARG: "APP_VERSION" => "{}"\nRUN make',
    ],
)
def test_every_form_of_a_variable_is_found(tmp_path: Path, form: str) -> None:
    builder = ArchiveBuilder(tmp_path)
    for day, version in (("2017-01-01", "1.2.3"), ("2017-02-01", "1.2.4")):
        see(builder, "app:1", day, form.format(version))
    for asked in ("1.2.3", "app 1.2.4", "v1.2.3"):
        (found,) = find(builder.archive, asked).versions
        assert (found.image, found.variable, found.tags) == ("app", "APP_VERSION", ("1",))
    assert find(builder.archive, "1.2.3").versions[0].until == "2017-02-01T12:00:00Z"
    assert find(builder.archive, "1.2.4").versions[0].until is None
    assert find(builder.archive, "other 1.2.4").versions == find(builder.archive, "1.2.40").versions == ()


def test_the_beginning_of_a_version_finds_what_a_distribution_made_of_it(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path)
    for day, version in (("2017-01-01", "1.13.7-1~stretch"), ("2017-02-01", "1.13.8-1~stretch")):
        for tag in ("1", *(f"1-{number}" for number in range(10))):
            see(builder, f"nginx:{tag}", day, f"ENV NGINX_VERSION {version}")
    (found,) = find(builder.archive, "1.13.8").versions
    assert (found.version, found.tags[0], len(found.tags), found.count) == ("1.13.8-1~stretch", "1", MAX_TAGS, 11)
    assert find(builder.archive, "1.13.8-1").versions == (found,)
    assert find(builder.archive, "1.13").versions == find(builder.archive, "1.13.8-2").versions == ()


def test_a_tag_called_so_is_no_version_that_it_had(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path)
    see(builder, "app:1.2.3", "2017-01-01", "ENV A=1")
    assert Archive(tmp_path).with_value("1.2.3") == []
    found = find(builder.archive, "1.2.3")
    assert ([one.tag for one in found.tags], found.versions) == (["1.2.3"], ())
