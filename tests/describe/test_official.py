"""The form of the Docker Official Images, on a small library file with all features of the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.describe.official import describe_official
from collector.errors import InvalidValue, UsageError
from tests.support.golden import Golden
from tests.support.publisher import DOCS, LIBRARY


@pytest.mark.parametrize("architecture", [None, "arm64v8", "windows-amd64", "s390x", "ppc64le"])
def test_an_image_with_all_that_the_form_has(golden: Golden, architecture: str | None) -> None:
    described = describe_official("lantern", library=LIBRARY, docs=DOCS, architecture=architecture)
    golden(f"official-lantern-{architecture or 'all'}.md", described.text)
    assert described.short == "A lamp for dark places."


def test_an_image_that_has_no_tags_any_more(golden: Golden) -> None:
    described = describe_official("candle", library=LIBRARY, docs=DOCS)
    golden("official-candle.md", described.text)
    assert described.short == ""


@pytest.mark.parametrize(
    ("architecture", "elsewhere", "full_url"),
    [
        (None, "[all tags of `lantern`](https://hub.docker.com/_/lantern/tags)", "blob/master/lantern/README.md"),
        (
            "windows-amd64",
            "[all tags of `winamd64/lantern`](https://hub.docker.com/r/winamd64/lantern/tags)",
            "blob/windows-amd64/lantern/README.md",
        ),
    ],
)
def test_without_the_list_of_tags_all_else_is_the_same(architecture: str | None, elsewhere: str, full_url: str) -> None:
    described = describe_official("lantern", library=LIBRARY, docs=DOCS, architecture=architecture)
    assert described.full_url == f"https://github.com/docker-library/docs/{full_url}"
    head, tags, tail = described.text.partition("# Tags\n")
    rest = tail[tail.index("\n# More") :]
    assert described.without_tags == f"{head}{tags}\nSee {elsewhere}.\n{rest}"


def test_all_tags_may_be_on_a_page_of_the_site() -> None:
    url = "https://example.org/repos/lantern/"
    assert f"]({url})." in describe_official("lantern", library=LIBRARY, docs=DOCS, all_tags=url).without_tags


def test_inserted_text_is_not_filled_in_again(docs: Path) -> None:
    (docs / "lantern" / "compose.yaml").write_text("image: %%IMAGE%% # %%LICENSE%% %%CONTENT%%\n")
    (docs / "lantern" / "content.md").write_text("%%CONTENT%% %%LICENSE%%\n%%COMPOSE%%\n")
    text = describe_official("lantern", library=LIBRARY, docs=docs).text
    assert "\n%%CONTENT%% %%LICENSE%%\n" in text
    assert "image: %%IMAGE%% # %%LICENSE%% %%CONTENT%%\n" in text


def test_templates_in_parts_are_text(docs: Path) -> None:
    (docs / "lantern" / "content.md").write_text("{{ 7 * 7 }} {% raw %} {# x #}\n")
    assert "{{ 7 * 7 }} {% raw %} {# x #}" in describe_official("lantern", library=LIBRARY, docs=docs).text


@pytest.mark.parametrize(
    "part",
    ["lantern/content.md", "lantern/github-repo", "lantern/maintainer.md", ".template-helpers/template.md"],
)
def test_a_part_that_must_be_there(docs: Path, part: str) -> None:
    (docs / part).unlink()
    with pytest.raises(UsageError, match=rf"lantern/{Path(part).name}: not found, and none in \.template-helpers"):
        describe_official("lantern", library=LIBRARY, docs=docs)


@pytest.mark.parametrize(
    ("part", "content", "message"),
    [
        ("lantern/content.md", b"one\ntwo \xff\n", r"content\.md:2: not UTF-8"),
        ("lantern/license.md", b"one\n\ntwo \0\n", r"license\.md:3: contains the invisible character U\+0000"),
        ("lantern/license.md", b"one\r\n\x1b[2J\n", r"license\.md:2: contains the invisible character U\+001B"),
        ("lantern/deprecated.md", "\u202e".encode(), r"deprecated\.md:1: contains the invisible character U\+202E"),
        ("lantern/content.md", b"x" * (2**20 + 1), r"content\.md: larger than"),
        ("logos.json", b'{"lantern": {"file": 7}}', r"logos\.json: .*lantern|logos\.json: Expected `str`"),
        ("bases.json", b"[" * 100_000, r"bases\.json: "),
        ("lantern/content.md", b"%%COMPOSE%%" * 90_000, "more than 4194304 characters"),
    ],
)
def test_invalid_parts(docs: Path, part: str, content: bytes, message: str) -> None:
    (docs / part).write_bytes(content)
    with pytest.raises(InvalidValue, match=message):
        describe_official("lantern", library=LIBRARY, docs=docs)


def test_a_part_of_another_site_is_refused(docs: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    (docs / "lantern" / "license.md").unlink()
    (docs / "lantern" / "license.md").symlink_to(secret)
    with pytest.raises(UsageError, match=r"license\.md: leads out of"):
        describe_official("lantern", library=LIBRARY, docs=docs)
    (docs / "lantern" / "license.md").unlink()
    (docs / "lantern" / "license.md").symlink_to("license.md")
    with pytest.raises(UsageError, match=r"license\.md"):
        describe_official("lantern", library=LIBRARY, docs=docs)


def test_a_part_that_is_not_a_file(docs: Path) -> None:
    (docs / "lantern" / "license.md").unlink()
    (docs / "lantern" / "license.md").mkdir()
    with pytest.raises(UsageError, match=r"license\.md: not a file"):
        describe_official("lantern", library=LIBRARY, docs=docs)


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="torch: not found"):
        describe_official("torch", library=LIBRARY, docs=DOCS)
    with pytest.raises(UsageError, match="lantern: not found"):
        describe_official("lantern", library=LIBRARY, docs=tmp_path)
    with pytest.raises(UsageError, match="no such architecture: 'arm64'"):
        describe_official("lantern", library=LIBRARY, docs=DOCS, architecture="arm64")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("Tags: a\nGitRepo: https://github.com/x/y", "lantern:1: no GitCommit"),
        ("\nTags: a\nGitCommit: c", "lantern:2: '' is not a GitRepo"),
        ("Tags: a\nGitCommit: c\nGitRepo: https://x.y/a) [b](c", "lantern:1: .* is not a GitRepo"),
        ("Tags: a\nGitCommit: c\nGitRepo: javascript:alert(1)", "lantern:1: .* is not a GitRepo"),
        ("Tags: a\nArchitectures: amd64`](x)", "lantern:1: not an architecture"),
        ("Tags: a\nwhat", "lantern:2: expected `Name: value`"),
    ],
)
def test_invalid_library_files(tmp_path: Path, entry: str, message: str) -> None:
    (tmp_path / "lantern").write_text(entry)
    with pytest.raises(InvalidValue, match=message):
        describe_official("lantern", library=tmp_path, docs=DOCS)
