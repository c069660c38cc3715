"""The file from which the browser answers for any date, against the archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from collector.archive.store import Archive
from collector.model.times import parse_time, time_of
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, day, files_of, iter_items, write_archive


def states_of(files: dict[str, bytes], image_address: str) -> Any:
    return json.loads(files[f"api/v1/{image_address}-states.json"])


def told(states: Any, tag: str) -> list[tuple[str, str | int]]:
    """Times and digests of a tag's states, as a reader of the file computes them."""
    times = accumulate(seconds for seconds, _ in states["tags"][tag])
    places = [place for _, place in states["tags"][tag]]
    digests = [f"sha256:{states['digests'][place]}" if place >= 0 else place for place in places]
    return list(zip((time_of(datetime.fromtimestamp(time, UTC)) for time in times), digests, strict=True))


def test_all_states_of_all_tags_of_the_sample(assets: dict[str, bytes], sample: Path) -> None:
    archive = Archive(sample)
    checked = 0
    for repository in archive.repositories():
        holdings = archive.load(repository)
        states = states_of(assets, f"repos/{repository.familiar}/")
        assert states["tags"].keys() == set(holdings.tags)
        assert len(states["objects"]) == len(states["digests"]) == len(set(states["digests"]))
        for tag in holdings.tags:
            words = {"missing": -1, "removed": -2, None: -3}
            expected = [(one.since, one.digest or words[one.gone]) for one in holdings.periods(tag)]
            assert told(states, tag) == expected
            checked += len(expected)
    assert checked > 500


def test_absent_tags_and_several_states_of_one_day(tmp_path: Path) -> None:
    seen = [
        Seen(tag="1", time=day(1)),
        Seen(tag="1", time=day(2), state=alone(image("a"))),
        Seen(tag="1", time=day(3), gone="missing"),
        Seen(tag="1", time=day(4), gone="removed"),
    ]
    files = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=seen))))
    states = states_of(files, "repos/app/")
    assert [place for _, place in states["tags"]["1"]] == [-3, 0, -1, -2]
    write_archive(tmp_path / "archive", app=[Seen(tag="0", time=day(5), state=alone(image("b")))])
    later = states_of(dict(files_of(iter_items(tmp_path / "archive"))), "repos/app/")
    assert later["digests"][:1] == states["digests"], "what is known keeps its place"
    assert parse_time(told(later, "0")[0][0]) == day(5)
