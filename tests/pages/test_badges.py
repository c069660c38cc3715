"""Badges: the JSON by the rules of shields.io's endpoint, the pictures as XML with a title."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from collector.configuration import SiteSettings
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.badge_picture import render_badge
from collector.pages.documents import AnyAsset
from tests.diff.builders import image, layer
from tests.e2e.hostile import write_hostile_archive
from tests.pages import collected
from tests.pages.archives import Seen, index_of, iter_items, write_archive

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"size", "layers", "changed", "platforms"}
SHIELDS = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "pattern": "^[0-9a-f]{6}$"},
    },
}
"""What https://shields.io/badges/endpoint-badge asks for, and of what it allows what we use."""


def badges_of(archive: Path) -> dict[str, bytes]:
    items = iter_items(archive, SiteSettings(badges=True))
    return {item.path: item.content for item in items if isinstance(item, AnyAsset) and "/badge/" in item.path}


def messages(badges: dict[str, bytes], address: str) -> dict[str, str]:
    return {name: json.loads(badges[f"{address}badge/{name}.json"])["message"] for name in NAMES}


def check(badges: dict[str, bytes]) -> None:
    """Each badge for programs and for browsers."""
    judge = Draft202012Validator(SHIELDS)
    for path, content in badges.items():
        stem, _, form = path.rpartition(".")
        badge = json.loads(badges[f"{stem}.json"])
        shown = [badge["label"], badge["message"]]
        if form == "json":
            assert not list(judge.iter_errors(badge)), path
            assert all(text.isprintable() for text in shown)
            continue
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        assert [element.text for element in root.iter(f"{SVG}text")] == shown
        assert root.findtext(f"{SVG}title") == root.get("aria-label")
        assert str(root.get("aria-label")).endswith(" ".join(shown))
        assert {str(element.tag).removeprefix(SVG) for element in root.iter()} == {
            *("svg", "title", "clipPath", "rect", "g", "path", "text")
        }


@pytest.fixture(scope="module")
def badges(sample: Path) -> dict[str, bytes]:
    return badges_of(sample)


def test_every_live_tag_has_four_badges_in_two_forms(sample: Path, badges: dict[str, bytes]) -> None:
    check(badges)
    assets = {item.path: item.content for item in iter_items(sample) if isinstance(item, AnyAsset)}
    assert not [path for path in assets if "/badge/" in path]
    names = json.loads(assets["api/v1/names.json"])["images"]
    expected = {
        f"{entry['address']}{tag}/badge/{name}.{form}"
        for entry in names
        for tag in entry["tags"].split()
        for name in NAMES
        for form in ("json", "svg")
    }
    assert badges.keys() == expected


def test_the_badges_of_a_real_tag(badges: dict[str, bytes]) -> None:
    assert messages(badges, "repos/python/3.6-slim/") == {
        "size": "54.8 MB",
        "layers": "5",
        "changed": "2017-12-21",
        "platforms": "7",
    }
    picture = badges["repos/python/3.6-slim/badge/size.svg"].decode()
    assert "<title>python:3.6-slim: size 54.8 MB</title>" in picture
    assert len(picture) < 1_000


def test_one_platform_or_two_are_named(tmp_path: Path) -> None:
    arm = image("arm", platform=Platform(os="linux", architecture="arm64"), layers=(layer("a", 10),))
    amd = image("amd", layers=(layer("b", 20), layer("c", 1)))
    seen = [
        Seen(tag="two", time=Time("2018-01-02T00:00:00Z"), state=index_of(arm, amd)),
        Seen(tag="unread", time=Time("2018-01-02T00:00:00Z")),
        Seen(tag="gone", gone="missing"),
    ]
    badges = badges_of(write_archive(tmp_path / "archive", app=seen))
    check(badges)
    two = messages(badges, "repos/app/two/")
    assert two == {"size": "21 B", "layers": "2", "changed": "2018-01-02", "platforms": "linux/arm64 | linux/amd64"}
    unread = messages(badges, "repos/app/unread/")
    assert unread == {"size": "unknown", "layers": "unknown", "changed": "2018-01-02", "platforms": "unknown"}
    assert not [path for path in badges if path.startswith("repos/app/gone/")]


def test_hostile_names_and_artifacts(tmp_path: Path) -> None:
    check(badges_of(write_hostile_archive(tmp_path / "archive")))
    check(badges_of(collected.write(tmp_path / "collected")))


@pytest.mark.parametrize("text", ["</text><script>", '" onload="x', "&amp;", "a\x00\u202e\ufffe\ud800b", "x" * 500])
def test_any_text_is_text_in_a_picture(text: str) -> None:
    root = etree.fromstring(render_badge(text, text, "0f5e8c", about=text).encode())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} >= {"svg", "text"}
    assert not list(root.iter(f"{SVG}script"))
    assert not root.get("onload")
    assert all("<" not in (element.text or "") or "<" in text for element in root.iter())
    shown = root.findall(f".//{SVG}text")
    right = float(shown[1].get("x", "0")) + float(shown[1].get("textLength", "0"))
    assert right < float(root.get("width", "0"))


def test_the_guide_names_existing_badges(root: Path, badges: dict[str, bytes]) -> None:
    guide = (root / "site_src" / "badges.md").read_text(encoding="utf-8")
    named = re.findall(r"/(repos/[^\s)]+/badge/\w+\.(?:svg|json))", guide.replace("%2F", "/"))
    assert len(set(named)) >= 5
    assert set(named) <= badges.keys()
