"""User names and passwords before a host, given by mistake, are never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.cli.terminal import without_user_information
from tests.cli.conftest import Run

TOKEN = "ghp_0123456789"
LONG = f"{TOKEN}{'x' * 500}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", f"https://me:{TOKEN}@git.example/repo.git", "--archive", "a"],
        ["import", f"https://{TOKEN}@git.example/repo.git", "--archive", "a"],
        ["import", f"ssh://me:{TOKEN}@git.example/repo.git", "--archive", "a"],
        ["import", f"https://me:{LONG}@git.example/repo.git", "--archive", "a"],
        ["import", f"https://me:{TOKEN}/x@git.example/repo.git", "--archive", "a"],
        ["collect", f"https://me:{TOKEN}@registry.example/app", "--archive", "a"],
        ["collect", f"https://{TOKEN}@registry.example/app", "--archive", "a"],
        ["resolve", f"https://{TOKEN}@registry.example/app", "--archive", "a"],
        ["collect", f"https://me:{LONG}@registry.example/app:1", "--archive", "a"],
        ["collect", f"me:{TOKEN}@registry.example/app", "--archive", "a"],
        ["collect", f"me:{TOKEN}@registry.example:5000/app:1.0", "--archive", "a"],
        ["collect", "x", "--archive", "a", "--log", f"https://me:{TOKEN}@git.example/none/x"],
        ["resolve", f"https://me:{TOKEN}@registry.example/app", "--archive", "a"],
        ["history", f"me:{TOKEN}@registry.example/app", "--archive", "a"],
        ["find", f"https://me:{TOKEN}@registry.example/app", "--archive", "a"],
        ["diff", f"https://me:{TOKEN}@registry.example/app", "tool:1", "--archive", "a"],
        ["build", "--archive", f"https://me:{TOKEN}@host.example/a", "--site", "s"],
        ["build", "--archive", "a", "--site", "s", "--site-url", f"https://me:{TOKEN}@host.example/"],
        ["build", "--archive", "a", "--site", "s", "--editions", f"https://me:{TOKEN}@host.example/"],
        ["build", "--archive", "a", "--site", "s", f"--wrong=https://me:{TOKEN}@host.example/"],
        ["build", "--archive", "a", "--site", "s", "--jobs", f"https://me:{TOKEN}@host.example/"],
        ["describe", "acme/web", "--archive", "a", "--site-url", f"https://me:{TOKEN}@host.example/"],
        ["export", "--archive", "a", "--to", "x", "--as-of", f"https://me:{TOKEN}@host.example/"],
        ["verify", "--archive", f"https://me:{TOKEN}@host.example/a"],
        ["verify", "--archive", f"https://me:{TOKEN}@host.example"],
        ["verify", "--archive", f"https:/me:{TOKEN}@host.example"],
        ["build", "--archive", "a", "--site", f"https://me:{TOKEN}@host.example/"],
        ["export", "--archive", "a", "--to", f"https://me:{TOKEN}@host.example/"],
        [f"https://me:{TOKEN}@host.example/"],
    ],
    ids=" ".join,
)
def test_an_argument_with_user_information_is_refused_without_repeating_it(
    run: Run, in_folder: Path, arguments: list[str]
) -> None:
    run("collect", "--archive", "a", "--dry-run")
    result = run(*arguments)
    assert result.exit_code in {1, 2}
    assert result.stderr.startswith("repo-info: ")
    assert TOKEN not in result.output
    assert TOKEN[:9] not in result.output


@pytest.mark.parametrize("url", ["https://me:it@host.example/", "https://me@host.example", "//me:it@host.example/x"])
def test_a_site_is_not_published_at_an_address_with_user_information(
    run: Run, in_folder: Path, sample: Path, url: str
) -> None:
    for arguments in ([f"--site-url={url}"], []):
        (in_folder / "repo-info.toml").write_text(f'[site]\nurl = "{url}"\n')
        result = run("build", "--archive", sample, "--site", "s", *arguments)
        assert result.exit_code == 2
        assert "the site's address contains a user name or a password" in result.stderr


def test_a_traceback_does_not_repeat_user_information(run: Run, in_folder: Path) -> None:
    with pytest.raises(Exception, match="not an image name") as failed:
        run("--debug", "resolve", f"https://me:{TOKEN}@registry.example/app", "--archive", "a")
    error: BaseException | None = failed.value
    while error is not None:
        assert TOKEN not in f"{error} {error.args!r}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "text",
    [
        "python:3.6@2018-01-29T12:00:00Z: not a date",
        f"'python:3.6@sha256:{'f' * 64}': no such image",
        "http://localhost:8000/ is taken",
        "see https://example.org:5000/x?y=a:b#c",
        "127.0.0.1:5000/team/app:1.0@2018-01-29",
        "write to me@example.org",
    ],
)
def test_text_that_is_not_an_address_is_kept(text: str) -> None:
    assert without_user_information(text) == text
