"""The input of Lighthouse, and the values from its answer."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

import msgspec

from benchmarks.gzipped import gzipping_server
from benchmarks.lighthouse import CATEGORIES, Report
from tests.browser import serving


def test_text_is_sent_compressed_over_one_connection(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>home\n" * 100)
    (tmp_path / "404.html").write_text("<p>lost\n")
    (tmp_path / "card.png").write_bytes(b"\x89PNG")
    with serving(gzipping_server(tmp_path)) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://").rstrip("/"))
        connection.connect()
        socket = connection.sock
        found = {}
        for path in ("/", "/card.png", "/no"):
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            found[path] = (answer.status, answer.getheader("Content-Encoding"), answer.read())
        assert connection.sock is socket
        connection.close()
    assert gzip.decompress(found["/"][2]) == (tmp_path / "index.html").read_bytes()
    assert found["/"][:2] == (200, "gzip")
    assert found["/card.png"] == (200, None, b"\x89PNG")
    assert found["/no"] == (404, None, b"<p>lost\n")


def test_a_report_is_read() -> None:
    categories = {name: {"score": 0.954, "title": name} for name in CATEGORIES} | {"seo": {"score": None}}
    audit = {"title": "Largest Contentful Paint", "score": 0.9, "numericValue": 1432.5, "displayValue": "1.4 s"}
    said = {"categories": categories, "audits": {"largest-contentful-paint": audit}, "lighthouseVersion": "12.8.2"}
    report = msgspec.convert(said, Report)
    assert [report.score(name) for name in CATEGORIES] == [95, 95, 95, 0]
    assert report.paint() == 1.4325
