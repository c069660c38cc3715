"""The index of names: which tags are gone, and what happened to them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.pages.search_indexes import NameEntry, NameIndex
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, day, files_of, iter_items, write_archive


def test_a_tag_that_is_gone_is_missing_unreadable_or_no_longer_followed(tmp_path: Path) -> None:
    state = alone(image("a"))
    seen = [Seen(tag=tag, time=day(1), state=state) for tag in ("1", "2", "3", "4")]
    then = [
        Seen(tag="2", time=day(2), gone="missing"),
        Seen(tag="3", time=day(2), gone="removed"),
        Seen(tag="4", time=day(2)),
    ]
    files = dict(files_of(iter_items(write_archive(tmp_path / "archive", app=[*seen, *then]))))
    (entry,) = msgspec.json.decode(files["api/v1/names.json"], type=NameIndex).images
    assert entry == NameEntry(name="app", address="repos/app/", tags="1", gone="4 3 2", missing="2", unreadable="4")
