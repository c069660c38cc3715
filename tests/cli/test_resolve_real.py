"""`repo-info resolve --as-of` on the real archive, compared with the pages in git at that time."""

from __future__ import annotations

import random
import re
import subprocess
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.errors import NotFound
from collector.importer.archive_import import import_source
from collector.lookup.resolve import resolve
from collector.model.references import parse_asked, parse_repository
from tests.cli.conftest import Run

IMAGES = ("python", "redis", "nats", "hello-world", "swift")
SAMPLES = 1000
"""Pairs of tag and day; in half of them or more, the tag did not exist."""


@pytest.fixture(scope="module")
def imported(bare_repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five images of the real archive."""
    folder = tmp_path_factory.mktemp("real") / "archive"
    import_source(bare_repo, Archive(folder, create=True), images=[parse_repository(name) for name in IMAGES])
    return folder


def git(bare_repo: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", bare_repo, *arguments], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def log(bare_repo: Path) -> tuple[list[int], list[str]]:
    """The main line's times, oldest first and never going back, and its commits."""
    lines = git(bare_repo, "log", "--reverse", "--first-parent", "--format=%ct %H").decode().split("\n")[:-1]
    return list(accumulate((int(line.split()[0]) for line in lines), max)), [line.split()[1] for line in lines]


def pages_at(bare_repo: Path, names: list[str]) -> list[bytes]:
    """The content at each `commit:path` in git; empty if there is none."""
    asked = "".join(f"{name}\n" for name in names).encode()
    answer = subprocess.run(
        ["git", "-C", bare_repo, "cat-file", "--batch"], check=True, capture_output=True, input=asked
    ).stdout
    pages = []
    for name in names:
        head, _, answer = answer.partition(b"\n")
        size = 0 if head == f"{name} missing".encode() else int(head.split()[2])
        pages.append(answer[:size])
        answer = answer[size + 1 :] if size else answer
    return pages


def sampled(bare_repo: Path, times: list[int], commits: list[str]) -> Iterator[tuple[str, str, str]]:
    """Images with a tag, days, and the place of the tag's page in git at the end of the day."""
    listed = git(bare_repo, "log", "--format=", "--name-only", "--first-parent", "-m", "--", "repos/").decode()
    paths = sorted({path for path in listed.splitlines() if path.split("/")[1] in IMAGES and "/remote/" in path})
    chance = random.Random(2018)
    first, last = (datetime.fromtimestamp(seconds, UTC) for seconds in (times[0], times[-1]))
    for _ in range(SAMPLES):
        path = chance.choice(paths)
        _, image, _, file = path.split("/")
        day = (first + timedelta(days=chance.randrange((last - first).days + 1))).date().isoformat()
        place = bisect_right(times, int(datetime.fromisoformat(f"{day}T23:59:59+00:00").timestamp()))
        # Before the first commit there is no page, as there is none of this name.
        yield f"{image}:{file.removesuffix('.md')}", day, f"{commits[place - 1]}:{path if place else 'none'}"


def test_it_gives_the_page_that_git_has(
    run: Run, bare_repo: Path, imported: Path, log: tuple[list[int], list[str]]
) -> None:
    archive = Archive(imported)
    holdings = {name: archive.load(parse_repository(name)) for name in IMAGES}
    pairs = list(sampled(bare_repo, *log))
    pages = pages_at(bare_repo, [where for _, _, where in pairs])
    answers = Counter[bool]()
    for number, ((name, day, _), page) in enumerate(zip(pairs, pages, strict=True)):
        said = re.search(rb"\$ docker pull \S+@(sha256:[0-9a-f]{64})\n", page)
        expected = f"{name}@{said[1].decode()}" if said else None
        answers[said is not None] += 1
        try:
            found = resolve(holdings[name.partition(":")[0]], parse_asked(f"{name}@{day}")).reference
        except NotFound:
            found = None
        assert found == expected, (name, day)
        if number % 50 == 0:
            result = run("resolve", name, "--as-of", day, "--archive", imported)
            assert result.stdout == (f"{expected}\n" if expected else "")
            assert result.exit_code == (0 if expected else 1)
    assert answers[True] >= 200
    assert answers[False] >= 200
