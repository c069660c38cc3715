"""`repo-info describe`, as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.describe.conftest import DOCS, LIBRARY, docs

__all__ = ["docs"]

OFFICIAL = ("--library-dir", LIBRARY, "--docs-dir", DOCS)


def test_the_official_form_is_printed_as_it_is(run: Run) -> None:
    shown = run("describe", "lantern", *OFFICIAL, "--arch", "arm64v8")
    golden = LIBRARY.parent.parent / "golden" / "official-lantern-arm64v8.md"
    assert (shown.stdout_bytes, shown.stderr, shown.exit_code) == (golden.read_bytes(), "", 0)


def test_it_is_made_to_fit(run: Run, docs: Path) -> None:
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
    assert "lantern does not fit Docker Hub as it is:\n  " in cut.stderr


def test_the_short_one(run: Run) -> None:
    assert run("describe", "lantern", *OFFICIAL, "--short").stdout == "A lamp for dark places.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ghcr.io/a/b", *OFFICIAL), "ghcr.io/a/b is no Docker Official Image"),
        (("a/b", *OFFICIAL), "a/b is no Docker Official Image"),
        (("lantern", *OFFICIAL, "--site-url", "x.org"), "no address of a site: 'x.org'"),
        (("lantern", *OFFICIAL, "--arch", "x"), "no such architecture: 'x'"),
        (("torch", *OFFICIAL), "torch: not found"),
        (("../lantern", *OFFICIAL), "not an image name"),
    ],
)
def test_wrong_use(run: Run, arguments: tuple[str | Path, ...], message: str) -> None:
    shown = run("describe", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert message in shown.stderr
