from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.errors import BuildError
from collector.model.compression import compress
from collector.pages.documents import Asset
from collector.site.serve import serve_site, site_server
from tests.site.fake import build_fake, page, pages


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("served")
    site = folder / "site"
    items = (
        page("repos/a/"),
        Asset(path="api/v1/names.json", content=b"{}"),
        Asset(path="api/v1/digests/0.json.gz", content=compress(b"{}")),
        Asset(path="folder/x.xml", content=b"<a/>"),
    )
    build_fake(site, pages(*items))
    (folder / "secret.txt").write_text("secret")
    (site / "way-out").symlink_to(folder)
    with site_server(site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def get(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.putrequest(method, path)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/repos/a/", "text/html; charset=utf-8"),
        ("/repos/a/index.html?x=1#y", "text/html; charset=utf-8"),
        ("/api/v1/names.json", "application/json"),
        ("/api/v1/digests/0.json.gz", "application/gzip"),
        ("/folder/x.xml", "application/xml"),
        ("/assets/javascripts/main.js", "text/javascript; charset=utf-8"),
        ("/assets/stylesheets/repo-info.css", "text/css; charset=utf-8"),
        ("/assets/images/favicon.svg", "image/svg+xml"),
    ],
)
def test_files_and_folders(port: int, path: str, content_type: str) -> None:
    status, headers, content = get(port, path)
    assert (status, headers["content-type"], headers.get("content-encoding")) == (200, content_type, None)
    assert content


def test_a_folder_without_its_slash_leads_to_the_one_with_it(port: int) -> None:
    status, headers, _ = get(port, "/repos/a?q=1")
    assert (status, headers["location"]) == (301, "/repos/a/?q=1")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/nothing/",
        "/d/sha256:0123456789abcdef",
        "/folder/",
        "/repos/a/index.html/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/repos/..%2f..%2f../secret.txt",
        "/..%5csecret.txt",
        "/way-out/secret.txt",
        "/.repo-info-site",
        "/repos/%00",
        "//secret.txt",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_missing_page_is_the_404_page(port: int, path: str, method: str) -> None:
    status, headers, content = get(port, path, method)
    assert status == 404
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert (b"Page not found" in content) == (method == "GET")


def test_an_address_with_two_slashes_does_not_lead_to_another_host(port: int) -> None:
    _, headers, _ = get(port, "//repos/a")
    assert headers["location"].startswith("/repos/") or not headers["location"].startswith("//")


def test_only_a_site_is_served_and_only_on_a_free_port(port: int, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="contains no site"):
        site_server(tmp_path)
    (tmp_path / "index.html").touch()
    with pytest.raises(BuildError, match=f"cannot serve on port {port}"):
        serve_site(tmp_path, ports=[port], ready=print)


def test_the_first_free_port_is_used(port: int, tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with site_server(tmp_path, ports=[taken, port, 0]) as server:
            assert server.server_port not in {taken, port}
        with pytest.raises(BuildError, match=f"cannot serve on port {port}: .* in use"):
            site_server(tmp_path, ports=[taken, port])


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        return connection.makefile("rb").readline()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "[::2]:80"])
def test_a_request_for_another_host_is_refused(port: int, host: str) -> None:
    assert b" 421 " in raw(port, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1:80", "[::1]:8000", "[::1]"])
def test_a_request_for_this_machine_is_answered(port: int, host: str) -> None:
    assert b" 200 " in raw(port, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())


def test_a_client_that_disconnects_is_ignored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").touch()
    with site_server(tmp_path) as server:
        ended = threading.Event()
        shut_down = server.shutdown_request

        def end(request: socket.socket) -> None:
            shut_down(request)
            ended.set()

        monkeypatch.setattr(server, "shutdown_request", end)
        connection = socket.create_connection(("127.0.0.1", server.server_port))
        connection.sendall(b"GET / HT")
        # Closed without delay: the other end receives a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        server.handle_request()
        assert ended.wait(timeout=60)
    assert capsys.readouterr() == ("", "")
