"""The real archive: a sample of it byte for byte, and what its tags pointed at on many days."""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.archive_import import import_source
from collector.importer.commit_times import read_commit_times
from collector.importer.log import iter_changes
from collector.importer.source_repository import main_branch
from collector.model.references import Repository
from collector.model.timelines import period_at
from collector.model.times import parse_as_of
from tests.support.exports import iter_checked, journals, show
from tests.support.histories import page

_PULL = re.compile(rb"\$ docker pull \S+@(sha256:[0-9a-f]{64})\n")


def test_a_sample_of_all_years_comes_back_byte_for_byte(
    bare_repo: Path, sampled: Archive, sample: tuple[Repository, ...]
) -> None:
    checked = list(iter_checked(bare_repo, sampled, sample))
    assert [one.name for one in checked if not one.is_same] == []
    years = Counter(one.year for one in checked if one.blob)
    assert years.total() >= 2000
    assert all(years[year] >= 100 for year in ("2016", "2017", "2018"))


def test_the_sample_is_without_a_fault(sampled: Archive) -> None:
    assert list(verify(sampled)) == []


def test_a_second_import_adds_nothing(bare_repo: Path, sampled: Archive, sample: tuple[Repository, ...]) -> None:
    before = journals(sampled.root)
    report = import_source(bare_repo, sampled, images=sample)
    assert (report.added, report.kept_pages) == (0, 0)
    assert report.versions >= 2000
    assert journals(sampled.root) == before


def test_the_state_of_a_day_is_that_of_its_page(bare_repo: Path, sampled: Archive) -> None:
    """For 400 pairs of tag and day, the result is compared with the last commit up to the end of that day in git."""
    pairs = sample_of_pairs(sampled, 400)
    commits = {day: last_commit(bare_repo, day) for day in {day for _, _, day in pairs}}
    held = {repository: sampled.load(repository) for repository in {repository for repository, _, _ in pairs}}
    answers: Counter[str] = Counter()
    pages = show(bare_repo, [f"{commits[day]}:{page(repository.familiar, tag)}" for repository, tag, day in pairs])
    for (repository, tag, day), raw in zip(pairs, pages, strict=True):
        period = period_at(held[repository].periods(tag), parse_as_of(day))
        pull = _PULL.search(raw) if raw else None
        said = pull[1].decode() if pull else "missing" if raw and b"does not exist" in raw else "nothing"
        found = (period.digest or period.gone or "nothing") if period else "nothing"
        assert found.replace("removed", "nothing") == said, f"{repository}:{tag} on {day}"
        answers[said[:7]] += 1
    assert answers["sha256:"] >= 200
    assert answers["missing"] + answers["nothing"] >= 5


def sample_of_pairs(archive: Archive, count: int) -> list[tuple[Repository, str, str]]:
    """Tags with days on which something may have been there; the same ones on every run."""
    chance = random.Random(2018)
    tags = [
        (repository, tag, holdings.periods(tag)[0].since)
        for repository in archive.repositories()
        for holdings in [archive.load_observations(repository)]
        for tag in holdings.tags
    ]
    days = [(date(2016, 10, 1) + timedelta(days=13 * step)).isoformat() for step in range(38)]
    pairs: list[tuple[Repository, str, str]] = []
    while len(pairs) < count:
        repository, tag, since = chance.choice(tags)
        day = chance.choice(days)
        if day >= since[:7]:
            pairs.append((repository, tag, day))
    return pairs


def last_commit(bare_repo: Path, day: str) -> str:
    """The last commit up to the end of a day, as git finds it."""
    command = ["git", "-C", str(bare_repo), "rev-list", "-1", "--first-parent", f"--before={day}T23:59:59Z", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode().strip()


def test_the_log_of_the_real_archive_is_read_whole(bare_repo: Path) -> None:
    changes = [
        change
        for change in iter_changes(bare_repo, read_commit_times(bare_repo, main_branch(bare_repo)), "repos")
        if b"/remote/" in change.path
    ]
    assert Counter(change.now for change in changes) == {"file": 71565, "gone": 3996}
    assert len({change.blob for change in changes if change.blob}) == 71177
