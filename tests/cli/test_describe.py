"""`repo-info describe` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.publisher import DOCS, LIBRARY

OFFICIAL = ("--library-dir", LIBRARY, "--docs-dir", DOCS)


def test_the_official_form_is_printed_unchanged(run: Run) -> None:
    shown = run("describe", "lantern", *OFFICIAL, "--arch", "arm64v8")
    golden = LIBRARY.parent.parent / "golden" / "official-lantern-arm64v8.md"
    assert (shown.stdout_bytes, shown.stderr, shown.exit_code) == (golden.read_bytes(), "", 0)


def test_a_description_is_made_to_fit(run: Run, docs: Path) -> None:
    fitting = run("describe", "lantern", "--library-dir", LIBRARY, "--docs-dir", docs, "--fit")
    assert (fitting.exit_code, fitting.stderr) == (0, "")
    assert "<!--" not in fitting.stdout
    (docs / "lantern" / "content.md").write_text("One more.\n\n" * 3_000)
    cut = run(
        "describe", "lantern", "--library-dir", LIBRARY, "--docs-dir", docs, "--fit", "--site-url", "http://x.y/z"
    )
    assert cut.exit_code == 0
    assert len(cut.stdout_bytes) <= 25_000
    assert "See [all tags of `lantern`](http://x.y/z/repos/lantern/)." in cut.stdout
    assert cut.stdout.endswith("(https://github.com/docker-library/docs/blob/master/lantern/README.md).\n")
    assert "lantern is over Docker Hub's limits:\n  " in cut.stderr


def test_the_short_description(run: Run) -> None:
    assert run("describe", "lantern", *OFFICIAL, "--short").stdout == "A lamp for dark places.\n"


def test_an_image_of_the_archive(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "alpine").mkdir()
    (tmp_path / "alpine" / "content.md").write_text("# What is Alpine?\n\nSmall. <br>\n" + "word " * 5_000)
    (tmp_path / "alpine" / "README-short.txt").write_text("small " * 30)
    options = ("--archive", sample, "--site-url", "https://x.y", "--docs-dir", tmp_path)
    shown = run("describe", "alpine", *options)
    assert shown.exit_code == 0
    assert "[All 10 tags](https://x.y/repos/alpine/)" in shown.stdout
    assert "alpine is over Docker Hub's limits:\n  " in shown.stderr
    chosen = run("describe", "alpine", *options, "--section", "tags")
    assert chosen.stdout.startswith(
        "# Tags\n\n- [`3.24.2`](https://x.y/repos/alpine/3.24.2/): 3.8 MB, 2026-09-17, linux/amd64"
    )
    assert "What is Alpine" not in chosen.stdout
    short = run("describe", "alpine", *options, "--short")
    assert short.stdout == "small " * 15 + "small…\n"
    assert "the short description is cut to 100 bytes" in short.stderr


def test_the_environment_says_where_things_are(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_INFO_ARCHIVE", str(sample))
    monkeypatch.setenv("REPO_INFO_SITE_URL", "https://x.y")
    assert "https://x.y/repos/alpine/latest/" in run("describe", "alpine").stdout
    # A definition file that is named says what is meant.
    assert run("describe", "candle", *OFFICIAL).stdout.startswith("<!-- Made of")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ghcr.io/a/b", *OFFICIAL), "ghcr.io/a/b is not a Docker Official Image"),
        (("a/b", *OFFICIAL), "a/b is not a Docker Official Image"),
        (("lantern", *OFFICIAL, "--site-url", "x.org"), "not a web address: 'x.org'"),
        (("lantern", *OFFICIAL, "--arch", "x"), "no such architecture: 'x'"),
        (("torch", *OFFICIAL), "torch: not found"),
        (("../lantern", *OFFICIAL), "not an image name"),
        (("alpine",), "a source for the description is missing"),
        (("alpine", "--library-dir", LIBRARY), "--library-dir needs --docs-dir"),
        (("alpine", "--archive", "examples/archive"), "--archive needs --site-url"),
        (("alpine", "--archive", "x", "--site-url", "https://x.y", "--arch", "amd64"), "--arch does not go with"),
        (("lantern", *OFFICIAL, "--section", "tags"), "--section does not go with"),
        (("lantern", *OFFICIAL, "--section", "nothing"), "'nothing' is not one of"),
    ],
)
def test_wrong_use(run: Run, arguments: tuple[str | Path, ...], message: str) -> None:
    shown = run("describe", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert message in shown.stderr


def test_a_check_says_which_links_lead_nowhere(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "repos" / "alpine" / "latest").mkdir(parents=True)
    (tmp_path / "site" / "index.html").touch()
    (tmp_path / "site" / "repos" / "alpine" / "latest" / "index.html").touch()
    here = ("--check", "--site", tmp_path / "site", "--site-url", "https://x.y")
    made = run("describe", "alpine", "--archive", sample, *here, "--section", "tags")
    assert made.exit_code == 1
    assert made.stdout.startswith(
        "10 links into the site, 9 of them dead:\n  line 3: https://x.y/repos/alpine/3.24.2/  no"
    )
    (tmp_path / "text.md").write_text("[a](https://x.y/repos/alpine/latest/)\n")
    given = run("describe", *here, "--text", tmp_path / "text.md")
    assert (given.exit_code, given.stdout) == (0, "1 link into the site, none of them dead\n")
    as_json = run("describe", *here, "--text", tmp_path / "text.md", "--json")
    assert as_json.stdout == '{"dead":[],"links":1,"unlinked":{}}\n'


def test_a_check_of_tags_that_are_not_linked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api" / "v1").mkdir(parents=True)
    (tmp_path / "index.html").touch()
    tags = " ".join(f"1.{number}" for number in range(30))
    names = '{"images": [{"name": "a/b", "address": "repos/a/b/", "tags": "%s", "gone": ""}], "exceptions": {}}'
    (tmp_path / "api" / "v1" / "names.json").write_text(names % tags)
    (tmp_path / "text.md").write_text("[a](https://x.y/repos/a/b/1.0/)\n")
    shown = run("describe", "--check", "--text", tmp_path / "text.md", "--site", tmp_path, "--site-url", "https://x.y")
    assert shown.stderr.startswith("repo-info: a/b: no link to 29 tags:\n  1.1, 1.2, 1.3,")
    assert shown.stderr.endswith("1.20 and 9 more\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--check", "alpine"), "--check needs --site and --site-url"),
        (("--check", "--site", "none", "--site-url", "https://x.y"), "none: not a built site"),
        (("alpine", "--text", "x.md"), "--site or --text without --check"),
        ((), "no image to describe"),
    ],
)
def test_wrong_use_of_a_check(run: Run, arguments: tuple[str, ...], message: str) -> None:
    shown = run("describe", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert message in shown.stderr


def test_texts_that_cannot_be_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    here = ("--check", "--site", tmp_path, "--site-url", "https://x.y")
    assert "--check needs a description" in run("describe", *here).stderr
    assert "none.md: No such file" in run("describe", *here, "--text", tmp_path / "none.md").stderr
    (tmp_path / "bad.md").write_bytes(b"\n\xff")
    assert "bad.md:2: not UTF-8" in run("describe", *here, "--text", tmp_path / "bad.md").stderr
    (tmp_path / "large.md").write_bytes(b"x" * (2**20 + 1))
    assert "large.md: larger than" in run("describe", *here, "--text", tmp_path / "large.md").stderr


def test_json(run: Run) -> None:
    shown = json.loads(run("describe", "lantern", *OFFICIAL, "--fit", "--json").stdout)
    assert set(shown) == {"image", "text", "size", "short", "notices"}
    assert (shown["image"], shown["short"], shown["notices"]) == ("lantern", "A lamp for dark places.", [])
    assert len(shown["text"].encode()) == shown["size"]
