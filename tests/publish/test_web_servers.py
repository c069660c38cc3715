"""The guide's settings of nginx and Caddy serve the files of a site, and compressed copies that its commands make."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.support.services import free_port, program_of

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
    types {{ text/html html; application/json json; application/gzip gz; image/svg+xml svg; }}
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""
CADDY = "{{ admin off\nauto_https off\n}}\n{server}"
FILES = {
    "index.html": b"home",
    "404.html": b"not here",
    "repos/app/index.html": b"<p>" * 1000,
    "api/v1/app.json": b"{}",
    "api/v1/data.json.gz": gzip.compress(b"[1]", mtime=0),
    "picture.png": b"\x89PNG",
}


class Server:
    """A server that runs."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"

    def get(self, path: str, *, encoding: str = "gzip") -> requests.Response:
        """The answer without following redirects; `raw` has the bytes as sent."""
        headers = {"Host": "images.example.org", "Accept-Encoding": encoding}
        return requests.get(f"{self._address}/{path}", headers=headers, allow_redirects=False, stream=True, timeout=30)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "site_src" / "publishing.md").read_text()


@pytest.fixture(scope="module")
def site(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with compressed copies."""
    folder = tmp_path_factory.mktemp("images")
    for path, content in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "files.txt").write_text("repo-info-files 1\n0 1 api/v1/data.json.gz\n")
    (recipe,) = re.findall(r"```sh\n(cd /srv/images\n.*?)```", page, re.DOTALL)
    script = recipe.replace("/srv/images", str(folder))
    subprocess.run(["bash", "-euc", script], check=True, stdin=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def server(
    request: pytest.FixtureRequest, page: str, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    port = free_port()
    settings = folder / "settings"
    if request.param == "nginx":
        (shown,) = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
        shown = shown.replace("listen 80;", f"listen 127.0.0.1:{port};")
        settings.write_text(NGINX.format(folder=folder, server=shown.replace("/srv/images", str(site))))
        command = ["-p", str(folder), "-e", "stderr", "-c", str(settings)]
    else:
        (shown,) = re.findall(r"```text\n(images\.example\.org \{.*?)```", page, re.DOTALL)
        shown = shown.replace("images.example.org", f"http://images.example.org:{port}")
        settings.write_text(CADDY.format(server=shown.replace("/srv/images", str(site))))
        command = ["run", "--adapter", "caddyfile", "--config", str(settings)]
    with running([program_of(request.param), *command], folder, port):
        yield Server(port)


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={"HOME": str(folder)})
    try:
        deadline = time.monotonic() + 30
        while not answers(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.02)
        yield
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=10).status_code > 0
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(
    ("address", "path"), [("", "index.html"), ("repos/app/", "repos/app/index.html"), ("api/v1/app.json", None)]
)
def test_a_page_is_sent_as_it_was_compressed(server: Server, site: Path, address: str, path: str | None) -> None:
    file = site / (path or address)
    packed = server.get(address)
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "gzip")
    assert packed.raw.read(decode_content=False) == file.with_name(f"{file.name}.gz").read_bytes()
    plain = server.get(address, encoding="identity")
    assert (plain.headers.get("Content-Encoding"), plain.raw.read()) == (None, file.read_bytes())
    assert plain.headers["Content-Type"] == packed.headers["Content-Type"]


@pytest.mark.parametrize("path", ["picture.png", "api/v1/data.json.gz"])
def test_other_files_are_sent_as_they_are(server: Server, path: str) -> None:
    answer = server.get(path)
    assert (answer.headers.get("Content-Encoding"), answer.raw.read(decode_content=False)) == (None, FILES[path])


def test_an_address_without_its_slash_leads_on(server: Server) -> None:
    answer = server.get("repos/app")
    assert answer.status_code in {301, 308}
    assert answer.headers["Location"].endswith("/repos/app/")


def test_what_is_not_there_is_answered_with_the_sites_own_page(server: Server) -> None:
    for address in ("repos/none/", "a.json"):
        answer = server.get(address)
        assert (answer.status_code, answer.content) == (404, b"not here")
