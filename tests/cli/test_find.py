"""`repo-info find`, on the sample and on hostile archives."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from collector.archive.store import Archive
from collector.lookup.find import find
from collector.lookup.found import Found
from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, digest, docker_image, index
from tests.support.golden import Golden


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("find-index", "33a5a60a9a15"),
        ("find-image-id", "sha256:dc41c0491c65"),
        ("find-layer", "sha256-4d398ee"),
        ("find-names", "slim"),
        ("find-version", "3.6.2"),
        ("find-image", "docker.io/library/hello-world"),
    ],
)
def test_the_text_form(run: Run, sample: Path, golden: Golden, name: str, text: str) -> None:
    result = run("find", text, "--archive", sample)
    assert (result.exit_code, result.stderr) == (0, "")
    golden(f"{name}.txt", result.stdout)


@pytest.mark.parametrize("text", ["33a5a60a9a15", "slim", "hello-world", "3.6.2"])
def test_the_json_form_is_canonical_and_reads_back(run: Run, sample: Path, text: str) -> None:
    result = run("find", text, "--archive", sample, "--json")
    assert msgspec.json.decode(result.stdout, type=Found) == find(Archive(sample), text)
    compact = json.dumps(json.loads(result.stdout), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert result.stdout == compact + "\n"


@pytest.mark.parametrize("text", ["0000000", "sha256:" + "f" * 64, "no-such-thing", "bad\udc80name", "\x1b[31m"])
def test_what_is_not_in_the_archive_is_a_clear_error(run: Run, sample: Path, text: str) -> None:
    result = run("find", text, "--archive", sample)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not in this archive" in result.stderr
    assert result.stderr.rstrip("\n").isprintable()


def test_the_json_form_of_nothing_is_a_document_too(run: Run, sample: Path) -> None:
    result = run("find", "bad\udc80name", "--archive", sample, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "digests": [],
        "images": [],
        "packages": [],
        "tags": [],
        "text": "bad\ufffdname",
        "versions": [],
    }


def test_hostile_platforms_stay_text(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see(
        "tool:1", "2017-01-01", index("x", docker_image("x", platform="linux\x1b]0;owned\x07/amd64\u202e/v8\n"))
    )
    result = run("find", digest("x manifest"), "--archive", tmp_path / "a")
    assert r"linux\x1b]0;owned\x07/amd64\u202e/v8" in result.stdout
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stdout)


def test_long_lists_are_cut_and_say_so(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    for number in range(70):
        builder.see(f"tool:{number:02}", "2017-01-01", index("x", docker_image("x")))
    by_digest = run("find", digest("x index"), "--archive", tmp_path / "a").stdout
    assert "59, 58 and 58 more tags\n" in by_digest
    by_name = run("find", "tool:", "--archive", tmp_path / "a").stdout.splitlines()
    assert len(by_name) == 51
    assert by_name[-1] == "and 20 more tags; give more of the name, or use --all"
    whole = run("find", "tool:", "--archive", tmp_path / "a", "--all").stdout.splitlines()
    assert len(whole) == 70


def test_a_digest_of_many_tags_is_summed_up_by_image(run: Run, tmp_path: Path) -> None:
    """The image that had it first comes first, whatever its name."""
    builder = ArchiveBuilder(tmp_path / "a")
    for day, name, count in ((3, "app", 1), (1, "zebra", 12), (2, "middle", 2)):
        for number in range(count):
            state = index(f"{name} {number}", docker_image(f"{name} {number}", layers=("shared", f"{name} {number}")))
            builder.see(f"{name}:{number:02}", f"2017-0{day}-{number + 1:02}", state)
    short, whole = (
        run("find", digest("shared"), "--archive", tmp_path / "a", *options).stdout.splitlines()
        for options in ((), ("--all",))
    )
    assert short[1:] == [
        "  in 15 tags of 3 images, beginning with the first that had it; --all shows each use:",
        "  zebra: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11  2017-01-01 12:00 UTC to the end of the archive",
        "  middle: 00, 01  2017-02-01 12:00 UTC to the end of the archive",
        "  app: 00  2017-03-01 12:00 UTC to the end of the archive",
    ]
    assert whole[1] == "  in 15 tags of 3 images, beginning with the first that had it:"
    assert len(whole) == 2 + 2 * 15
