"""The selection of tags: arguments, patterns, `repo-info.toml`, and the definitions of Docker's Official Images."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.collect.selection import from_arguments, from_configuration, merge
from collector.configuration import Configuration, ImageTable, LibraryTable, read_configuration
from collector.errors import InvalidValue, UsageError
from collector.model.library import parse_library
from collector.model.references import Tag

SIGNATURE, REFERRERS = (Tag(f"sha256-{'a' * 64}{ending}") for ending in (".sig", ""))
FOR_PEOPLE = [Tag(tag) for tag in ("3.6", "3.6-slim", "3.7-rc1", "latest", "sha256-ab.sig")]
LISTED = [*FOR_PEOPLE, SIGNATURE, REFERRERS]


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["python"], FOR_PEOPLE),
        (["python:sha256-*"], ["sha256-ab.sig", SIGNATURE, REFERRERS]),
        (["python", f"python:{SIGNATURE}"], [SIGNATURE, *FOR_PEOPLE]),
        (["python:3.6"], ["3.6"]),
        (["python:new", "python:3.6"], ["new", "3.6"]),
        (["python:3.*"], ["3.6", "3.6-slim", "3.7-rc1"]),
        (["python:latest", "docker.io/library/python:*-slim"], ["latest", "3.6-slim"]),
        ([f"python:3.6@sha256:{'a' * 64}"], ["3.6"]),
        (["python:3.[!7]*"], ["3.6", "3.6-slim"]),
    ],
)
def test_arguments(arguments: list[str], chosen: list[str]) -> None:
    (wanted,) = merge(from_arguments(arguments))
    assert (wanted.repository.name, wanted.choose(LISTED)) == ("docker.io/library/python", chosen)
    assert wanted.has_patterns == any("*" in one or ":" not in one for one in arguments)


@pytest.mark.parametrize(
    "argument",
    [
        "Python",
        "python:",
        "python:a b",
        "python@sha256:ab",
        f"python@sha256:{'a' * 64}",
        "python:3.6@2018-01-01",
        "python:3.6@sha256:ab",
        "",
        "http://x/y",
    ],
)
def test_an_invalid_argument(argument: str) -> None:
    with pytest.raises(UsageError):
        from_arguments([argument])


def test_a_port_is_not_a_tag() -> None:
    (wanted,) = from_arguments(["localhost:5000/team/app"])
    assert (wanted.repository.registry, wanted.has_patterns) == ("localhost:5000", True)


def test_exclusions_hold_for_their_own_table() -> None:
    tables = (ImageTable(name="python", exclude=("*-rc*", "sha256-*")), ImageTable(name="python", tags=("3.7-rc1",)))
    (wanted,) = merge(from_configuration(Configuration(images=tables), Path()))
    assert wanted.choose(LISTED) == ["3.6", "3.6-slim", "latest", "3.7-rc1"]


def test_the_whole_configuration(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("Tags: 1, 1.0\nSharedTags: latest\nGitCommit: abc\n")
    path = tmp_path / "repo-info.toml"
    path.write_text(
        """
        [site]
        name = "Ours"
        [[images]]
        name = "python"
        tags = ["3.6"]
        [[libraries]]
        path = "library"
        namespace = "registry.corp:5000/mirror"
        exclude = ["1.0"]
        [registries."registry.corp:5000"]
        ca_file = "corp.pem"
        concurrency = 2
        [collect]
        threads = 2
        hub = false
        """
    )
    configuration = read_configuration(path)
    wanted = from_configuration(configuration, tmp_path)
    assert [(one.repository.name, one.choose(())) for one in wanted] == [
        ("docker.io/library/python", ["3.6"]),
        ("registry.corp:5000/mirror/library", ["1", "latest"]),
    ]
    assert (configuration.registries["registry.corp:5000"].concurrency, configuration.collect.hub) == (2, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("images = 1", "Expected `array`, got `int` - at `$.images`"),
        ("[[images]]\nname = 'x'\ntag = ['1']", "unknown field `tag` - at `$.images[0]`"),
        ("[collect]\nthreads = 0", "`$.collect.threads`"),
        ("[registries.x]\npassword = 'y'", "unknown field `password`"),
        ("no toml", "repo-info.toml: "),
    ],
)
def test_an_invalid_configuration(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "repo-info.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_configuration(path)
    assert message in str(refused.value)


def test_definitions_with_all_that_they_may_have() -> None:
    text = """
        # comment
        Maintainers: A <a@example.org> (@a),
                     B <b@example.org> (@b)
        GitRepo: https://example.org/x.git
        Builder: buildkit

        Tags: 1.2.3, 1.2,
              1
        SharedTags: latest
        Architectures: amd64, arm64v8
        GitCommit: abc
        # in the midst
        arm64v8-GitCommit: def
        Directory: 1

        Tags: 1.2.3-windowsservercore
        SharedTags: latest, 1.2.3
        Architectures: windows-amd64
        GitCommit: abc
        Constraints: windowsservercore
    """
    first, second = parse_library("\n".join(line[8:] for line in text.splitlines()), "x")
    assert (first.tags, first.shared_tags, first.architectures) == (
        ("1.2.3", "1.2", "1"),
        ("latest",),
        ("amd64", "arm64v8"),
    )
    assert first.fields["GitRepo"] == second.fields["GitRepo"] == "https://example.org/x.git"
    assert (first.fields["Builder"], first.fields["arm64v8-GitCommit"]) == ("buildkit", "def")
    assert first.fields["Maintainers"] == "A <a@example.org> (@a), B <b@example.org> (@b)"
    assert (second.shared_tags, second.fields["Constraints"]) == (("latest", "1.2.3"), "windowsservercore")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_stanza_without_tags_holds_for_all(mark: str) -> None:
    text = "Maintainers: A <a@example.org> (@a)\nSharedTags: latest\n\nTags: 1\n\nTags: 2\n"
    entries = parse_library(mark + text, "x")
    assert [(entry.tags, entry.shared_tags) for entry in entries] == [(("1",), ("latest",)), (("2",), ("latest",))]


@pytest.mark.parametrize("text", ["nonsense", "Tags: a b!c", "Tags: x\n\nGitCommit: y", "Tags: ../x"])
def test_invalid_definitions(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"x:[0-9]"):
        parse_library(text, "x")
    (tmp_path / "x").write_text(text)
    with pytest.raises(UsageError, match=r"x:[0-9]"):
        from_configuration(Configuration(libraries=(LibraryTable(path="x"),)), tmp_path)


def test_missing_definitions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none: not found"):
        from_configuration(Configuration(libraries=(LibraryTable(path="none"),)), tmp_path)


def test_the_real_definitions(data_dir: Path) -> None:
    folder = data_dir / "hub-descriptions"
    wanted = from_configuration(Configuration(libraries=(LibraryTable(path="library"),)), folder)
    tags = {one.repository.familiar: one.choose(()) for one in wanted}
    assert (len(tags), sum(map(len, tags.values()))) == (144, 9_849)
    entries = [
        entry
        for path in (folder / "library").iterdir()
        for entry in parse_library(path.read_text(encoding="utf-8"), path.name)
    ]
    # Shared tags count once for each entry that has them.
    assert sum(len(entry.tags) + len(entry.shared_tags) for entry in entries) == 10_288
    assert not any(one.has_patterns for one in wanted)
    assert {"latest", "edge", "3"} <= set(tags["alpine"])
    few = LibraryTable(path="library", images=("alpine", "p*"), exclude=("*rc*",))
    some = from_configuration(Configuration(libraries=(few,)), folder)
    assert {"alpine", "python", "php"} <= {one.repository.familiar for one in some} < set(tags)
    assert not [tag for one in some for tag in one.choose(()) if "rc" in tag]
