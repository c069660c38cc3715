"""A sample of the hostile inputs of `make torture`, and that a fault in them is found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.torture.reader_checks import check_readers, find_reader, problem_of
from tests.torture.registry import attempt_all
from tests.torture.rendered import check_in_browser, check_site, faults_of_page
from tests.torture.report import Check, Checked, render_checked


def problems(checks: Iterable[Check]) -> list[str]:
    found = Checked(title="", about="", checks=tuple(checks))
    assert len(found.checks) > 10
    assert "0 with a problem" in render_checked(found, 1) or found.problems
    return found.problems


def test_hostile_images_are_text_in_every_output(tmp_path: Path) -> None:
    assert problems(check_site(tmp_path, 40, seed=3)) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>canary()</script>", "<script>"),
        ("<a href=javascript:canary()>x</a>", "a link to 'javascript:canary()'"),
        ("<p onclick=canary()>x</p>", "<p onclick>"),
        ("<p style=background:url(//x)>", "a style: 'background:url(//x)'"),
    ],
)
def test_markup_that_is_not_text_is_found(html: str, fault: str) -> None:
    assert fault in list(faults_of_page(f"<article>{html}</article>"))


@pytest.mark.browser
def test_no_script_of_theirs_runs_in_a_browser(chromium: Browser, tmp_path: Path) -> None:
    list(check_site(tmp_path, 40, seed=4))
    site = tmp_path / "site"
    assert problems(check_in_browser(site, chromium, 6)) == []
    # This page has no policy that would prevent it.
    page = site / "repos" / "hostile" / "evil" / "index.html"
    page.parent.mkdir()
    page.write_text("<script src=evil.js></script><img src=//canary.invalid/x.png>")
    (page.parent / "evil.js").write_text("canary()")
    for other in set(site.rglob("index.html")) - {page, site / "index.html"}:
        other.unlink()
    found = [problem for check in check_in_browser(site, chromium, 1) for problem in check.problems]
    assert "a script ran" in found
    assert "a request for http://canary.invalid/x.png" in found


def test_hostile_answers_are_survived(tmp_path: Path) -> None:
    assert problems(attempt.check for attempt in attempt_all(tmp_path, 36, seed=5, threads=12)) == []


def test_readers_accept_arbitrary_input(root: Path) -> None:
    assert problems(check_readers(root / "examples" / "archive", 12, seed=6)) == []


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("journals", b'{"fact":"step","id":"0","text":"","x":' + b"[" * 5000 + b"]" * 5000 + b"}\n"),
        ("archive.json", b'{"x":' + b"[" * 5000),
        ("repo-info.toml", b"x = " + b"[" * 5000),
        ("journals of a build", b'["move","\xff"]\n'),
        ("state of a build", b"\x81\xa1x" + b"\x91" * 5000),
        ("addresses", b"http://\x00/"),
        (
            "parts of a site",
            b'{"format":2,"key":"x","site":{},"shard":{"number":1,"of":9223372036854775808,"images":{}},"tasks":{}}',
        ),
        ("proxies", b"http://proxy:1\\"),
    ],
)
def test_inputs_that_once_ended_in_a_traceback_or_never(root: Path, name: str, raw: bytes) -> None:
    assert problem_of(find_reader(root / "examples" / "archive", name), raw) == ""
