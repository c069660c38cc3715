from __future__ import annotations

from xml.etree import ElementTree as ET

from collector.model.times import Time
from collector.site.sitemap import render_sitemaps

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
URL = "https://example.org/a&b/"


def texts(xml: str, name: str) -> list[str | None]:
    return [element.text for element in ET.fromstring(xml).iter(f"{SPACE}{name}")]


def test_one_file() -> None:
    entries = [("", None), ("repos/<a>/", Time("2018-01-29T12:00:00Z"))]
    [(path, xml)] = render_sitemaps(URL, entries)
    assert path == "sitemap.xml"
    assert texts(xml, "loc") == [URL, f"{URL}repos/%3Ca%3E/"]
    assert texts(xml, "lastmod") == ["2018-01-29"]


def test_more_addresses_than_a_file_may_hold() -> None:
    entries = [(f"{number}/", Time(f"20{number:02}-01-01T00:00:00Z")) for number in range(5)]
    files = dict(render_sitemaps(URL, entries, limit=2))
    assert list(files) == ["sitemaps/1.xml", "sitemaps/2.xml", "sitemaps/3.xml", "sitemap.xml"]
    assert texts(files["sitemap.xml"], "loc") == [f"{URL}sitemaps/{number}.xml" for number in (1, 2, 3)]
    assert texts(files["sitemap.xml"], "lastmod") == ["2001-01-01", "2003-01-01", "2004-01-01"]
    assert [len(texts(files[f"sitemaps/{number}.xml"], "loc")) for number in (1, 2, 3)] == [2, 2, 1]
