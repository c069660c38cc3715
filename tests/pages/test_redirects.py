"""Redirects: to the page of another tag with the same image, or to the tag's own with all its history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collector.model.images import Image
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.documents import Document, Item, Redirect
from tests.diff.builders import NEXT_DAY, image, layer
from tests.pages.archives import Seen, alone, index_of, iter_items, write_archive

HISTORY = "repos/app/latest/history/"


@pytest.fixture(scope="module")
def leads(items: list[Item]) -> dict[str, Redirect]:
    return {item.address: item for item in items if isinstance(item, Redirect)}


def test_every_platform_of_a_live_tag_has_its_address(pages: dict[str, Document], leads: dict[str, Redirect]) -> None:
    checked = 0
    for page in pages.values():
        twin = json.loads(page.twin)
        for row in twin["platforms"] if page.kind == "tag" else ():
            address = f"{page.address}{row['slug']}/"
            if twin["gone"]:
                assert "address" not in row
                assert address not in pages.keys() | leads.keys()
                continue
            told = json.loads(pages[row["address"]].twin)
            assert (told["manifest"], told["slug"]) == (row["manifest"], row["slug"])
            assert page.address == told["tag_address"] or twin["tag"] in told["aliases"]
            if address != row["address"]:
                assert leads[address].to == f"{row['address']}?of={twin['tag']}"
                assert json.loads(leads[address].twin) == {"kind": "lead", "address": address, "to": row["address"]}
            checked += 1
    assert checked > 100


def test_a_short_history_is_on_the_page_of_the_tag(pages: dict[str, Document], leads: dict[str, Redirect]) -> None:
    shorts = [lead for lead in leads.values() if lead.address.endswith("/history/")]
    assert len(shorts) > 5
    for lead in shorts:
        address, _, part = lead.to.partition("#")
        markdown = pages[address].markdown
        assert f"## {part.capitalize()}\n" in markdown
        twin = json.loads(lead.twin)
        assert twin["kind"] == "history"
        assert len(twin["changes"]) == twin["states"] <= 8
        assert all(row["since"][:16].replace("T", " ") in markdown for row in twin["changes"])


def history_of(folder: Path, states: int) -> list[dict[str, Any]]:
    """The twins of a history's parts, the newest first, found as a reader finds them; each has a page."""
    seen = [Seen(tag="latest", state=alone(image(f"{n}")), time=_time(n)) for n in range(states)]
    items = list(iter_items(write_archive(folder / "archive", app=seen)))
    pages = {item.address: item for item in items if isinstance(item, Document) and item.kind == "history"}
    parts = [json.loads(pages[HISTORY].twin)]
    while "older" in parts[-1]:
        parts.append(json.loads(pages[parts[-1]["older"]].twin))
    assert len(parts) == len(pages)
    assert max(len(page.markdown) for page in pages.values()) < 110_000
    return parts


def _time(number: int) -> Time:
    return Time(f"2024-01-{number // 1440 + 1:02}T{number // 60 % 24:02}:{number % 60:02}:00Z")


def test_a_very_long_history_has_parts_that_stay_as_they_are(tmp_path: Path) -> None:
    whole = {states: history_of(tmp_path / str(states), states) for states in (499, 500, 749, 750)}
    assert [len(part["changes"]) for part in whole[499]] == [499]
    assert [len(part["changes"]) for part in whole[500]] == [250, 250]
    assert [len(part["changes"]) for part in whole[749]] == [499, 250]
    assert [len(part["changes"]) for part in whole[750]] == [250, 250, 250]
    for states, parts in whole.items():
        assert [row["since"] for part in parts for row in part["changes"]] == [_time(n) for n in range(states)][::-1]
        assert [part["states"] for part in parts] == [states, 500, 250][-len(parts) :] or states < 750
    assert whole[500][-1] == whole[749][-1] == whole[750][-1]


def spelled(name: str, variant: str) -> Image:
    platform = Platform(os="linux", architecture="arm64", variant=variant)
    return image(name, "RUN a", platform=platform, layers=(layer(name),))


def test_a_platform_in_another_spelling_redirects_to_its_page(tmp_path: Path) -> None:
    older, newer = index_of(spelled("a", ""), name="older"), index_of(spelled("b", "v8"), name="newer")
    seen = [Seen(tag="1", state=older), Seen(tag="1", time=NEXT_DAY, state=newer), Seen(tag="1.0", state=older)]
    found = {item.address: item for item in iter_items(write_archive(tmp_path, app=seen)) if hasattr(item, "address")}
    for tag in ("1", "1.0"):
        page, redirect = (found[f"repos/app/{tag}/{slug}/"] for slug in ("linux-arm64-v8", "linux-arm64"))
        assert isinstance(page, Document)
        assert isinstance(redirect, Redirect)
        assert redirect.to == page.address
        assert json.loads(redirect.twin) == {"kind": "lead", "address": redirect.address, "to": page.address}
    history = found["repos/app/1/history/"]
    assert isinstance(history, Redirect)
    assert "platform" not in json.loads(history.twin)["changes"][0]["summary"]
